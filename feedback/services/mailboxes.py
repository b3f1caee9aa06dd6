from django.db import transaction
from django.utils.translation import gettext

from config.kernel.archiving import is_referred_to
from config.kernel.jobs import enqueue
from feedback.errors import MailboxNotRead
from feedback.models import Mailbox

# Another of these is another set of mails: what was fetched says nothing about it.
_WHERE = ("imap_host", "username", "folder")
# Whoever may write these must not send the password elsewhere: it has to be typed again.
_WHO_HEARS_IT = ("imap_host", "imap_port", "imap_tls", "username")


@transaction.atomic
def save_mailbox(mailbox: Mailbox, *, new_password: str = "") -> Mailbox:
    """Store a mailbox. The password is written only when a new one is given; nobody reads it
    back."""
    mailbox.address = mailbox.address.strip().lower()
    before = Mailbox.objects.filter(pk=mailbox.pk).first()
    mailbox.password = new_password or (before.password if before else "")
    if before is not None and any(getattr(before, f) != getattr(mailbox, f) for f in _WHERE):
        mailbox.uid_validity, mailbox.last_uid, mailbox.last_error = None, 0, ""
    if before is not None and before.password and not new_password and _moves(before, mailbox):
        mailbox.password, mailbox.is_active = "", False
        mailbox.last_error = gettext(
            "The server or the user name is another one: type the password again, then switch "
            "the mailbox on."
        )
    mailbox.save()
    return mailbox


def _moves(before: Mailbox, after: Mailbox) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in _WHO_HEARS_IT)


@transaction.atomic
def remove_mailbox(mailbox: Mailbox) -> bool:
    """Delete a mailbox that nothing ever came through; switch any other off. True when
    deleted."""
    if not is_referred_to(mailbox):
        mailbox.delete()
        return True
    mailbox.is_active = False
    mailbox.save(update_fields=["is_active"])
    return False


def fetch_now(mailbox: Mailbox) -> None:
    """Have a worker look for mail at once. Raises MailboxNotRead for one that is never polled."""
    if not mailbox.is_active:
        raise MailboxNotRead(gettext("This mailbox is switched off."))
    if not mailbox.imap_host:
        raise MailboxNotRead(gettext("This mailbox has no IMAP server; its mail is brought in."))
    enqueue("feedback.tasks.poll_mailbox", mailbox_id=mailbox.pk)
