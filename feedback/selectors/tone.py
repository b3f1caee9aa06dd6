"""How an answer sounds and what it lacks, as hints beside the editor."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import ContactKind
from accounts.models import ContactPoint
from accounts.rules.contact import normalise_contact
from accounts.selectors.own_addresses import is_own_address
from config.kernel.text.personal_data.finding import find_personal_data
from config.kernel.text.personal_data.kinds import Certainty, Found, Kind
from feedback.enums import Channel, Direction, Mood
from feedback.models import Assessment, Feedback, Message
from feedback.panels import Hint
from feedback.rules.answer_check import About, Level, Point, Remark, check_answer
from feedback.rules.tone import Tone
from feedback.selectors.answered import answered_history

READ = 5_000  # letters of what the customer wrote
MESSAGES = 10  # of theirs, by which is judged what an answer is about
CONVERSATION = 50  # messages that are looked through for a number
LOOKED_AT = 20  # numbers and addresses of a draft
_WORDS: dict[Point | Tone, Callable[[], str]] = {
    Tone.BLAME: lambda: _("sounds like blame: say what happened, not who did it"),
    Tone.ABSOLUTE: lambda: _("sounds absolute: say what you know"),
    Tone.SHOUTING: lambda: _("looks like shouting"),
    Tone.COLD: lambda: _("sounds cold: say what you can do"),
    Point.INSULT: lambda: _("is an insult"),
    Point.HOLLOW: lambda: _("says little: say what happens, and when"),
    Point.PLACEHOLDER: lambda: _("is still to be filled in"),
    Point.WRONG_NAME: lambda: _("is not the name of this customer"),
    Point.LANGUAGE: lambda: _("The customer wrote in the other language."),
    Point.NO_APOLOGY: lambda: _("The customer is upset or has waited too long: say sorry."),
    Point.NO_ACTION: lambda: _("Say what you do about it."),
    Point.NO_DATE: lambda: _("says what will be done: say by when, too"),
    Point.NO_GREETING: lambda: _("A mail begins with a greeting."),
    Point.TOO_SHORT: lambda: _("That is very short for what the customer wrote."),
    Point.OFF_TOPIC: lambda: _(
        "Such a text is usually the answer to something else: does it fit what was written?"
    ),
    Point.UNKNOWN_DATA: lambda: _("stands nowhere in this conversation: whose is it?"),
}
_WATCHED = frozenset(
    {Kind.PHONE, Kind.EMAIL, Kind.ID_CARD, Kind.BANK_CARD, Kind.PASSPORT, Kind.WECHAT, Kind.QQ}
)
_CONTACTS = {Kind.PHONE: ContactKind.PHONE, Kind.EMAIL: ContactKind.EMAIL}


def tone_hints(text: str, feedback: Feedback, user: Any) -> list[Hint]:
    checked = check_answer(text, _about(feedback), answered_history())
    remarks = [*checked.remarks, *_unknown_data(text, feedback)]
    return [
        Hint(_WORDS[one.point](), one.words, one.start, one.end, int(one.level)) for one in remarks
    ]


def _about(feedback: Feedback) -> About:
    wrote = Message.objects.filter(
        feedback=feedback, direction=Direction.IN, is_automatic=False, is_third_party=False
    )
    newest = wrote.order_by("-created_at", "-pk").values_list("text", flat=True)
    said = [one[:READ] for one in newest[:MESSAGES]]
    mood = Assessment.objects.filter(pk=feedback.pk).values_list("mood", flat=True).first()
    due = feedback.reply_due_at
    return About(
        complaint=said[0] if said else "",
        customer_name=feedback.customer.name,
        is_upset=mood in {Mood.NEGATIVE, Mood.MIXED} or feedback.negative_at is not None,
        is_late=due is not None and due < timezone.now(),
        is_letter=feedback.channel == Channel.EMAIL,
        matter=" ".join([feedback.subject, *said])[:READ],
        category=feedback.category_id,
    )


def _unknown_data(text: str, feedback: Feedback) -> Iterator[Remark]:
    """Numbers and addresses that are neither this customer's nor ours and that nobody wrote
    before in this conversation. Whether they are another customer's is not looked up: a draft
    would tell who is a customer to whoever may not see them."""
    every = find_personal_data(text, _WATCHED)
    found = [one for one in every if one.certainty >= Certainty.LIKELY][:LOOKED_AT]
    if not found:
        return
    known = _known_in(feedback)
    for one in found:
        value = _plain(one)
        if value in known or (one.kind == Kind.EMAIL and is_own_address(value)):
            continue
        yield Remark(Point.UNKNOWN_DATA, Level.WARN, one.start, one.end, one.value)


def _plain(found: Found) -> str:
    """As contacts are stored; of other kinds only letters and digits."""
    kind = _CONTACTS.get(found.kind)
    return _joined(found.value) if kind is None else normalise_contact(kind, found.value)


def _joined(value: str) -> str:
    return "".join(letter for letter in value.lower() if letter.isalnum())


def _known_in(feedback: Feedback) -> set[str]:
    contacts = ContactPoint.objects.filter(customer=feedback.customer_id)
    said = Message.objects.filter(feedback=feedback).order_by("-pk")[:CONVERSATION]
    known: set[str] = set()
    for kind, value in contacts.values_list("kind", "value"):
        known |= {normalise_contact(kind, value), _joined(value)}
    for text in said.values_list("text", flat=True):
        known |= {_plain(one) for one in find_personal_data(text, _WATCHED)}
    return known
