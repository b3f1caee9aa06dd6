from django.db import transaction
from django.utils.translation import gettext

from config.kernel.archiving import is_referred_to
from config.kernel.jobs import enqueue
from feedback.enums import SignInBy
from feedback.errors import MailboxNotRead
from feedback.models import Mailbox, PushAddress
from feedback.services.fetch_progress import WHERE, begin_anew
from feedback.services.polling import ask_again_at_once

POLL = "feedback.tasks.poll_due_mailboxes"
# Whoever may write these must not send the secrets elsewhere: they have to be typed again.
_WHO_HEARS_IT = ("imap_host", "imap_port", "imap_tls", "username", "token_url", "client_id")
_SECRETS = ("password", "client_secret", "refresh_token")


@transaction.atomic
def save_mailbox(
    mailbox: Mailbox,
    *,
    new_password: str = "",
    new_client_secret: str = "",
    new_refresh_token: str = "",
) -> Mailbox:
    """Store a mailbox. A secret is written only when a new one is given; nobody reads it back."""
    mailbox.address = mailbox.address.strip().lower()
    before = Mailbox.objects.filter(pk=mailbox.pk).first()
    given = dict(zip(_SECRETS, (new_password, new_client_secret, new_refresh_token), strict=True))
    moves = before is not None and _moves(before, mailbox)
    for name, new in given.items():
        setattr(mailbox, name, new or ("" if moves or before is None else getattr(before, name)))
    if before is None or moves or any(given.values()):
        mailbox.access_token, mailbox.access_token_until = "", None
    if before is not None and any(getattr(before, f) != getattr(mailbox, f) for f in WHERE):
        begin_anew(mailbox)
    if before is not None and moves and _lacks_secret(before, mailbox):
        mailbox.is_active = False
        mailbox.last_error = gettext(
            "The server or the user name is another one: type the password again, then switch "
            "the mailbox on."
        )
    mailbox.failures, mailbox.next_poll_at = 0, None  # it may be mended now
    mailbox.save()
    return mailbox


def _moves(before: Mailbox, after: Mailbox) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in _WHO_HEARS_IT)


def _lacks_secret(before: Mailbox, after: Mailbox) -> bool:
    """Something that was there is needed and was not typed again."""
    needed = _SECRETS[1:] if after.sign_in_by == SignInBy.OAUTH2 else _SECRETS[:1]
    return any(getattr(before, name) and not getattr(after, name) for name in needed)


@transaction.atomic
def remove_mailbox(mailbox: Mailbox) -> bool:
    """Delete a mailbox that nothing ever came through; switch any other off. True when
    deleted."""
    if not is_referred_to(mailbox, parts=[PushAddress]):
        mailbox.delete()
        return True
    mailbox.is_active = False
    mailbox.save(update_fields=["is_active"])
    return False


def fetch_now(mailbox: Mailbox) -> None:
    """Have a worker look for mail at once, before others. Raises MailboxNotRead for one that is
    never polled."""
    if not mailbox.is_active:
        raise MailboxNotRead(gettext("This mailbox is switched off."))
    if not mailbox.imap_host:
        raise MailboxNotRead(gettext("This mailbox has no IMAP server; its mail is brought in."))
    ask_again_at_once(mailbox)
    enqueue(POLL)
