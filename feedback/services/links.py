"""Saying that two records have to do with each other, and taking it back."""

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from feedback.enums import LinkKind, LinkSide, TimelineKind
from feedback.errors import LinkRefused
from feedback.models import Feedback, FeedbackLink, NotDuplicate
from feedback.services.records import lock, save_change, tell

_OTHER_SIDE = {
    LinkSide.PARENT: LinkSide.CHILD,
    LinkSide.CHILD: LinkSide.PARENT,
    LinkSide.RELATED: LinkSide.RELATED,
    LinkSide.DUPLICATE: LinkSide.DUPLICATE,
}


@transaction.atomic
def link_feedback(feedback_id: int, *, other_id: int, side: LinkSide, by: User) -> FeedbackLink:
    """Link two records; `side` says what the other is to this one. Raises LinkRefused: itself,
    linked already, or a parent that would be part of its own part."""
    if feedback_id == other_id:
        raise LinkRefused.itself()
    here, other = _lock_both(feedback_id, other_id)
    pair = Q(first=here, second=other) | Q(first=other, second=here)
    if FeedbackLink.objects.filter(pair).exists():
        raise LinkRefused.already(other.number)
    first, second, kind = _as_kept(here, other, side)
    if kind == LinkKind.PARENT and _is_within(first, second):
        raise LinkRefused.circle(other.number)
    link = FeedbackLink.objects.create(first=first, second=second, kind=kind, created_by=by)
    _tell_both(here, other, side, by=by)
    return link


@transaction.atomic
def unlink_feedback(link_id: int, *, by: User) -> None:
    """Take a link away; nothing happens when it is gone already."""
    link = FeedbackLink.objects.filter(pk=link_id).first()
    if link is None:
        return
    here, other = _lock_both(link.first_id, link.second_id)
    if FeedbackLink.objects.filter(pk=link_id).delete()[0]:
        side = LinkSide.CHILD if link.kind == LinkKind.PARENT else LinkSide(link.kind)
        _tell_both(here, other, side, by=by, undone=True)


@transaction.atomic
def dismiss_duplicate(feedback_id: int, *, other_id: int, by: User) -> NotDuplicate:
    """Remember that two records are two matters, so that nobody is asked again. Saying it twice
    is saying it once; the records themselves do not change. Raises LinkRefused for itself."""
    if feedback_id == other_id:
        raise LinkRefused.itself()
    first, second = sorted((feedback_id, other_id))
    said, _is_new = NotDuplicate.objects.get_or_create(
        first_id=first, second_id=second, defaults={"said_by": by}
    )
    return said


@transaction.atomic
def suggest_again(feedback_id: int, *, other_id: int) -> None:
    """Take `dismiss_duplicate` back."""
    first, second = sorted((feedback_id, other_id))
    NotDuplicate.objects.filter(first=first, second=second).delete()


def _lock_both(one_id: int, other_id: int) -> tuple[Feedback, Feedback]:
    locked = {pk: lock(pk) for pk in sorted((one_id, other_id))}
    return locked[one_id], locked[other_id]


def _as_kept(
    here: Feedback, other: Feedback, side: LinkSide
) -> tuple[Feedback, Feedback, LinkKind]:
    if side == LinkSide.PARENT:
        return other, here, LinkKind.PARENT
    if side == LinkSide.CHILD:
        return here, other, LinkKind.PARENT
    older, newer = sorted((here, other), key=lambda one: one.pk)
    return older, newer, LinkKind(side)


def _is_within(parent: Feedback, part: Feedback) -> bool:
    """Whether the parent to be is already somewhere below its part to be."""
    above, seen = {parent.pk}, {parent.pk}
    while above:
        if part.pk in above:
            return True
        links = FeedbackLink.objects.filter(kind=LinkKind.PARENT, second__in=above)
        above = set(links.values_list("first", flat=True)) - seen
        seen |= above
    return False


def _tell_both(
    here: Feedback, other: Feedback, side: LinkSide, *, by: User, undone: bool = False
) -> None:
    for one, its, seen_as in ((here, other, side), (other, here, _OTHER_SIDE[side])):
        tell(one, TimelineKind.LINKED, by=by, other=its.number, side=str(seen_as), undone=undone)
        save_change(one)
