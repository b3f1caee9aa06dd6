"""Mail that people who work here pass on to us: it is of whoever wrote it.

Only a colleague's mail whose sender our own server has proven (authentication.py) speaks for
somebody else. Without that it stays a mail of the address that sent it, with a hint.
"""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import User
from accounts.rules.contact import is_email
from feedback.channels.email.authentication import Authentication
from feedback.channels.email.forwards import Forward, read_forward
from feedback.channels.email.parsed import MailKind, ParsedMail, Verdict
from feedback.channels.email.senders import colleague_with
from feedback.channels.email.verdict import plain_address

MAY_TAKE_DOWN = "feedback.add_feedback"


@dataclass(frozen=True, slots=True)
class Handed:
    """A mail that a colleague passes on. `person` is the colleague where it is proven that they
    sent it and they may make records today, else None."""

    forward: Forward
    person: User | None

    @property
    def author(self) -> dict[str, str]:
        """As it is kept in Message.forwarded."""
        original = self.forward.original
        return {"address": original.from_address[:254], "name": original.from_name[:200]}


def handed_on(
    mail: ParsedMail,
    verdict: Verdict,
    authentication: Authentication | None,
    *,
    own_addresses: Collection[str],
) -> Handed | None:
    """None unless a colleague's address passes on the mail of somebody from outside."""
    if verdict.kind != MailKind.HUMAN:
        return None
    colleague = colleague_with(mail.from_address)
    forward = read_forward(mail) if colleague is not None else None
    if colleague is None or forward is None:
        return None
    author = forward.original.from_address
    if not is_email(author):  # "jane@intranet": nobody could be answered there
        return None
    own = {plain_address(one) for one in own_addresses}
    if plain_address(author) in own or colleague_with(author) is not None:
        return None
    is_proven = authentication is not None and authentication.is_proven
    may = is_proven and len(mail.from_addresses) == 1 and colleague.has_perm(MAY_TAKE_DOWN)
    return Handed(forward, colleague if may else None)
