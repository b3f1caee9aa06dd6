"""How far a mailbox has been fetched, and how often the mail was tried at which it stands."""

from feedback.enums import InboundState
from feedback.models import InboundMail, Mailbox

# Another of these is another set of mails: what was fetched says nothing about it.
WHERE = ("imap_host", "username", "folder")
# A mail that was tried so often is not waited for any more. A connection that broke off says
# little about the mail, and weighs 1; a refusal or too much time weighs as much as REFUSED.
ENOUGH = 10
REFUSED = 4


def begin_anew(mailbox: Mailbox) -> None:
    """Its account or its folder is another one. The caller saves the mailbox."""
    mailbox.uid_validity, mailbox.last_uid, mailbox.unread_until = None, 0, None
    mailbox.fetching_uid, mailbox.fetch_tries, mailbox.last_error = None, 0, ""
    # Their numbers would name mails of somebody else now.
    InboundMail.objects.filter(mailbox=mailbox, state=InboundState.QUARANTINED).update(uid=None)


def remember(mailbox: Mailbox, **fields: int | None) -> bool:
    """How far we are; False, and nothing is noted, when the mailbox has become another one while
    it was polled."""
    same = {name: getattr(mailbox, name) for name in WHERE}
    is_same = bool(Mailbox.objects.filter(pk=mailbox.pk, **same).update(**fields))
    if is_same:
        for name, value in fields.items():
            setattr(mailbox, name, value)
    return is_same


def tries_before(mailbox: Mailbox, uid: int) -> int:
    """How much was tried before for this mail; this try is counted at once, so that it is on
    record even if it kills the process."""
    before = mailbox.fetch_tries if mailbox.fetching_uid == uid else 0
    remember(mailbox, fetching_uid=uid, fetch_tries=min(before + 1, 1000))
    return before


def was_refused(mailbox: Mailbox) -> None:
    """The try that was counted last failed because of the mail itself."""
    remember(mailbox, fetch_tries=mailbox.fetch_tries + REFUSED - 1)
