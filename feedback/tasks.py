"""What the worker does for feedback: shells around services and channels, safe to run twice."""

from django.conf import settings
from django.utils import timezone

from config.kernel.jobs import enqueue
from config.kernel.models import Beat
from config.kernel.slots import one_of
from feedback.channels.email import imap
from feedback.channels.email.filing import read_stored_mail
from feedback.channels.email.oversized import read_beginning
from feedback.channels.holidays import refresh_feed
from feedback.models import HolidayFeed, Mailbox
from feedback.services.assessing import wait_for_reading
from feedback.services.attachments import remove_unclaimed_uploads
from feedback.services.automation import forget_old_runs, handle_events, run_time_rules
from feedback.services.bulk_jobs import remove_old_jobs, take_up_abandoned_jobs, work_on_job
from feedback.services.commitment_watch import watch_commitments
from feedback.services.customer_merging import give_back_records, take_over_records
from feedback.services.delivery import note_delivery
from feedback.services.distribution import distribute_waiting, take_back_idle
from feedback.services.holiday_notices import tell_of_holidays
from feedback.services.list_exports import make_export, remove_old_exports
from feedback.services.mailbox_notices import tell_of_mailboxes
from feedback.services.mailboxes import POLL
from feedback.services.negative import find_negative
from feedback.services.notifying import mail_due_notifications
from feedback.services.presence import forget_the_absent
from feedback.services.quality_traces import start_traces
from feedback.services.reopening import close_old_records
from feedback.services.retention import apply_rules
from feedback.services.routing import route_feedback
from feedback.services.scheduling import send_due_replies
from feedback.services.search_check import note_entries_without_month
from feedback.services.search_index import index_what_changed
from feedback.services.sla_recompute import (
    recompute_open_records,
    recompute_records_of,
    start_missing_clocks,
)
from feedback.services.sla_watch import watch_clocks
from feedback.services.snoozing import wake_due
from feedback.services.suggestions import tell_of_settled

# So many jobs fetch mail at a time: one worker is left for everything else.
POLLERS = max(1, settings.Q_CLUSTER["workers"] - 1)


def note_settled_mail(*, outgoing_id: int) -> None:
    """A mail left or will not: show it on its record."""
    note_delivery(outgoing_id)


def tell_author_of_suggestion(*, feedback_id: int) -> None:
    """Listens to feedback.FeedbackResolved."""
    tell_of_settled(feedback_id)


def read_inbound_mail(*, inbound_id: int) -> None:
    read_stored_mail(inbound_id)


def tell_of_oversized_mail(*, inbound_id: int) -> None:
    read_beginning(inbound_id)


def poll_mailboxes() -> None:
    """Those that are due. One worker is always left for everything else, however many servers
    are silent; of those that failed one is tried after the others, by a job of its own."""
    if not Mailbox.objects.polled().exists():
        Beat.objects.mark("mail-poll")
    due = Mailbox.objects.due(timezone.now())[:POLLERS].count()
    for _ in range(due):
        enqueue(POLL)


def poll_due_mailboxes() -> None:
    with one_of("mailboxes", POLLERS) as is_ours:
        if is_ours:
            imap.poll_due_mailboxes()
    if is_ours and Mailbox.objects.due(timezone.now()).failing().exists():
        enqueue("feedback.tasks.poll_failing_mailbox")


def poll_failing_mailbox() -> None:
    with one_of("mailboxes", POLLERS) as is_ours:
        if is_ours:
            imap.poll_failing_mailbox()


def watch_mailboxes() -> None:
    """Somebody should know of one that cannot be read."""
    tell_of_mailboxes()


def tidy_up_uploads() -> None:
    """What programs uploaded and then attached to nothing."""
    remove_unclaimed_uploads()


def watch_promises() -> None:
    """Warn, record what was missed, escalate; give clocks to open records without any; and tell
    of commitments whose day has passed."""
    watch_clocks()
    start_missing_clocks()
    watch_commitments()


def watch_feedback() -> None:
    """News of the last days: negative, or about the quality of a product."""
    find_negative()
    start_traces()


def recompute_promises(*, after: int = 0) -> None:
    """After a policy or a calendar was changed; one batch, the next as a job of its own."""
    last = recompute_open_records(after)
    if last is not None:
        enqueue("feedback.tasks.recompute_promises", after=last)


def settle_promises_to(*, customer_id: int) -> None:
    """Listens to accounts.CustomerRegarded."""
    recompute_records_of(customer_id)


def refresh_holidays() -> None:
    """One job for each holiday feed that is due; and word to admins of what is missing."""
    for feed_id in HolidayFeed.objects.due(timezone.now()).values_list("pk", flat=True):
        enqueue("feedback.tasks.refresh_holiday_feed", feed_id=feed_id)
    tell_of_holidays()


def refresh_holiday_feed(*, feed_id: int) -> None:
    refresh_feed(feed_id)


def mail_notifications() -> None:
    """What people were told in the product and did not read."""
    mail_due_notifications()


def tidy_up_presence() -> None:
    forget_the_absent()


def index_for_search() -> None:
    """What was written since the last time is found from now on."""
    index_what_changed()


def check_search() -> None:
    """What a worker of another version wrote into the search."""
    note_entries_without_month(timezone.now())


def send_scheduled_replies() -> None:
    """Answers whose time has come."""
    send_due_replies()


def take_over_customer(*, merge_id: int) -> None:
    """Listens to accounts.CustomersMerged."""
    take_over_records(merge_id)


def give_back_customer(*, merge_id: int, by_id: int) -> None:
    """Listens to accounts.CustomersSeparated."""
    give_back_records(merge_id, by_id=by_id)


def wake_snoozed() -> None:
    """Records whose snooze is over."""
    wake_due()


def close_what_is_old() -> None:
    """Resolved so long ago that it is closed for good."""
    close_old_records()


def route_new_feedback(*, feedback_id: int) -> None:
    """Where it goes, and then whether the leads there must know at once; as soon as it was read,
    and without that when it takes too long."""
    if settings.READING_WAIT:
        wait_for_reading(feedback_id, seconds=settings.READING_WAIT)
    route_feedback(feedback_id)
    find_negative(only=feedback_id)


def give_out_records() -> None:
    """What nobody worked on is taken back, and what nobody has is given out."""
    take_back_idle()
    distribute_waiting()


def run_automation() -> None:
    """What happened since the last time is looked at by the rules that wait for it."""
    handle_events()


def run_automation_by_time() -> None:
    run_time_rules()


def apply_retention() -> None:
    """What is older than the rules keep it."""
    apply_rules()


def work_on_bulk_job(*, job_id: int) -> None:
    """One turn; the next is a job of its own, so that others get theirs."""
    if work_on_job(job_id):
        enqueue("feedback.tasks.work_on_bulk_job", job_id=job_id)


def take_up_bulk_jobs() -> None:
    """Those whose worker died."""
    take_up_abandoned_jobs()


def make_list_export(*, export_id: int) -> None:
    make_export(export_id)


def tidy_up_automation() -> None:
    """What rules did half a year ago."""
    forget_old_runs()


def tidy_up_lists() -> None:
    """Files that were made for somebody a day ago, and bulk changes of a month ago."""
    remove_old_exports(timezone.now())
    remove_old_jobs(timezone.now())
