"""Records that may say the same as another: suggested, never decided."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from feedback.enums import Direction
from feedback.models import Feedback, FeedbackLink, Message, NotDuplicate
from feedback.rules.similarity import NEARLY_EQUAL, likeness

WITHIN = timedelta(days=14)
LOOKED_AT = 30
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Suggested:
    """A record that may be a duplicate, and how sure that is (0 … 1)."""

    feedback: Feedback
    likeness: float

    @property
    def percent(self) -> int:
        return round(self.likeness * 100)


Finder = Callable[[Feedback, QuerySet[Feedback]], Iterable[Suggested]]
_finders: list[Finder] = []


def register_duplicate_finder(finder: Finder) -> Finder:
    """For text analysis to come: `finder(feedback, candidates)` names duplicates among the
    records that the reader may see."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def duplicates_of(feedback: Feedback, user: Any) -> list[Suggested]:
    """The likeliest few, best first, of those that `user` may see; none of a record that was
    merged itself, none that are, and none about which somebody has decided."""
    if feedback.merged_into_id is not None:
        return []
    candidates = Feedback.objects.visible_to(user).real().exclude(pk=feedback.pk)
    for model in (FeedbackLink, NotDuplicate):
        pairs = model.objects.filter(Q(first=feedback) | Q(second=feedback)).order_by()
        for side in ("first", "second"):
            decided: Any = pairs.values(side)
            candidates = candidates.exclude(pk__in=decided)
    best: dict[int, Suggested] = {}
    for finder in _finders:
        for one in finder(feedback, candidates):
            known = best.get(one.feedback.pk)
            if known is None or known.likeness < one.likeness:
                best[one.feedback.pk] = one
    return sorted(best.values(), key=lambda one: (-one.likeness, one.feedback.pk))[:SHOWN]


@register_duplicate_finder
def same_words(feedback: Feedback, candidates: QuerySet[Feedback]) -> Iterable[Suggested]:
    """The same customer said nearly the same within two weeks."""
    first = (
        Message.objects.filter(feedback=OuterRef("pk"), direction=Direction.IN)
        .order_by("created_at", "pk")
        .values("text")[:1]
    )
    mine = Feedback.objects.filter(pk=feedback.pk).values_list(Subquery(first), flat=True).first()
    if not mine:
        return
    near = candidates.filter(
        customer=feedback.customer_id,
        received_at__range=(feedback.received_at - WITHIN, feedback.received_at + WITHIN),
    )
    rows = near.select_related("status").annotate(first_text=Subquery(first)).order_by("-pk")
    for one in rows[:LOOKED_AT]:
        score = likeness(mine, one.first_text or "")
        if score >= NEARLY_EQUAL:
            yield Suggested(one, score)
