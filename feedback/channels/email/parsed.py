"""What one e-mail says, in plain values. Nothing here knows a database or Django."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. `email` keeps the case of its local part (tokens live there)."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a mail.

    `content_type` is what the sender declared, `sniffed_type` what the bytes show (empty =
    unknown, so download only). `inline` is true when the HTML body shows the file by `cid:`.
    `name` is safe to store and to show. `given_name` is what the sender called the part, path
    and all, or, where not even its type names it, the local part of its Content-ID: for reports
    only, never for a place on a disk.
    """

    name: str
    content_type: str
    payload: bytes = field(repr=False)
    sniffed_type: str = ""
    content_id: str = ""
    content_location: str = ""
    inline: bool = False
    given_name: str = ""


@dataclass(frozen=True, slots=True)
class Headers:
    """All header fields of the mail, decoded, in order; names in lower case."""

    fields: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of the field called `name` (any case)."""
        name = name.lower()
        return next((value for key, value in self.fields if key == name), default)

    def get_all(self, name: str) -> list[str]:
        name = name.lower()
        return [value for key, value in self.fields if key == name]

    def __contains__(self, name: str) -> bool:
        name = name.lower()
        return any(key == name for key, _ in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMail:
    """One mail, read. No string holds NUL, a lone surrogate or (in one-line fields) a line break.

    `message_id` is `<…>`; mails without one get `<sha256@no-id>`, the same for each copy.
    `text_files` are the lines of files that stood inside the text (uuencoded), as written: they
    became attachments and are no longer in `text`.
    `date` is what the sender's clock said and serves display only. `defects` are short codes
    (see `parse.py` and `headers.py`) of what was wrong or suspicious. `authentication_results`
    are the topmost headers of that name, raw; whom to believe is for authentication.py.
    """

    message_id: str
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_address: str = ""
    from_name: str = ""
    from_addresses: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[Address, ...] = ()
    x_original_to: tuple[Address, ...] = ()
    subject: str = ""
    base_subject: str = ""
    date: datetime | None = None
    text: str = ""
    text_files: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: Headers = Headers()
    authentication_results: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def has_own_id(self) -> bool:
        """Whether the sender gave the mail its Message-ID."""
        return not self.message_id.endswith("@no-id>")


class MailKind(StrEnum):
    HUMAN = "human"
    AUTO_REPLY = "auto_reply"
    AUTO_GENERATED = "auto_generated"
    LIST = "list"
    BOUNCE = "bounce"
    DISPOSITION = "disposition"
    COMPLAINT = "complaint"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """What became of our mail to one address (RFC 3464).

    `action` is failed, delayed, delivered, relayed or expanded; `status` is `5.1.1` or empty.
    """

    address: str
    action: str = "failed"
    status: str = ""
    diagnostic: str = ""

    @property
    def is_permanent(self) -> bool:
        return self.action == "failed" and self.status.startswith("5")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who or what wrote a mail. `reason` names the evidence for the timeline and the log.

    `recipients` and `original_message_id` belong to bounces (and complaints). `may_be_answered`
    says whether an automatic acknowledgement may go back at all: only to people, never to a
    no-reply address.
    """

    kind: MailKind
    reason: str
    recipients: tuple[FailedRecipient, ...] = ()
    original_message_id: str = ""
    may_be_answered: bool = False
