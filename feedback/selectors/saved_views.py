"""Saved views as people see them: in the sidebar with live numbers, and as a list to tend."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction

from accounts.models import User
from feedback.enums import ViewScope
from feedback.models import SavedView
from feedback.models.feedback import FeedbackQuerySet
from feedback.selectors.kept_views import Kept, read_views, why_broken
from feedback.selectors.queue import CAP, VIEWS, QueueState, count_in_words, queue_records

SHARE = "feedback.share_savedview"
IN_SIDEBAR = 20
COUNTED_FOR = 20  # seconds that a number may be old
PATIENCE_MS = 1500  # a number that takes longer is not shown


@dataclass(frozen=True, slots=True)
class Line:
    """One view of the sidebar. `count` is None when it was not counted in time."""

    view: SavedView
    url: str
    count: str | None
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One view on the page that lists them."""

    view: SavedView
    url: str
    chips: list[tuple[Any, str]]
    says: str
    problem: str
    may_edit: bool
    is_default: bool


def state_of(kept: Kept) -> QueueState:
    """The list that a saved view shows; as the address `?saved=…` would have it."""
    known = kept.record.view in VIEWS
    return QueueState(
        view=kept.record.view if known else "open", chosen=dict(kept.chosen), kept=kept
    )


def records_of(kept: Kept, user: User) -> FeedbackQuerySet:
    """What `user` may see of what the view shows."""
    return queue_records(state_of(kept), user)


def may_edit(view: SavedView, user: User, *, shares: bool) -> bool:
    """One's own views; those of others by whoever may share (`shares`) and sees them."""
    if view.scope == ViewScope.PERSONAL:
        return view.owner_id == user.pk
    return shares


def sidebar_lines(user: User) -> list[Line]:
    """The pinned views of one person with their numbers, which may be some seconds old."""
    pinned = SavedView.objects.active().visible_to(user).filter(is_pinned=True)
    views = list(pinned.in_order()[:IN_SIDEBAR])
    if not views:
        return []
    name = f"view-counts:{user.pk}"
    known: dict[str, int | None] = cache.get(name) or {}
    if any(str(one.pk) not in known for one in views):
        kept = read_views(views, user)
        counts = count_views(kept, user)
        known = {str(pk): count for pk, count in counts.items()}
        cache.set(name, known, COUNTED_FOR)
    broken = {one.pk for one in views if known[str(one.pk)] == _BROKEN}
    return [Line(one, url_of(one), _words(known[str(one.pk)]), one.pk in broken) for one in views]


_BROKEN = -1


def _words(count: int | None) -> str | None:
    return None if count is None or count == _BROKEN else count_in_words(count)


def url_of(view: SavedView) -> str:
    return QueueState(kept=Kept(view), view=view.view).url


def forget_counts(user: User) -> None:
    """After a view of theirs was changed."""
    cache.delete(f"view-counts:{user.pk}")


def count_views(kept: Sequence[Kept], user: User) -> dict[int, int | None]:
    """How many records each view has for this person, CAP + 1 = more than CAP, -1 = broken;
    None for one that takes longer than is worth it. One statement for all of them; each apart
    only when they take too long together."""
    counts: dict[int, int | None] = {one.pk: _BROKEN for one in kept if one.problems}
    asked: list[tuple[int, str, tuple[Any, ...]]] = []
    for one in kept:
        if one.problems:
            continue
        rows = records_of(one, user).order_by().values("pk")[: CAP + 1]
        try:
            asked.append((one.pk, *rows.query.sql_with_params()))
        except EmptyResultSet:
            counts[one.pk] = 0
    if not asked:
        return counts
    together = _counted(asked)
    if together is not None:
        return counts | together
    for single in asked:
        counts |= _counted([single]) or {single[0]: None}
    return counts


def _counted(asked: Sequence[tuple[int, str, tuple[Any, ...]]]) -> dict[int, int | None] | None:
    """None when PostgreSQL lost patience."""
    # The statements are the ORM's, their values travel apart.
    parts = ", ".join(f"(SELECT count(*) FROM ({sql}) one)" for _pk, sql, _params in asked)  # noqa: S608
    params = [value for _pk, _sql, values in asked for value in values]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
            cursor.execute(f"SELECT {parts}", params)
            row = cursor.fetchone()
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except OperationalError:
        return None
    return dict(zip((pk for pk, _sql, _params in asked), row, strict=True))


def views_to_tend(user: User, *, archived: bool = False) -> list[Entry]:
    """The views that this person has in their lists, or those of them that were put away."""
    visible = SavedView.objects.visible_to(user).filter(archived_at__isnull=not archived)
    rows = list(visible.select_related("team", "owner").in_order())
    shares = user.has_perm(SHARE)
    start = user.list_choices.get("start", "")
    return [
        Entry(
            view=one.record,
            url=url_of(one.record),
            chips=[(chip.label, chip.words) for chip in state_of(one).chips()],
            says=one.says,
            problem=why_broken(one),
            may_edit=may_edit(one.record, user, shares=shares),
            is_default=start == f"saved={one.pk}",
        )
        for one in read_views(rows, user)
    ]
