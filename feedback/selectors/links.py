"""What a record has to do with others."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from feedback.enums import LinkKind, LinkSide
from feedback.models import Feedback, FeedbackLink


@dataclass(frozen=True, slots=True)
class Linked:
    """Another record, and what it is to the one that was asked about."""

    link_id: int
    other: Feedback
    side: LinkSide


def links_of(feedback: Feedback, user: Any) -> list[Linked]:
    """The links to records that `user` may see, oldest first."""
    visible = Feedback.objects.visible_to(user).values("pk")
    rows = (
        FeedbackLink.objects.filter(Q(first=feedback.pk) | Q(second=feedback.pk))
        .filter(first__in=visible, second__in=visible)
        .select_related("first__status", "second__status")
        .order_by("pk")
    )
    found = []
    for one in rows:
        is_first = one.first_id == feedback.pk
        side = LinkSide(one.kind)
        if one.kind == LinkKind.PARENT and is_first:
            side = LinkSide.CHILD
        found.append(Linked(one.pk, one.second if is_first else one.first, side))
    return found


def merged_records(feedback: Feedback) -> list[Feedback]:
    """Those that were merged into it, oldest first."""
    return list(feedback.merged.select_related("customer").order_by("pk"))
