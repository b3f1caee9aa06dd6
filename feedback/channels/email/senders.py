"""What a person should be warned of before believing who sent a mail."""

from accounts.models import User
from feedback.channels.email.parsed import ParsedMail
from feedback.enums import MailFlag

_DEFECTS = {
    "several-senders": MailFlag.SEVERAL_SENDERS,
    "name-shows-other-address": MailFlag.OTHER_NAME,
    "foreign-reply-to": MailFlag.REPLY_TO,
    "encrypted": MailFlag.ENCRYPTED,
}


def warnings_about(mail: ParsedMail) -> list[str]:
    """Values of MailFlag, kept with the message for good. Only for mail that is filed as a
    stranger's or customer's: what a colleague proves to have written, by answering a notification
    (channels.email.colleagues), never comes here. So whatever else has the address of somebody
    who works here is flagged."""
    found: list[str] = [flag for defect, flag in _DEFECTS.items() if defect in mail.defects]
    if colleague_with(mail.from_address) is not None:
        found.insert(0, MailFlag.COLLEAGUE)
    return found


def colleague_with(address: str) -> User | None:
    """Who works here and has this address."""
    return User.objects.filter(email__iexact=address.strip(), is_active=True).first()
