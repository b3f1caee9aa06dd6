"""What a mail server's answer means, for people. Pure."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# RFC 5321 and 3463; Chinese providers say the rest in words. The first that fits counts.
_MEANINGS: tuple[tuple[re.Pattern[str], Promise], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (
            r"\b[45]\.2\.2\b|mailbox (?:is )?full|over quota|quota exceeded|^452\b",
            _("The mailbox of the recipient is full."),
        ),
        (
            r"\b5\.1\.(?:[01236]|10)\b|user unknown|no such user|not found|收件人不存在",
            _("There is no such address."),
        ),
        (
            r"\b[45]\.3\.4\b|too (?:big|large)|size limit|^552\b",
            _("The mail is too big for the recipient's server."),
        ),
        (
            r"\b[45]\.7\.\d|spam|blocked|blacklist|denied|rejected by|policy|frequency limited",
            _("The recipient's server does not want mail from us, or not this one."),
        ),
        (r"^4\d\d\b", _("The recipient's server asked us to come back later.")),
        (r"^5\d\d\b", _("The recipient's server refused the mail.")),
    )
)  # fmt: skip


def meaning_of(answer: str) -> str:
    """A sentence, "" when the answer is not one that we know."""
    for pattern, meaning in _MEANINGS:
        if pattern.search(answer):
            return str(meaning)
    return ""
