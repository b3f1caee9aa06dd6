"""Views that people keep: made, shared, copied, put in order, put away."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.profile import choose_for_lists
from config.kernel.archiving import bring_back
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import ViewScope
from feedback.errors import ViewNotAllowed
from feedback.models import SavedView
from feedback.selectors.columns import MOST_COLUMNS, OF_RECORDS, Offer
from feedback.selectors.kept_views import ALLOWED, read_chosen
from feedback.selectors.queue import VIEWS, may_sort
from feedback.selectors.saved_views import SHARE, forget_counts, may_edit

MOST_PERSONAL = 100
COPY_ZH, COPY_EN = "（副本）", " (copy)"


@transaction.atomic
def save_view(view: SavedView, *, by: User) -> SavedView:
    """Keep a view as it is given. Raises ViewNotAllowed, ConditionInvalid, FilterNotKnown, each
    saying what is wrong: with its content, or with giving it to others."""
    ensure_view(view, by=by)
    if view.pk is None:
        if view.scope == ViewScope.PERSONAL:
            _ensure_room(by)
        view.owner = view.owner or by
        view.order = view.order or _last_place() + 1
    elif view.scope == ViewScope.PERSONAL and view.owner_id is None:
        view.owner = by
    view.save()
    forget_counts(by)
    return view


def ensure_view(view: SavedView, *, by: User) -> None:
    """Raises ViewNotAllowed, ConditionInvalid, FilterNotKnown."""
    before = SavedView.objects.filter(pk=view.pk).first() if view.pk else None
    if before is not None:
        _ensure_theirs(before, by)
    _ensure_sharing(view, by)
    if not (view.name_zh.strip() or view.name_en.strip()):
        raise ViewNotAllowed(_("Give the view a name in at least one language."))
    if view.view not in VIEWS:
        raise ViewNotAllowed(_("There is no such list."))
    if view.sort and not may_sort(view.view, view.sort):
        raise ViewNotAllowed(_("This list cannot have that order."))
    read_chosen(view.filters, by)
    view.condition = read_tree(view.condition, vocabulary("feedback"), allowed=ALLOWED).tree
    view.columns = _usable(view.columns)


def _ensure_sharing(view: SavedView, by: User) -> None:
    if view.scope == ViewScope.PERSONAL:
        view.team = None
        if view.owner_id not in {None, by.pk}:
            raise ViewNotAllowed(_("Only whoever made a view can keep it for themselves."))
        return
    if not by.has_perm(SHARE):
        raise ViewNotAllowed(_("Only team leads may share a view with others."))
    if view.scope == ViewScope.EVERYONE:
        view.team = None
    elif view.team is None:
        raise ViewNotAllowed(_("Say which team the view is for."))
    elif not _works_in(by, view.team_id):
        raise ViewNotAllowed(_("You can share a view with your own teams only."))


def _works_in(user: User, team_id: int | None) -> bool:
    every = user.has_perm("accounts.view_every_team")
    return every or user.memberships.filter(team=team_id).exists()


def _ensure_theirs(view: SavedView, by: User) -> None:
    if not may_edit(view, by, shares=by.has_perm(SHARE)):
        raise ViewNotAllowed(_("Only team leads may change a shared view. Copy it instead."))


def _ensure_room(by: User) -> None:
    mine = SavedView.objects.active().filter(scope=ViewScope.PERSONAL, owner=by)
    if mine.count() >= MOST_PERSONAL:
        raise ViewNotAllowed(
            _("You have %(n)d views. Archive some that you no longer need.") % {"n": MOST_PERSONAL}
        )


def _usable(columns: Any, offer: Offer = OF_RECORDS) -> list[str]:
    """Raises ViewNotAllowed for a column that does not exist."""
    if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
        raise ViewNotAllowed(_("Columns are a list of names."))
    wanted = list(dict.fromkeys(columns))
    if len(wanted) > MOST_COLUMNS:
        raise ViewNotAllowed(_("At most %(n)d columns fit.") % {"n": MOST_COLUMNS})
    known = {column.name for column in offer.find(wanted)}
    for name in wanted:
        if name not in known:
            raise ViewNotAllowed(_("There is no column “%(name)s”.") % {"name": name[:60]})
    return wanted


def _last_place() -> int:
    return SavedView.objects.aggregate(last=Max("order"))["last"] or 0


@transaction.atomic
def copy_view(view: SavedView, *, by: User) -> SavedView:
    """A view of one's own that shows the same. Raises ViewNotAllowed when there is no room."""
    _ensure_room(by)
    copy = SavedView(
        name_zh=(view.name_zh[:110] + COPY_ZH) if view.name_zh else "",
        name_en=(view.name_en[:110] + COPY_EN) if view.name_en else "",
        scope=ViewScope.PERSONAL,
        owner=by,
        view=view.view,
        filters=view.filters,
        sort=view.sort,
        columns=view.columns,
        condition=view.condition,
        order=_last_place() + 1,
    )
    copy.save()
    forget_counts(by)
    return copy


@transaction.atomic
def archive_view(view: SavedView, *, by: User) -> None:
    """It leaves everybody's lists and can be brought back. Raises ViewNotAllowed."""
    _ensure_theirs(view, by)
    view.archived_at = view.archived_at or timezone.now()
    view.save(update_fields=["archived_at"])
    forget_counts(by)


@transaction.atomic
def bring_back_view(view: SavedView, *, by: User) -> None:
    """Raises ViewNotAllowed."""
    _ensure_theirs(view, by)
    bring_back(view)
    forget_counts(by)


@transaction.atomic
def pin_view(view: SavedView, *, by: User, pinned: bool) -> None:
    """Show it in the sidebar of everybody who has it, or not. Raises ViewNotAllowed."""
    _ensure_theirs(view, by)
    view.is_pinned = pinned
    view.save(update_fields=["is_pinned"])
    forget_counts(by)


@transaction.atomic
def move_view(view: SavedView, *, by: User, earlier: bool) -> None:
    """Change places with its neighbour among the views that this person has.
    Raises ViewNotAllowed."""
    _ensure_theirs(view, by)
    rows = list(
        SavedView.objects.active().visible_to(by).in_order().select_for_update(of=["self"])
    )
    place = next((at for at, row in enumerate(rows) if row.pk == view.pk), None)
    if place is None:
        return
    other = place - 1 if earlier else place + 1
    if not 0 <= other < len(rows):
        return
    mine, neighbour = rows[place], rows[other]
    if mine.order == neighbour.order:  # made before there was an order
        for at, row in enumerate(rows, 1):
            row.order = at
            row.save(update_fields=["order"])
    mine.order, neighbour.order = neighbour.order, mine.order
    mine.save(update_fields=["order"])
    neighbour.save(update_fields=["order"])


def begin_with(query: str, *, by: User) -> User:
    """The list that the queue opens with for this person, as its query string ("view=mine",
    "saved=12"); empty: the usual one."""
    return choose_for_lists(by.pk, "start", query or None)


def keep_columns(key: str, names: Sequence[str], *, by: User, offer: Offer = OF_RECORDS) -> User:
    """How this person wants a list to look (`key`: see QueueState.key; "customers" is theirs);
    no names: as usual. Raises ViewNotAllowed."""
    chosen = dict(by.list_choices.get("columns") or {})
    chosen.pop(key, None)
    if names:
        # The lists looked at last are remembered; others' views come and go.
        chosen = dict(list(chosen.items())[-49:]) | {key: _usable(list(names), offer)}
    return choose_for_lists(by.pk, "columns", chosen or None)
