"""What the worker does for accounts. Each is safe to run twice."""

from datetime import datetime
from time import monotonic

from accounts.enums import MailTrouble
from accounts.models import OutgoingMessage
from accounts.outbox.smtp import SmtpConnection
from accounts.outbox.webhook import call
from accounts.services import webhook_sending
from accounts.services.mail_queue import note_success, note_trouble
from accounts.services.mail_stops import tell_of_floods
from accounts.services.privacy import carry_out, remove_expired_files
from accounts.services.sending import claim, claim_next, settle
from accounts.services.suppression import lift_what_is_over
from accounts.services.webhook_events import make_due_deliveries
from accounts.services.webhook_sending import send_what_is_due
from accounts.services.webhooks import forget_old_deliveries
from config.kernel.models import Beat

# The next run is seconds away; a batch must end well before the queue's time limit.
BATCH_SECONDS = 50
LOST_IN_A_ROW = 3  # connections, to different domains


def send_outgoing(*, outgoing_id: int) -> None:
    """Send one message as soon as it is committed, and what else is urgent. Invitations are left
    to the one run of `send_due_mail`, so that a campaign never has all workers."""
    if message := claim(outgoing_id):
        _send_from(message, urgent_only=True)


def carry_out_privacy_request(*, request_id: int) -> None:
    """Export, anonymise or erase; once, however often it runs."""
    carry_out(request_id)


def remove_old_exports() -> None:
    """Files that nobody may fetch any more."""
    remove_expired_files()


def send_due_mail() -> None:
    """Send whatever is due: recallable answers whose time is up, repeats, what a sender that
    died left behind."""
    if message := claim_next():
        _send_from(message)
    Beat.objects.mark("outbox")


def _send_from(first: OutgoingMessage, *, urgent_only: bool = False) -> None:
    """This mail and then all that is due, over one connection. Stops when no mail can leave. A
    domain whose mail breaks the connection does not hold up the others: it is left for later;
    when that happens with one after the other it is the server."""
    message: OutgoingMessage | None = first
    ends_at, left = monotonic() + BATCH_SECONDS, set[str]()
    lost_in_a_row = 0
    with SmtpConnection() as connection:
        while message is not None:
            handover = connection.deliver(message)
            settle(message, handover)
            trouble = handover.trouble
            if connection.is_open:
                lost_in_a_row = 0
                if trouble is None:
                    note_success()
            elif not handover.reached_server:
                lost_in_a_row += 1
                left.add(message.to_address.rpartition("@")[2])
                if lost_in_a_row >= LOST_IN_A_ROW:
                    trouble = trouble or MailTrouble.UNREACHABLE
            if trouble is not None:
                note_trouble(trouble, handover.answer)
            if trouble is not None or monotonic() >= ends_at:
                break
            message = claim_next(not_to=left, urgent_only=urgent_only)


def lift_old_blocks() -> None:
    """Addresses whose block is over."""
    lift_what_is_over()


def watch_automatic_mail() -> None:
    """Somebody should know when an address would have got too many."""
    tell_of_floods()


def tell_webhooks() -> None:
    """What happened since the last time becomes deliveries, and what is due is sent."""
    make_due_deliveries()
    send_what_is_due()


def send_webhooks_to(*, endpoint_id: int, until: str) -> None:
    """One endpoint, one delivery after the other, as long as it holds still. `until` is when
    the lease that the caller took ends: who comes later with the same one finds it gone."""
    held, ends_at = datetime.fromisoformat(until), monotonic() + BATCH_SECONDS
    try:
        while monotonic() < ends_at and (
            delivery := webhook_sending.claim(endpoint_id, until=held)
        ):
            webhook_sending.settle(delivery, call(delivery))
    finally:
        webhook_sending.release(endpoint_id, until=held)


def tidy_up_webhooks() -> None:
    forget_old_deliveries()
