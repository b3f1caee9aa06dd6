"""Who was shown personal data that is covered in messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.enums import PersonalDataKind
from feedback.enums import TimelineKind
from feedback.models import Feedback, TimelineEntry


@dataclass(frozen=True, slots=True)
class Reveal:
    entry: TimelineEntry
    kinds: Sequence[str]  # in words


def reveals_of(user: Any, *, by: str = "") -> QuerySet[TimelineEntry]:
    """What was shown of records that `user` may see, the newest first; `by`: a piece of the name
    of who saw it."""
    rows = TimelineEntry.objects.filter(
        kind=TimelineKind.REVEALED, feedback__in=Feedback.objects.visible_to(user).values("pk")
    )
    if by:
        rows = rows.filter(actor_name__icontains=by)
    return rows.select_related("feedback__customer").order_by("-at", "-pk")


def in_words(entries: Sequence[TimelineEntry]) -> list[Reveal]:
    return [Reveal(one, _labels(one.data.get("kinds", ()))) for one in entries]


def _labels(kinds: Sequence[str]) -> list[str]:
    known = [kind for kind in kinds if kind in PersonalDataKind.values]
    return [str(PersonalDataKind(kind).label) for kind in known]
