"""The messages of a record as the page shows them: by day, with what became of our mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Delivery, OutgoingState
from accounts.models import OutgoingMessage
from accounts.selectors.personal_data import NOTHING_COVERED, Cover, Covered
from feedback.enums import Direction
from feedback.models import Attachment, Feedback, Message

SHOWN_CHARACTERS = 12_000
NOTHING_SAID = Covered("")
# Pictures inside a mail that are larger than this are photos, not logos of a signature.
PHOTO_BYTES = 20_000


def attachments_visible_to(user: Any) -> QuerySet[Attachment]:
    """Files of the records that a person may see."""
    visible = Feedback.objects.visible_to(user)
    # Who sees a record sees the whole conversation, also what was merged into it.
    return Attachment.objects.filter(
        Q(message__feedback__in=visible.values("pk"))
        | Q(message__feedback__merged_into__in=visible.values("pk"))
    )


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mail of ours. `recall_until` is set while it can be taken back."""

    words: str | Promise
    tone: str
    icon: str
    detail: str = ""
    recall_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the page shows it; `day` is set where a new day begins."""

    message: Message
    day: date | None
    is_new: bool
    fate: Fate | None
    pictures: Sequence[Attachment]
    files: Sequence[Attachment]
    # The number of the record that it belongs to, where that is another one that was merged.
    of_number: int | None = None
    # Whether a record of its own can begin here.
    may_split: bool = False
    # The text as it is shown, and what personal data is covered in it.
    covered: Covered = NOTHING_SAID
    cover: Cover = NOTHING_COVERED

    @property
    def kind(self) -> str:
        """ "in", "out", "note", or "other": automatic and third-party messages stand back."""
        if self.message.is_automatic or self.message.is_third_party:
            return "other"
        return self.message.direction

    @property
    def text(self) -> str:
        return self.covered.text

    @property
    def has_more(self) -> bool:
        full = self.message.full_text.strip()
        is_cut = len(self.message.text) > SHOWN_CHARACTERS
        return is_cut or (bool(full) and full != self.message.text.strip())


def conversation_of(
    feedback: Feedback,
    *,
    newer_than: datetime | None = None,
    cover: Cover = NOTHING_COVERED,
) -> list[Shown]:
    """All messages, also of the records that were merged into it, oldest first, in two queries.
    Those that came after `newer_than` are marked as new; `cover` says what personal data is
    covered in them."""
    now = timezone.now()
    shown: list[Shown] = []
    last_day: date | None = None
    any_own = False
    messages = Message.objects.in_conversation_of(feedback).for_staff()
    for message in messages.annotate(of_number=F("feedback__number")):
        day = timezone.localdate(message.created_at)
        attached = list(message.attachments.all())
        shown.append(
            Shown(
                message=message,
                day=day if day != last_day else None,
                is_new=newer_than is not None and message.created_at > newer_than,
                fate=fate_of(message.outgoing, now) if message.outgoing else None,
                pictures=[one for one in attached if _is_worth_seeing(one)],
                files=[one for one in attached if not one.is_picture],
                of_number=message.of_number if message.feedback_id != feedback.pk else None,
                may_split=_begins_a_matter(message, feedback) and any_own,
                covered=_covered(message, attached, cover),
                cover=cover,
            )
        )
        last_day = day
        any_own = any_own or message.feedback_id == feedback.pk
    return shown


def _covered(message: Message, attached: Sequence[Attachment], cover: Cover) -> Covered:
    """The text, and what is covered in it, in another subject and in the names of files."""
    said = cover.over(message.text[:SHOWN_CHARACTERS])
    more = cover.kinds_in([message.subject], [one.name for one in attached])
    return Covered(said.text, tuple(dict.fromkeys((*said.kinds, *more))))


def _begins_a_matter(message: Message, feedback: Feedback) -> bool:
    """What a customer wrote here; what was merged into it is separated instead."""
    own = message.feedback_id == feedback.pk and feedback.merged_into_id is None
    return own and message.direction == Direction.IN and not message.is_automatic


def _is_worth_seeing(file: Attachment) -> bool:
    return file.is_picture and (not file.is_inline or file.size > PHOTO_BYTES)


# state: words, tone, icon, whether the server's answer explains it
_FATES = {
    OutgoingState.QUEUED: (_("on its way"), "gray", "clock", False),
    OutgoingState.SENDING: (_("on its way"), "gray", "clock", False),
    OutgoingState.RETRY: (_("will be tried again"), "amber", "refresh-cw", True),
    OutgoingState.SENT: (_("sent"), "gray", "check", False),
    OutgoingState.UNCERTAIN: (_("sent or lost"), "amber", "circle-question-mark", True),
    OutgoingState.FAILED: (_("could not be sent"), "red", "mail-x", True),
    OutgoingState.CANCELLED: (_("taken back"), "gray", "undo-2", False),
    OutgoingState.SUPPRESSED: (
        _("not sent: this address must not be written to"),
        "red",
        "ban",
        False,
    ),
}


def fate_of(mail: OutgoingMessage, now: datetime) -> Fate:
    """Where a mail of ours is, in words."""
    if mail.delivery == Delivery.BOUNCED:
        return Fate(_("came back"), "red", "mail-x", mail.answer)
    if mail.state == OutgoingState.SENT and mail.delivery == Delivery.DELAYED:
        return Fate(_("sent, delayed on the way"), "amber", "clock", mail.answer)
    if mail.state == OutgoingState.QUEUED and mail.not_before > now:
        return Fate(_("leaves in a moment"), "gray", "clock", recall_until=mail.not_before)
    if mail.state == OutgoingState.CANCELLED and mail.answer:  # with the queue, not by its author
        return Fate(_("cancelled before it left"), "red", "mail-x", mail.answer)
    words, tone, icon, explained = _FATES[OutgoingState(mail.state)]
    return Fate(words, tone, icon, mail.answer if explained else "")
