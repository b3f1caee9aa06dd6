"""Which texts the page of keywords counts: of those that were chosen and of what they are compared
with the newest, so that it stays quick. What stands behind a number is the same texts again."""

from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, When

from accounts.models import User
from analytics.models import TextReading
from analytics.selectors.text_choice import BEFORE, MOODS, TextChoice, readings_of
from analytics.text.keywords import Wording, holds
from feedback.enums import Mood

AT_MOST = 20_000  # texts that are counted at once, the newest
COMPARED = 10_000  # the newest of those that they are compared with
# The texts that were chosen, those of the period before, and those of another group.
THESE, EARLIER, OTHERS = range(3)
# The groups that are compared, as an address has them.
FIRST, SECOND = "first", "second"


def parts_of(choice: TextChoice) -> list[int]:
    return [THESE, EARLIER] if choice.compare in {MOODS, BEFORE} else [THESE, EARLIER, OTHERS]


def newest(
    user: User, choice: TextChoice, part: int, *, answers: bool = True
) -> QuerySet[TextReading]:
    """The texts of a part that are counted, always the same ones: what is counted and what is
    listed must agree."""
    found = _all_of(user, choice, part, answers=answers)
    return found.order_by("-said_at", "-pk")[: AT_MOST if part == THESE else COMPARED]


def how_many(user: User, choice: TextChoice, counted: int, *, answers: bool = True) -> int:
    """All texts that were chosen, when so many of them were counted."""
    if counted < AT_MOST:
        return counted
    return _all_of(user, choice, THESE, answers=answers).count()


def is_second_cut(choice: TextChoice, counted: int) -> bool:
    """Whether there may be more of what is compared with; moods are both of what was chosen."""
    return choice.compare != MOODS and counted >= COMPARED


def _all_of(
    user: User, choice: TextChoice, part: int, *, answers: bool = True
) -> QuerySet[TextReading]:
    readings, inside = readings_of(user, answers=answers), choice.window.inside("said_at")
    if part == EARLIER:
        return readings.filter(choice.condition, choice.window.before("said_at"))
    if part == OTHERS and choice.other is not None:
        other = choice.other
        return readings.filter(other.condition, other.window.inside("said_at"))
    if part == OTHERS:
        return _rest(readings.filter(inside), choice.condition)
    return readings.filter(choice.condition, inside)


def _rest(whole: QuerySet[TextReading], condition: Q) -> QuerySet[TextReading]:
    """Those of `whole` that are not chosen, told row by row: the newest are found without
    looking for all that are."""
    if not condition:
        return whole.none()
    return whole.annotate(is_chosen=Case(When(condition, then=True), default=False)).filter(
        is_chosen=False
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """The texts behind a number, the newest first; `of_newest` = they are of so many texts only,
    because there are more than are counted."""

    texts: QuerySet[TextReading]
    of_newest: int | None


def texts_with(
    user: User, choice: TextChoice, key: str, wording: Wording, side: str = ""
) -> Behind:
    """The texts behind the number of a word or phrase: of the texts that were chosen, or of the
    `side` (FIRST, SECOND) of what is compared."""
    part, mood = _side(choice, side)
    counted = newest(user, choice, part)
    most = counted.query.high_mark or AT_MOST
    is_cut = _all_of(user, choice, part).order_by("-said_at", "-pk")[most : most + 1].exists()
    found = TextReading.objects.filter(pk__in=counted.values("pk"))
    if mood:
        found = found.filter(mood=mood)
    words = tuple(key.split())
    for word in words:
        found = found.filter(words__overlap=wording.written(word))
    if len(words) > 1:
        rows = found.values_list("pk", "words")
        said = [pk for pk, text in rows if holds(text, words, wording)]
        found = TextReading.objects.filter(pk__in=said)
    return Behind(found.order_by("-said_at", "-pk"), most if is_cut else None)


def _side(choice: TextChoice, side: str) -> tuple[int, str]:
    """Which part a side of the comparison is, and which mood of it."""
    if choice.compare == MOODS:
        return THESE, {FIRST: Mood.NEGATIVE.value, SECOND: Mood.POSITIVE.value}.get(side, "")
    if side == SECOND:
        return (EARLIER if choice.compare == BEFORE else OTHERS), ""
    return THESE, ""
