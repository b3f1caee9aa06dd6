"""What the worker does for accounts. Each is safe to run twice."""

from datetime import datetime
from time import monotonic

from accounts.outbox.smtp import SmtpConnection
from accounts.outbox.webhook import call
from accounts.services import webhook_sending
from accounts.services.privacy import carry_out, remove_expired_files
from accounts.services.sending import claim, claim_next, settle
from accounts.services.suppression import lift_what_is_over
from accounts.services.webhook_events import make_due_deliveries
from accounts.services.webhook_sending import send_what_is_due
from accounts.services.webhooks import forget_old_deliveries
from config.kernel.models import Beat

# The next run is seconds away; a batch must end well before the queue's time limit.
BATCH_SECONDS = 50


def send_outgoing(*, outgoing_id: int) -> None:
    """Send one message as soon as it is committed."""
    message = claim(outgoing_id)
    if message is not None:
        with SmtpConnection() as connection:
            settle(message, connection.deliver(message))


def carry_out_privacy_request(*, request_id: int) -> None:
    """Export, anonymise or erase; once, however often it runs."""
    carry_out(request_id)


def remove_old_exports() -> None:
    """Files that nobody may fetch any more."""
    remove_expired_files()


def send_due_mail() -> None:
    """Send whatever is due: recallable answers whose time is up, repeats, what a sender that
    died left behind. Stops when the server cannot be reached, so that one mail pays for that
    with an attempt and not all of them."""
    ends_at = monotonic() + BATCH_SECONDS
    with SmtpConnection() as connection:
        while monotonic() < ends_at and (message := claim_next()) is not None:
            handover = connection.deliver(message)
            settle(message, handover)
            if not handover.reached_server:
                break
    Beat.objects.mark("outbox")


def lift_old_blocks() -> None:
    """Addresses whose block is over."""
    lift_what_is_over()


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
