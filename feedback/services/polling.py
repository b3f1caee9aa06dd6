"""Who asks which mailbox for mail, and when again: a lease while it is asked, a rest that grows
while its server fails."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from feedback.enums import MailboxProblem
from feedback.models import Mailbox
from feedback.rules.polling import EVERY, rest_after

MAX_SAID = 1000


def take_due_mailbox(*, failing: bool) -> Mailbox | None:
    """The mailbox that has waited longest, of those that failed the last time or of the others,
    in the hands of the caller for LEASE_SECONDS; None when none is due."""
    now = timezone.now()
    due = Mailbox.objects.due(now)
    due = due.failing() if failing else due.filter(failures=0)
    for mailbox_id in due.values_list("pk", flat=True):
        if mailbox := take_mailbox(mailbox_id):
            return mailbox
    return None


def take_mailbox(mailbox_id: int) -> Mailbox | None:
    """This mailbox, due or not, in the hands of the caller; None when another process has it, or
    it is not polled."""
    now = timezone.now()
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    free = Mailbox.objects.polled().free(now).filter(pk=mailbox_id)
    if not free.update(lease_until=until, polled_at=now):
        return None
    return Mailbox.objects.get(pk=mailbox_id)


def poll_worked(mailbox: Mailbox, *, has_more: bool = False) -> None:
    """Give it back; with `has_more` it is due again at once."""
    now = timezone.now()
    mailbox.lease_until, mailbox.last_error, mailbox.failures = None, "", 0
    mailbox.succeeded_at = now
    mailbox.next_poll_at = now if has_more else now + EVERY
    mailbox.save(
        update_fields=["lease_until", "last_error", "failures", "succeeded_at", "next_poll_at"]
    )


def poll_failed(
    mailbox: Mailbox, problem: MailboxProblem, said: str, *, got_further: bool = False
) -> None:
    """Give it back and say what went wrong. A poll that brought some mail before it failed
    (`got_further`) begins the row of failures anew."""
    mailbox.failures = 1 if got_further else mailbox.failures + 1
    mailbox.lease_until, mailbox.last_error = None, f"{problem}: {said}"[:MAX_SAID]
    mailbox.next_poll_at = timezone.now() + rest_after(mailbox.failures, problem)
    mailbox.save(update_fields=["lease_until", "last_error", "failures", "next_poll_at"])


def ask_again_at_once(mailbox: Mailbox) -> None:
    """Somebody mended it, or wants to know: do not wait for the end of the rest."""
    mailbox.failures, mailbox.next_poll_at = 0, None
    mailbox.save(update_fields=["failures", "next_poll_at"])
