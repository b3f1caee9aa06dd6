"""The publications of a list, narrowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from analytics.enums import CommentState, PublicationKind, PublicationState
from analytics.models import Publication, PublicationComment
from feedback.errors import FilterNotKnown


@dataclass(frozen=True, slots=True)
class PublicationChoice:
    """What the address asks for; `given`: its parameters that are not empty."""

    state: str = ""
    kind: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


def read_publication_choice(params: Mapping[str, str]) -> PublicationChoice:
    """Understand the parameters of the address. Raises FilterNotKnown, naming the field."""
    known: dict[str, Sequence[str]] = {
        "state": PublicationState.values,
        "kind": PublicationKind.values,
    }
    given = {name: params.get(name, "").strip()[:40] for name in known}
    given = {name: value for name, value in given.items() if value}
    for name, value in given.items():
        if value not in known[name]:
            raise FilterNotKnown(name, value)
    return PublicationChoice(**given, given=given)


def publications_for_list(user: User, choice: PublicationChoice) -> QuerySet[Publication]:
    """With who drafted them, how many votes they have, how many comments wait, and whether this
    person may see what is behind them."""
    found = Publication.objects.visible_to(user).with_sight_of(user)
    if choice.state:
        found = found.filter(state=choice.state)
    if choice.kind:
        found = found.filter(kind=choice.kind)
    waiting = Q(comments__state=CommentState.WAITING)
    counted = found.annotate(
        votes_of_all=Count("votes", distinct=True),
        comments_waiting=Count("comments", filter=waiting, distinct=True),
    )
    return counted.select_related("problem", "measure", "created_by").order_by(
        "-year", "-quarter", "-pk"
    )


def comments_seen(user: User, state: CommentState | None = None) -> QuerySet[PublicationComment]:
    """Those of publications that this person may change; in one state, or all."""
    seen = Publication.objects.changeable_by(user).values("pk")
    found = PublicationComment.objects.filter(publication__in=seen)
    return found.filter(state=state) if state else found
