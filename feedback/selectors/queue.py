"""The queue: which records, in which order, how many, and the links that lead to them.

The state of a list is its URL. A figure on a dashboard that links to `queue_url(...)` and
counts `queue_records(...)` cannot disagree with the list.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from config.kernel.kept import settings_stamp
from feedback.enums import DONE_STATES, OPEN_STATES, Channel, State
from feedback.errors import FilterNotKnown
from feedback.models import Feedback, NegativePoint
from feedback.models.feedback import FeedbackQuerySet
from feedback.selectors.columns import Column, columns_named, find_columns, rows_with
from feedback.selectors.kept_views import Kept, kept_view
from feedback.selectors.queue_filters import Value, filter_named, read_values, texts_of
from feedback.selectors.record_columns import USUAL

PAGE_SIZE = 25
CAP = 10_000  # counted exactly up to here, and the last record that can be paged to
WINDOW = 25
SHIFT = 5  # so far a record may be pushed by others before we say that it moved itself
TOLERATED = {"lang"}
PLAIN = {"view", "sort", "page", "saved", "edited", "columns"}
# Pressed once, these show the newest or the most first.
FALLS_FIRST = {
    "number", "received", "last_message", "customer_wrote", "staff_wrote", "first_response",
    "resolved", "closed", "priority", "satisfaction", "quality", "reopened",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """A list with a name. `sorts` are the orders it can have, the usual one first: only those
    that an index gives, or that sort no more than what is open, so that the page costs the same
    however much was ever received. `count` says whether its number stands beside the name."""

    label: Promise
    icon: str
    where: Callable[[User, datetime], Q]
    sorts: tuple[str, ...] = ("due", "newest", "waiting", "priority", "promised")
    count: bool = True
    everything: bool = False  # holds more than what is open

    @property
    def sort(self) -> str:
        return self.sorts[0]


def _open(**more: Any) -> Callable[[User, datetime], Q]:
    return lambda user, now: Q(state__in=OPEN_STATES, **more)


# What is snoozed is out of the lists of work; what is overdue is listed all the same.
AWAKE = {"snoozed_until": None}

VIEWS: dict[str, View] = {
    "mine": View(
        _("Mine"), "user-round", lambda user, now: Q(state__in=OPEN_STATES, assignee=user, **AWAKE)
    ),
    "unassigned": View(_("Unassigned"), "user-round-plus", _open(assignee=None, **AWAKE)),
    "overdue": View(
        _("Overdue"),
        "alarm-clock",
        lambda user, now: Q(state__in=OPEN_STATES, reply_due_at__lt=now),
    ),
    "promised": View(
        _("Commitments overdue"),
        "calendar-x",
        lambda user, now: Q(
            state__in=OPEN_STATES,
            promised_on__lt=timezone.localdate(now, timezone.get_default_timezone()),
        ),
        sorts=("promised", "due", "newest", "waiting", "priority"),
    ),
    "negative": View(
        pgettext_lazy("list of records", "Negative"),
        "frown",
        lambda user, now: Q(state__in=OPEN_STATES, negative_at__isnull=False),
    ),
    "open": View(pgettext_lazy("list of records", "Open"), "inbox", _open(**AWAKE)),
    "waiting": View(
        _("Waiting"),
        "hourglass",
        lambda user, now: Q(state__in=[State.WAITING_CUSTOMER, State.WAITING_THIRD]),
        sorts=("newest", "priority", "promised"),
    ),
    "snoozed": View(
        _("Snoozed"),
        "alarm-clock-off",
        _open(snoozed_until__isnull=False),
        sorts=("back", "due", "newest", "promised"),
    ),
    "resolved": View(
        _("Resolved"),
        "circle-check",
        # What is done has a date; saying so lets the index of that date be used.
        lambda user, now: Q(state__in=DONE_STATES, resolved_at__isnull=False),
        sorts=("resolved", "newest"),
        count=False,
        everything=True,
    ),
    "suggestions": View(
        _("Staff suggestions"),
        "lightbulb",
        lambda user, now: Q(channel=Channel.STAFF) & ~Q(state__in=[State.SPAM, State.MERGED]),
        sorts=("newest", "priority", "promised"),
        count=False,
        everything=True,
    ),
    "all": View(
        _("All"),
        "layers",
        lambda user, now: ~Q(state__in=[State.SPAM, State.MERGED]),
        sorts=("newest",),
        count=False,
        everything=True,
    ),
    "spam": View(
        _("Spam and merged"),
        "trash-2",
        lambda user, now: Q(state__in=[State.SPAM, State.MERGED]),
        sorts=("newest",),
        count=False,
        everything=True,
    ),
}
DEFAULT_VIEW = "open"
_DUE = F("reply_due_at").asc(nulls_last=True)

SORTS: dict[str, tuple[Promise, tuple[Any, ...]]] = {
    "due": (_("Due first"), (_DUE, "-id")),
    "newest": (_("Newest first"), ("-received_at", "-id")),
    "waiting": (_("Waiting longest"), (F("waiting_since").asc(nulls_last=True), "id")),
    "priority": (_("Highest priority"), ("-priority", _DUE, "-id")),
    "resolved": (_("Last resolved"), ("-resolved_at", "-id")),
    "back": (_("Back first"), (F("snoozed_until").asc(nulls_last=True), "id")),
    "promised": (_("Promised first"), (F("promised_on").asc(nulls_last=True), _DUE, "-id")),
}


# The same orders as those of a column: (name of the column, descending).
SAME_ORDER = {
    ("due", False): "due",
    ("received", True): "newest",
    ("waiting", False): "waiting",
    ("priority", True): "priority",
    ("resolved", True): "resolved",
    ("snoozed_until", False): "back",
    ("promised", False): "promised",
}
_OF_SORT = {sort: column for column, sort in SAME_ORDER.items()}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and the list without it."""

    label: Promise
    words: str
    without_url: str


@dataclass(frozen=True, slots=True)
class QueueState:
    """What the URL of a list says, understood."""

    view: str = DEFAULT_VIEW
    sort: str = ""
    page: int = 1
    chosen: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    kept: Kept | None = None  # the saved view that it begins from
    columns: tuple[str, ...] = ()  # as the address has them; empty: as usual for this list

    @property
    def usual_sort(self) -> str:
        """The order that it has when the address names none."""
        kept = self.kept.record.sort if self.kept else ""
        return kept if kept and may_sort(self.view, kept) else VIEWS[self.view].sort

    @property
    def order(self) -> str:
        return self.sort or self.usual_sort

    @property
    def is_plain(self) -> bool:
        """One of the named lists and nothing else."""
        return not self.chosen and self.kept is None

    @property
    def is_edited(self) -> bool:
        """Whether it differs from the saved view that it begins from."""
        kept = self.kept
        return kept is not None and (
            self.view != kept.record.view or self.texts != _texts(kept.chosen)
        )

    @property
    def texts(self) -> dict[str, list[str]]:
        """The filters as a saved view keeps them."""
        return _texts(self.chosen)

    @property
    def key(self) -> str:
        """Under which a person keeps how this list looks."""
        return f"saved:{self.kept.pk}" if self.kept else self.view

    @property
    def query(self) -> str:
        """The state as a query string; the page is not part of it."""
        pairs = [("saved", str(self.kept.pk))] if self.kept else [("view", self.view)]
        if self.is_edited:
            pairs += [("edited", "1"), ("view", self.view)]
        if self.kept is None or self.is_edited:
            pairs += [(name, text) for name, texts in self.texts.items() for text in texts]
        if self.sort and self.sort != self.usual_sort:
            pairs.append(("sort", self.sort))
        if self.columns:
            pairs.append(("columns", ",".join(self.columns)))
        return urlencode(pairs)

    @property
    def url(self) -> str:
        return f"{reverse('feedback:queue')}?{self.query}"

    @property
    def words(self) -> str:
        """What was searched for."""
        return self.chosen["q"][0].text if "q" in self.chosen else ""

    def page_url(self, page: int) -> str:
        return f"{self.url}&page={page}"

    def sorted_by(self, sort: str) -> "QueueState":
        return replace(self, sort=sort, page=1)

    def without_filters(self) -> "QueueState":
        return replace(self, chosen={}, page=1)

    def as_kept(self) -> "QueueState":
        """The saved view as it was before it was edited."""
        kept = self.kept
        if kept is None:
            return self
        return replace(self, view=kept.record.view, chosen=kept.chosen, sort="", page=1)

    def without_columns(self) -> "QueueState":
        return replace(self, columns=())

    def without_view(self) -> "QueueState":
        """The named list, with the same filters but without the condition of a saved view."""
        return replace(self, kept=None, page=1)

    def chips(self) -> list[Chip]:
        return [
            Chip(known.label, one.words, self._without(name, one).url)
            for name, values in self.chosen.items()
            if (known := filter_named(name)) is not None
            for one in values
        ]

    def _without(self, name: str, value: Value) -> "QueueState":
        left = {
            key: tuple(v for v in values if (key, v) != (name, value))
            for key, values in self.chosen.items()
        }
        return replace(self, chosen={key: values for key, values in left.items() if values})


def read_query(query: str, user: User) -> QueueState:
    """`read_queue` for a query string, such as a record keeps of the list it was opened from."""
    try:
        params = parse_qs(query, max_num_fields=100)
    except ValueError as broken:  # more names than any list has
        raise FilterNotKnown("list") from broken
    return read_queue(params, user)


def read_queue(params: Mapping[str, Sequence[Any]], user: User) -> QueueState:
    """Understand the parameters of a list's URL: name → values. Raises FilterNotKnown, naming
    the field, for a filter, value, order or page that does not exist. Empty values count as
    not given; filters without a view mean all records that count."""
    chosen: dict[str, tuple[Value, ...]] = {}
    plain: dict[str, str] = {}
    for name, given in params.items():
        texts = [str(text).strip() for text in given if str(text).strip()]
        if name in PLAIN:
            plain[name] = texts[-1] if texts else ""
        elif filter_named(name) is not None:
            if texts:
                chosen[name] = read_values(name, texts, user)
        elif name not in TOLERATED:
            raise FilterNotKnown(name)
    kept = kept_view(plain["saved"], user) if plain.get("saved") else None
    if kept is not None and not plain.get("edited"):
        chosen = {**kept.chosen, **chosen}
    view = plain.get("view") or (kept.record.view if kept else "")
    view = view or ("all" if chosen else DEFAULT_VIEW)
    if view not in VIEWS:
        raise FilterNotKnown("view", view)
    sort = plain.get("sort") or ""
    if sort and not may_sort(view, sort):
        raise FilterNotKnown("sort", sort)
    columns = _columns(plain.get("columns") or "")
    return QueueState(view, sort, _page(plain.get("page") or "1"), chosen, kept, columns)


def _texts(chosen: Mapping[str, Sequence[Value]]) -> dict[str, list[str]]:
    return {name: [one.text for one in values] for name, values in chosen.items()}


def _columns(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    known = {column.name for column in find_columns(names)}
    for name in names:
        if name not in known:
            raise FilterNotKnown("columns", name[:60])
    return names


def may_sort(view: str, sort: str) -> bool:
    """Whether a list can have this order: the name of one, or that of a column with a
    direction, as in `number.asc`."""
    if sort in SORTS:
        return sort in VIEWS[view].sorts
    found = _column_of(sort)
    return found is not None and found[0].sorts(everything=VIEWS[view].everything)


def _column_of(sort: str) -> tuple[Column, bool] | None:
    """The column that an order goes by, and whether it falls."""
    name, _dot, direction = sort.rpartition(".")
    if direction not in {"asc", "desc"}:
        return None
    found = find_columns([name])
    return (found[0], direction == "desc") if found else None


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0):
        raise FilterNotKnown("page", text[:60])
    return int(text)


def columns_of(state: QueueState, user: User) -> list[Column]:
    """The columns of a list: those that its address names, else as this person wants this list,
    else as the saved view has it, else the usual ones."""
    own = user.list_choices.get("columns") or {}
    for names in (state.columns, own.get(state.key), state.kept and state.kept.record.columns):
        if names and (found := columns_named(names, user)):
            return found
    return find_columns(USUAL)


def sorted_by_column(state: QueueState, column: Column) -> tuple[str, str]:
    """The address of the list in the order of a column, and how it stands in that order now
    (`ascending`, `descending` or empty). The address is empty when it cannot be."""
    view = VIEWS[state.view]
    now = _OF_SORT.get(state.order)
    if now is None:
        by = _column_of(state.order)
        now = (by[0].name, by[1]) if by else None
    is_now = now is not None and now[0] == column.name
    falls = not now[1] if is_now and now is not None else column.name in FALLS_FIRST
    stands = ("descending" if now[1] else "ascending") if is_now and now is not None else ""
    for wanted in (falls, not falls):
        same = SAME_ORDER.get((column.name, wanted))
        sort = same if same in view.sorts else f"{column.name}.{'desc' if wanted else 'asc'}"
        if may_sort(state.view, sort):
            return (state.sorted_by(sort).url, stands)
    return ("", stands)


def queue_url(**filters: Any) -> str:
    """The link to a list: `queue_url(view="overdue")`, `queue_url(category=category,
    received_from=day, received_to=day)`.

    Values may be what code has (models, enums, days, None for "none", lists of these). Filters
    without a view mean all records that count (neither spam nor merged). Raises FilterNotKnown
    for a name that does not exist.
    """
    pairs = [("view", filters.pop("view", "all" if filters else DEFAULT_VIEW))]
    sort = filters.pop("sort", "")
    for name, value in filters.items():
        if filter_named(name) is None:
            raise FilterNotKnown(name)
        pairs += [(name, text) for text in texts_of(value)]
    if sort:
        pairs.append(("sort", sort))
    return f"{reverse('feedback:queue')}?{_encoded(tuple(pairs))}"


@lru_cache(maxsize=4096)
def _encoded(pairs: tuple[tuple[str, str], ...]) -> str:
    """A dashboard has hundreds of such links, and the same ones an hour later."""
    return urlencode(pairs)


def queue_records(
    state: QueueState, user: User, *, now: datetime | None = None
) -> FeedbackQuerySet:
    """The records of a list, unordered: what `user` may see of what the state asks for."""
    now = now or timezone.now()
    records = Feedback.objects.visible_to(user)
    records = records.filter(VIEWS[state.view].where(user, now))
    if counts_customers(state):
        records = records.exclude(channel=Channel.STAFF)
    for name, values in state.chosen.items():
        asked = filter_named(name)
        if asked is None:  # it went while we were reading
            raise FilterNotKnown(name)
        records = records.filter(asked.where([one.meaning for one in values]))
    return records if state.kept is None else records.filter(state.kept.where(user, now=now))


def counts_customers(state: QueueState) -> bool:
    """Whether a list is what figures about customers count, without the suggestions of staff: all
    records, or those of some days; unless it asks for them, by their channel or by words."""
    if state.view != "all" or "q" in state.chosen:
        return False
    return Channel.STAFF not in {one.meaning for one in state.chosen.get("channel", ())}


def in_order(records: FeedbackQuerySet, state: QueueState) -> FeedbackQuerySet:
    if state.order in SORTS:
        return records.order_by(*SORTS[state.order][1])
    found = _column_of(state.order)
    return records.order_by(*(found[0].order_by(descending=found[1]) if found else ["-id"]))


def count_in_words(count: int) -> str:
    """1,284 – and 10,000+ for what is not counted to the end."""
    return f"{CAP:,}+" if count > CAP else f"{count:,}"


def capped_count(records: QuerySet[Any]) -> int:
    """Exact up to CAP; CAP + 1 means "more"."""
    return records.order_by()[: CAP + 1].count()


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: Sequence[Feedback]
    total: int  # CAP + 1 = more than CAP
    page: int
    first: int  # position of the first row in the whole list, from 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.total, CAP) // PAGE_SIZE))

    @property
    def has_more(self) -> bool:
        return self.page < self.pages

    @property
    def is_capped(self) -> bool:
        return self.total > CAP


def queue_page(
    state: QueueState,
    user: User,
    *,
    total: int | None = None,
    columns: Iterable[Column] = (),
) -> QueuePage:
    """25 rows of a list with everything a row shows; a page past the end gives the last one.
    `total`: how many there are, from a caller who has counted. `columns`: those that are shown,
    where they are not the usual ones."""
    records = queue_records(state, user)
    columns = list(columns)
    page = state.page
    rows = _rows(records, state, page, columns) if page <= CAP // PAGE_SIZE else []
    if page == 1 and len(rows) < PAGE_SIZE:
        return QueuePage(rows, len(rows), 1, 1)
    if total is None:
        total = capped_count(records)
    if not rows and total:
        page = -(-min(total, CAP) // PAGE_SIZE)
        rows = _rows(records, state, page, columns)
    return QueuePage(rows, total, page, (page - 1) * PAGE_SIZE + 1)


def _rows(
    records: FeedbackQuerySet, state: QueueState, page: int, columns: list[Column]
) -> list[Feedback]:
    start = (page - 1) * PAGE_SIZE
    # First which, then everything about them: otherwise page 400 joins 10,000 rows for nothing.
    which = in_order(records, state).values("pk")[start : start + PAGE_SIZE]
    rows_of_page = rows_with(Feedback.objects.filter(pk__in=which), columns)
    if state.view == "negative":
        left = NegativePoint.objects.filter(case=OuterRef("pk"), done_at=None).order_by("pk")
        rows_of_page = rows_of_page.annotate(points_left=ArraySubquery(left.values("kind")))
    # What is covered in them is believed by it, without a statement of its own.
    rows_of_page = rows_of_page.annotate(settings_stamp=settings_stamp())
    return list(in_order(rows_of_page, state))


def view_counts(user: User) -> dict[str, int]:
    """How many records each counted view has for this person; CAP + 1 = more than CAP.

    One pass over what is open, which is little beside what was ever received; only when more
    than CAP are open is each view counted apart.
    """
    now = timezone.now()
    counted = {name: view.where(user, now) for name, view in VIEWS.items() if view.count}
    visible = Feedback.objects.visible_to(user)
    window = visible.open().order_by()[: CAP + 1]
    counted_all = {name: Count("pk", filter=q) for name, q in counted.items()}
    counts = window.aggregate(in_all=Count("pk"), **counted_all)
    if counts.pop("in_all") <= CAP:
        return counts
    return {name: capped_count(visible.filter(q)) for name, q in counted.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in the list it was opened from; `stays` is False once it left, or
    moved far away because of what was done with it."""

    state: QueueState
    stays: bool
    at: int
    total: int
    previous: int | None
    next: int | None

    @property
    def total_words(self) -> str:
        return count_in_words(self.total)

    def link(self, number: int, at: int) -> str:
        asked = urlencode({"list": self.state.query, "at": at})
        return f"{reverse('feedback:record', args=[number])}?{asked}"

    @property
    def next_url(self) -> str:
        # Once the record has left, the one after it stands where it stood.
        at = self.at + 1 if self.stays else self.at
        return self.link(self.next, at) if self.next else ""

    @property
    def previous_url(self) -> str:
        return self.link(self.previous, max(1, self.at - 1)) if self.previous else ""


def place_in_list(state: QueueState, user: User, number: int, at: int) -> Place:
    """Find `number` near position `at` (from 1) of a list that may have moved meanwhile.

    A record that was answered or resolved leaves the list or sinks in it: whoever works through
    the list then goes on from where it stood, not from where it landed.
    """
    records = queue_records(state, user)
    start = max(0, at - 1 - WINDOW)
    numbers = list(in_order(records, state).values_list("number", flat=True)[start : at + WINDOW])
    total = start + len(numbers) if len(numbers) < at + WINDOW - start else capped_count(records)
    index = numbers.index(number) if number in numbers else None
    if index is not None and abs(start + index + 1 - at) <= SHIFT:
        after, before, at = index + 1, index - 1, start + index + 1
    else:
        numbers = [one for one in numbers if one != number]
        after, before = at - 1 - start, min(at - 2 - start, len(numbers) - 1)
    return Place(
        state=state,
        stays=number in numbers,
        at=at,
        total=total,
        previous=numbers[before] if before >= 0 else None,
        next=numbers[after] if after < len(numbers) else None,
    )
