"""Invitations one by one, and waves with their numbers, as staff see them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from surveys.enums import InvitationState
from surveys.models import Collector, Invitation, Wave
from surveys.selectors.overview import REACHED


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave, and how many were invited, got the mail, answered."""

    wave: Wave
    people: int
    reached: int
    answered: int

    @property
    def rate(self) -> float | None:
        """Share of those reached who answered, 0–100; None when nobody was reached."""
        return 100 * self.answered / self.reached if self.reached else None


def wave_rows(collector: Collector) -> list[WaveRow]:
    """The newest first; one query."""
    rows = (
        Wave.objects.filter(collector=collector)
        .order_by("-number")
        .annotate(
            n_people=Count("invitations"),
            n_reached=Count("invitations", filter=Q(invitations__state__in=REACHED)),
            n_answered=Count(
                "invitations", filter=Q(invitations__state=InvitationState.COMPLETED)
            ),
        )
    )
    return [WaveRow(one, one.n_people, one.n_reached, one.n_answered) for one in rows]


def listed_invitations(
    collector: Collector, user: Any, *, state: str = "", wave: int | None = None
) -> QuerySet[Invitation]:
    """Newest first, ready for a page."""
    rows = Invitation.objects.visible_to(user).filter(collector=collector)
    if state:
        rows = rows.filter(state=state)
    if wave is not None:
        rows = rows.filter(wave__number=wave)
    return rows.select_related("customer", "wave").order_by("-pk")


def states_there(collector: Collector, user: Any) -> list[tuple[str, str, int]]:
    """(state, label, how many) of those that there are."""
    counts = dict(
        Invitation.objects.visible_to(user)
        .filter(collector=collector)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    return [(one.value, str(one.label), counts[one]) for one in InvitationState if one in counts]


def audience_in_words(tree: Any) -> str:
    """ "" for nobody; what is wrong with a condition that no longer reads."""
    if tree is None:
        return ""
    try:
        return sentence(read_tree(tree, vocabulary("customer")))
    except ConditionInvalid as invalid:
        return " ".join(str(one.message) for one in invalid.problems)
