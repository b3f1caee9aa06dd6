"""After a matter was settled: opening it again, a follow-up instead, closing it for good."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Team, User
from config.kernel.errors import DomainError
from feedback.enums import Channel, OnAnswer, State, TimelineKind
from feedback.errors import NotClosed, ReopeningUnclear
from feedback.models import Feedback, Mailbox, Message, ReopenPolicy, Status
from feedback.rules.reopening import USUAL_DAYS, Reopening
from feedback.selectors.reopening import rule_for
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.attachments import IncomingFile
from feedback.services.intake import receive_feedback
from feedback.services.records import lock, save_change, tell
from feedback.services.workflow import apply_status

MAX_DAYS = 3650
_log = logging.getLogger(__name__)


def reopen_for_customer(
    feedback: Feedback, *, note: str = "", tell_followers: bool = True
) -> None:
    """Inside another service, on a locked record that was resolved: the customer is not done.
    Whoever took care of it goes on, unless the team's rule says otherwise or they have left."""
    person = feedback.assignee
    if person is not None and not (rule_for(feedback).keeps_assignee and person.is_active):
        before = {"assignee": feedback.assignee_id, "team": feedback.team_id}
        feedback.assignee = None
        after = {"assignee": None, "team": feedback.team_id}
        tell(feedback, TimelineKind.ASSIGNED, before=before, after=after, assignee_name="")
        save_change(feedback, "assignee")
    apply_status(
        feedback,
        Status.objects.for_reopened(),
        by=None,
        note=note,
        tell_followers=tell_followers,
    )


@transaction.atomic
def reopen_closed(
    feedback_id: int, *, by: User, reason: str = "", version: int | None = None
) -> Feedback:
    """What was closed for good after all goes on. Who may do that is the caller's to ask.
    Raises NotClosed, Stale."""
    feedback = lock(feedback_id, version=version)
    if feedback.state != State.CLOSED:
        raise NotClosed
    apply_status(feedback, Status.objects.for_reopened(), by=by, note=reason, for_good=False)
    return feedback


def begin_follow_up(
    before: Feedback,
    *,
    rule: Reopening,
    channel: Channel,
    text: str,
    html: str,
    full_text: str,
    files: Sequence[IncomingFile],
    sender_name: str,
    sender_address: str,
    submission_key: str | None,
    subject: str,
    flags: Sequence[str],
    mailbox: Mailbox | None,
    acknowledge: bool,
) -> Message:
    """Inside another service, on a locked record: what its customer writes is a record of its
    own that knows what it follows, and the customer is told its number; gives the message."""
    team = before.team if before.team and before.team.archived_at is None else None
    feedback = receive_feedback(
        channel=channel,
        customer=before.customer,
        subject=subject or before.subject,
        text=text,
        html=html,
        full_text=full_text,
        language=before.language,
        category=before.category,
        product=before.product,
        order_number=before.order_number,
        place=before.place,
        team=team,
        mailbox=mailbox or before.mailbox,
        files=files,
        sender_name=sender_name,
        sender_address=sender_address,
        submission_key=submission_key,
        flags=flags,
        follow_up_of=before,
        acknowledge=acknowledge,
    )
    tell(before, TimelineKind.FOLLOWED, number=feedback.number)
    save_change(before)
    person = before.assignee if rule.keeps_assignee else None
    if (
        person
        and person.is_active
        and (feedback.team is None or may_work_in(person, feedback.team))
    ):
        assign_feedback(feedback.pk, by=None, assignee=person, team=feedback.team)
    began = feedback.first_message
    return began or feedback.messages.select_related("feedback").order_by("pk")[:1].get()


def _may_work_on(feedback: Feedback, person: User) -> bool:
    return feedback.team is None or may_work_in(person, feedback.team)


def follow_up_in_hand(before: Feedback) -> Feedback | None:
    """The newest record that follows `before`: a second message to the old one belongs there."""
    following = Feedback.objects.filter(follow_up_of=before, customer=before.customer_id)
    return following.real().order_by("-pk").first()


def close_old_records(*, at_most: int = 200) -> int:
    """Close for good what was resolved as long ago as the rule of its team says."""
    now, closed = timezone.now(), 0
    for policy in ReopenPolicy.objects.filter(close_after_days__isnull=False).order_by("pk"):
        rows = _old_enough(policy, now).order_by("resolved_at").values_list("pk", flat=True)
        for pk in list(rows[: at_most - closed]):
            try:
                closed += _close_if_old(pk, policy, now)
            except DomainError:  # one that cannot be closed must not keep the others
                _log.exception("Record %s could not be closed by its age.", pk)
        if closed >= at_most:
            break
    return closed


def _old_enough(policy: ReopenPolicy, now: datetime) -> QuerySet[Feedback]:
    rows = Feedback.objects.filter(
        state=State.RESOLVED, resolved_at__lt=now - timedelta(days=policy.close_after_days or 0)
    )
    if policy.team_id is not None:
        return rows.filter(team=policy.team_id)
    own = ReopenPolicy.objects.filter(team__isnull=False).values("team")
    return rows.exclude(team__in=own)


@transaction.atomic
def _close_if_old(feedback_id: int, policy: ReopenPolicy, now: datetime) -> bool:
    feedback = lock(feedback_id)
    if not _old_enough(policy, now).filter(pk=feedback.pk).exists():
        return False  # opened again, or handed to another team, just now
    apply_status(feedback, Status.objects.default_for(State.CLOSED), by=None, note="age")
    return True


@transaction.atomic
def set_reopening(
    team: Team | None,
    *,
    on_answer: str,
    days: int | None = None,
    keeps_assignee: bool = True,
    close_after_days: int | None = None,
) -> ReopenPolicy:
    """The rule of a team, or with None that for all others. Raises ReopeningUnclear."""
    if on_answer not in OnAnswer.values:
        raise ReopeningUnclear.unknown()
    if on_answer == OnAnswer.WITHIN and not days:
        raise ReopeningUnclear.days()
    for number in (days, close_after_days):
        if number is not None and not 1 <= number <= MAX_DAYS:
            raise ReopeningUnclear.range(MAX_DAYS)
    row = ReopenPolicy.objects.select_for_update().filter(team=team).first()
    row = row or ReopenPolicy(team=team)
    row.on_answer = on_answer
    row.days = days if on_answer == OnAnswer.WITHIN else None
    row.keeps_assignee, row.close_after_days = keeps_assignee, close_after_days
    row.save()
    return row


@transaction.atomic
def forget_reopening(team: Team) -> None:
    """The team goes by the rule for all others again."""
    ReopenPolicy.objects.filter(team=team).delete()


def ensure_reopening() -> None:
    if not ReopenPolicy.objects.filter(team=None).exists():
        set_reopening(None, on_answer=OnAnswer.WITHIN, days=USUAL_DAYS)
