"""The mails about the records: a Message-ID for each, and rows in the outbox for the last days.

Older outgoing mail is not kept, as after a tidy-up: 20,000 letters in the outbox help nobody to
get to know the product, and would double the time that the demo takes to make.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings

from accounts.enums import NotSent, OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage
from analytics.demo.asks import Ask
from analytics.demo.ledger import Ledger, Mail
from config.kernel.mail_ids import new_message_id, reply_address
from feedback.enums import TemplateKind
from feedback.models import Mailbox, ReplyTemplate
from feedback.rules.placeholders import fill
from feedback.services.acknowledgement import status_url
from feedback.services.correspondence import REFERENCES_SENT
from feedback.services.template_values import template_values
from surveys.distribution.email import write_invitation
from surveys.models import Invitation
from surveys.services.inviting import Letter

KEPT_FOR = timedelta(days=14)
ANSWER = "2.0.0 OK"
HANDED_OVER_WITHIN = timedelta(seconds=2)


REFERENCE_COLUMNS = ("feedback_id", "message_id", "sender", "is_ours", "at")


@dataclass(slots=True)
class Seen:
    """The ids that a record's mails have had so far."""

    ids: list[str] = field(default_factory=list)
    theirs: str = ""

    def note(self, message_id: str, *, theirs: bool) -> None:
        self.ids.append(message_id)
        if theirs:
            self.theirs = message_id


@dataclass(slots=True)
class Post:
    """Writes the mails of all records; collects the rows."""

    mailbox: Mailbox
    template: ReplyTemplate | None
    references: list[tuple[Any, ...]] = field(default_factory=list)  # REFERENCE_COLUMNS
    outgoing: list[OutgoingMessage] = field(default_factory=list)

    @classmethod
    def opened(cls, mailbox: Mailbox) -> "Post":
        acknowledgements = ReplyTemplate.objects.active().filter(kind=TemplateKind.ACKNOWLEDGE)
        return cls(mailbox, acknowledgements.order_by("pk").first())

    def deliver(self, ledger: Ledger, invitations: dict[Ask, Invitation]) -> None:
        """All mails of one record, in order of time."""
        feedback, seen = ledger.feedback, Seen()
        for mail in ledger.mails:
            if mail.kind is None:
                reference, sender = _message_id_of_customer(), ledger.person.email
            else:
                tag = f"s{mail.ask.key}" if mail.ask else f"t{feedback.pk}"
                reference, sender = new_message_id(tag), ""
                if mail.key is not None:
                    row = self._row(ledger, mail, reference, seen)
                    if mail.ask is not None:
                        invitation = invitations[mail.ask]
                        _word_invitation(row, invitation, write_invitation(invitation))
                    self.outgoing.append(row)
            seen.note(reference, theirs=mail.kind is None)
            is_ours = mail.kind is not None
            self.references.append((feedback.pk, reference, sender, is_ours, mail.at))

    def _row(self, ledger: Ledger, mail: Mail, message_id: str, seen: "Seen") -> OutgoingMessage:
        feedback, customer = ledger.feedback, ledger.person.customer
        recallable = timedelta(seconds=settings.RECALL_SECONDS)
        not_before = mail.at + (recallable if mail.kind == OutgoingKind.REPLY else timedelta())
        row = OutgoingMessage(
            pk=mail.key,
            kind=mail.kind or OutgoingKind.REPLY,
            customer=customer,
            to_address=ledger.person.email,
            to_name=customer.name,
            from_address=self.mailbox.address,
            from_name=self.mailbox.name,
            reply_to=reply_address(self.mailbox.address, f"t{feedback.pk}"),
            language=feedback.language,
            message_id=message_id,
            in_reply_to=seen.theirs,
            references=" ".join(seen.ids[-REFERENCES_SENT:]),
            state=OutgoingState.SENT,
            attempts=1,
            not_before=not_before,
            sent_at=not_before + HANDED_OVER_WITHIN,
            answer=ANSWER,
            created_at=mail.at,
        )
        if mail.kind == OutgoingKind.ACKNOWLEDGEMENT:
            self._acknowledge(row, ledger, mail)
        elif mail.message is not None:
            row.subject = f"Re: {feedback.subject[:110]} [#{feedback.number}]"
            row.body_text = mail.message.text
        return row

    def _acknowledge(self, row: OutgoingMessage, ledger: Ledger, mail: Mail) -> None:
        feedback, template = ledger.feedback, self.template
        row.dedupe_key = f"ack:{feedback.pk}"
        if template is not None:
            values = template_values(feedback) | {"status_link": status_url(feedback)}
            values["feedback.subject"] = ""
            row.body_text = fill(template.body_in(feedback.language), values).text
            row.subject = f"{template.name_in(feedback.language)} [#{feedback.number}]"
        gone = ledger.person.suppressed_at
        if gone is not None and gone <= mail.at:
            row.state, row.sent_at, row.attempts = OutgoingState.SUPPRESSED, None, 0
            row.answer = NotSent.BOUNCE


def _word_invitation(row: OutgoingMessage, invitation: Invitation, letter: Letter) -> None:
    row.subject, row.body_text, row.body_html = letter.subject, letter.text, letter.html
    row.headers = letter.headers
    row.language = invitation.language
    row.dedupe_key = f"survey:{invitation.pk}"


def _message_id_of_customer() -> str:
    return f"<{secrets.token_hex(12)}@mail.example.org>"
