"""What a person should be warned of before believing who sent a mail."""

from accounts.models import User
from feedback.channels.email.parsed import ParsedMail
from feedback.enums import MailFlag

_DEFECTS = {
    "several-senders": MailFlag.SEVERAL_SENDERS,
    "name-shows-other-address": MailFlag.OTHER_NAME,
    "foreign-reply-to": MailFlag.REPLY_TO,
}


def warnings_about(mail: ParsedMail) -> list[str]:
    """Values of MailFlag. A mail in the name of a colleague is one of a stranger until something
    that only the colleague can have says otherwise (channels.email.colleagues)."""
    found: list[str] = [flag for defect, flag in _DEFECTS.items() if defect in mail.defects]
    if colleague_with(mail.from_address) is not None:
        found.insert(0, MailFlag.COLLEAGUE)
    return found


def colleague_with(address: str) -> User | None:
    """Who works here and has this address."""
    return User.objects.filter(email__iexact=address.strip(), is_active=True).first()
