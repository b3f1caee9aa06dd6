"""Message-IDs and reply addresses that prove they are ours: they carry a signature, so that
another installation's ids, or guessed ones, lead nowhere."""

import re
import secrets

from django.conf import settings

from config.kernel.tokens import signature, signature_holds

_ID = re.compile(
    r"<?(?P<tag>[a-z]\d{1,18})\.(?P<rand>[0-9a-f]{16})\.(?P<mac>[0-9a-f]{20})@", re.IGNORECASE
)
_PLUS = re.compile(r"[^+@]+\+(?P<tag>[a-z]\d{1,18})\.(?P<mac>[0-9a-f]{20})@", re.IGNORECASE)

# Of the tag of a return address: "b12" is where outgoing mail 12 comes back to (MAIL_VERP).
RETURN_TAG = "b"
# Of mail to staff about a record: "n12" is about record 12.
STAFF_TAG = "n"


def new_message_id(tag: str) -> str:
    """`<tag.random.signature@domain>`; `tag` is a letter and a number, e.g. "t12"."""
    rand = secrets.token_hex(8)
    return f"<{tag}.{rand}.{signature('message-id', f'{tag}.{rand}')}@{settings.MAIL_DOMAIN}>"


def tag_of_message_id(value: str) -> str | None:
    """The tag of one of our own ids; None for anybody else's or a forged one."""
    found = _ID.match(value.strip())
    if found is None:
        return None
    tag, rand = found["tag"].lower(), found["rand"].lower()  # some gateways shout
    return tag if signature_holds("message-id", f"{tag}.{rand}", found["mac"]) else None


def reply_address(mailbox: str, tag: str) -> str:
    """`help+t12.signature@example.com`: mail to it belongs to `tag` whatever its headers say."""
    local, _, domain = mailbox.partition("@")
    return f"{local}+{tag}.{signature('reply-address', tag)}@{domain}"


def tag_of_reply_address(address: str) -> str | None:
    found = _PLUS.match(address.strip())
    if found is None:
        return None
    tag = found["tag"].lower()
    return tag if signature_holds("reply-address", tag, found["mac"]) else None
