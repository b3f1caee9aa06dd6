"""What a person should be warned of before believing who sent a mail."""

from accounts.models import User
from feedback.channels.email.authentication import Authentication, read_authentication
from feedback.channels.email.parsed import ParsedMail
from feedback.enums import MailFlag
from feedback.models import Mailbox

CUT = "cut"  # what we add to what the parser found
_DEFECTS = {
    CUT: MailFlag.CUT,
    "several-senders": MailFlag.SEVERAL_SENDERS,
    "name-shows-other-address": MailFlag.OTHER_NAME,
    "foreign-reply-to": MailFlag.REPLY_TO,
    "encrypted": MailFlag.ENCRYPTED,
}


def check_of(mail: ParsedMail, mailbox: Mailbox) -> Authentication | None:
    """What the server of this mailbox found out about the sender; None where it said nothing
    that we believe."""
    return read_authentication(
        mail.authentication_results, trusted=mailbox.trusted_names, sender=mail.from_address
    )


def warnings_about(mail: ParsedMail, check: Authentication | None) -> list[str]:
    """Values of MailFlag, kept with the message for good. Only for mail that is filed as a
    stranger's or customer's: what a colleague proves to have written, by answering a notification
    (channels.email.colleagues), never comes here. So whatever else has the address of somebody
    who works here is flagged, unless our own server says that it is theirs."""
    found: list[str] = [flag for defect, flag in _DEFECTS.items() if defect in mail.defects]
    if check is not None and check.is_refuted:
        found.insert(0, MailFlag.UNVERIFIED)
    is_proven = check is not None and check.is_proven and len(mail.from_addresses) == 1
    if not is_proven and colleague_with(mail.from_address) is not None:
        found.insert(0, MailFlag.COLLEAGUE)
    return found


def colleague_with(address: str) -> User | None:
    """Who works here and has this address."""
    return User.objects.filter(email__iexact=address.strip(), is_active=True).first()
