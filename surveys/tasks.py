"""What the worker runs: shells around services, each safe to run twice."""

from django.utils import timezone

from config.kernel.jobs import enqueue
from surveys.distribution import gathering_mail as letters
from surveys.distribution.email import write_invitation, write_reminder
from surveys.enums import ParticipantMail
from surveys.services import (
    campaigns,
    drafting,
    forgetting,
    gathering_mail,
    gathering_surveys,
    inviting,
    orphaned_files,
    reminding,
    response_exports,
    response_imports,
    tallying,
    waves,
)
from surveys.services.customer_merging import give_back_answers, take_over_answers
from surveys.services.quality_checking import check_response as look_at_response
from surveys.services.quality_rules import check_some
from surveys.services.quality_times import measure_due_times


def plan_call_back(feedback_id: int) -> None:
    """Listens to feedback.FeedbackResolved."""
    inviting.plan_call_back(feedback_id)


def cancel_call_back(feedback_id: int) -> None:
    """Listens to feedback.FeedbackReopened."""
    inviting.cancel_call_back(feedback_id)


def note_delivery(outgoing_id: int) -> None:
    """Listens to accounts.OutgoingSettled and accounts.MailCameBack."""
    inviting.note_delivery(outgoing_id)


def send_due_invitations() -> None:
    """Every half minute."""
    waves.go_on_with_waves()
    inviting.send_due_invitations(write_invitation)
    reminding.remind_due(write_reminder)
    campaigns.carry_out()


def go_on_with_waves() -> None:
    """After a wave was ordered, and while one is not through."""
    waves.go_on_with_waves()


def carry_out_decisions() -> None:
    """After somebody let a campaign go on, or stopped it."""
    campaigns.carry_out()


def give_up_old_drafts() -> None:
    """Every hour."""
    drafting.give_up_old_drafts()


def tally_answers() -> None:
    """Every minute."""
    tallying.tally_due()


def take_over_customer(merge_id: int) -> None:
    """Listens to accounts.CustomersMerged."""
    take_over_answers(merge_id)


def give_back_customer(merge_id: int, by_id: int) -> None:
    """Listens to accounts.CustomersSeparated."""
    give_back_answers(merge_id)


def forget_who_answered(feedback_id: int) -> None:
    """Listens to feedback.FeedbackAnonymised."""
    forgetting.forget_who_answered(feedback_id)


def work_on_response_import(*, import_id: int) -> None:
    """One turn; the next is a job of its own, so that others get theirs."""
    if response_imports.work_on(import_id):
        enqueue(response_imports.TASK, import_id=import_id)


def take_up_response_imports() -> None:
    """Every half minute: those whose worker died."""
    response_imports.take_up_abandoned()


def make_response_export(*, export_id: int) -> None:
    """After it was ordered."""
    response_exports.make_export(export_id)


def tidy_up_response_files() -> None:
    """Every hour: tables that came in, and files that were made."""
    response_imports.remove_old_tables(timezone.now())
    response_exports.remove_old_exports(timezone.now())
    orphaned_files.remove_orphaned_files(timezone.now())


def check_response(response_id: int) -> None:
    """Listens to surveys.ResponseSubmitted."""
    look_at_response(response_id)


def check_survey(survey_id: int, after: int, changed: str) -> None:
    """After the rules of a survey changed: some of its responses, and the rest in the next job."""
    last = check_some(survey_id, after, changed)
    if last is not None:
        enqueue("surveys.tasks.check_survey", survey_id=survey_id, after=last, changed=changed)


def measure_times() -> None:
    """Every hour."""
    measure_due_times()


def write_to_participant(booking_id: int, what: str, key: str, number: int = 0) -> None:
    """After something happened to a sign-up, or when a reminder is due."""
    gathering_mail.write_to_participant(
        booking_id,
        ParticipantMail(what),
        key=key,
        number=number,
        write=letters.write_to_participant,
    )


def tend_gatherings() -> None:
    """Every minute: reminders, and the surveys after events."""
    gathering_mail.remind_due()
    gathering_surveys.send_due_surveys()
