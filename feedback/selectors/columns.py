"""The columns that a list of records can have: declared once, for pages, exports and the API.

A branch or an app that adds one calls `register_column` in AppConfig.ready(); what people make
at run time (custom fields) comes through `register_column_source`. Drawing is the business of
templatetags.columns, which draws any value by its type.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from feedback.models.feedback import FeedbackQuerySet

MOST_COLUMNS = 20
RECORD = pgettext_lazy("group of columns", "Record")
ALWAYS = "subject"  # carries the link to the record

NO_INDEX = _("Only what is still open can be put in this order; all records would take too long.")
NO_ORDER = _("There is no order in which these could stand.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    `value` gives what a record has, plain: text, number, date, moment, yes or no, a list of
    texts, or None. It must not make a query: `related` (for select_related), `only` (columns to
    load beside those of every row), `annotations` and `prefetch` name what it reads.
    `order` gives the expressions that sort by it, ascending; None where there is no order. What
    has an index over the whole table says so (`indexed`): only such columns sort lists that are
    not limited to what is open. `permission` is asked before it is offered or shown.
    """

    name: str
    label: Promise | str
    value: Callable[[Any], Any]  # of what stands in the row
    group: Promise | str = RECORD
    related: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    annotations: Callable[[], dict[str, Any]] | None = None
    prefetch: Callable[[], Sequence[Any]] | None = None
    order: Callable[[], Sequence[Any]] | None = None
    indexed: bool = False
    permission: str = ""
    css: str = ""
    # Words of people: what tells who somebody is, is covered in lists and files.
    is_written: bool = False

    def sorts(self, *, everything: bool) -> bool:
        """Whether a list can be put in its order; `everything`: a list over the whole table."""
        return self.order is not None and (self.indexed or not everything)

    def why_not_sorted(self, *, everything: bool) -> Promise | str:
        """Empty when it can be."""
        if self.sorts(everything=everything):
            return ""
        return NO_ORDER if self.order is None else NO_INDEX

    def order_by(self, *, descending: bool) -> list[Any]:
        """Empty values always stand last; records that are equal stand newest first."""
        steps = [F(step) if isinstance(step, str) else step for step in (self.order or list)()]
        if descending:
            return [*(step.desc(nulls_last=True) for step in steps), "-id"]
        return [*(step.asc(nulls_last=True) for step in steps), "-id"]


ColumnSource = Callable[[], Iterable[Column]]


@dataclass(slots=True)
class _Registry:
    fixed: dict[str, Column] = field(default_factory=dict)
    sources: dict[str, ColumnSource] = field(default_factory=dict)


_registry = _Registry()


def register_column(column: Column) -> Column:
    """Offer a column in every list of records. Raises ValueError for a name that is taken."""
    known = _registry.fixed.get(column.name)
    if known is not None and known is not column:
        raise ValueError(f"There is a column called {column.name} already")
    _registry.fixed[column.name] = column
    return column


def register_column_source(prefix: str, source: ColumnSource) -> None:
    """Columns that are made at run time: `source()` gives those there are now, each called
    `prefix.something`. It is asked only when such a name is used or columns are to be chosen."""
    _registry.sources[prefix] = source


def columns_offered(user: User | None = None) -> list[Column]:
    """Every column there is, those that `user` may see when one is given."""
    found = [
        *_registry.fixed.values(),
        *(column for source in _registry.sources.values() for column in source()),
    ]
    return [one for one in found if user is None or may_see(one, user)]


def may_see(column: Column, user: User) -> bool:
    return not column.permission or user.has_perm(column.permission)


def find_columns(names: Iterable[str]) -> list[Column]:
    """The columns of these names, in their order; names that mean nothing are left out."""
    asked: dict[str, dict[str, Column]] = {}
    found = []
    for name in dict.fromkeys(names):
        column = _registry.fixed.get(name)
        prefix = name.partition(".")[0]
        if column is None and prefix in _registry.sources:
            if prefix not in asked:
                asked[prefix] = {one.name: one for one in _registry.sources[prefix]()}
            column = asked[prefix].get(name)
        if column is not None:
            found.append(column)
    return found


def columns_named(names: Sequence[str], user: User) -> list[Column]:
    """What a list with these columns shows to this person: those that exist and that they may
    see, the subject always; an empty list when nothing is left of `names`."""
    found = [one for one in find_columns(names) if may_see(one, user)][:MOST_COLUMNS]
    if found and all(one.name != ALWAYS for one in found):
        found.insert(0, _registry.fixed[ALWAYS])
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """The columns that one kind of list can have, for the form in which they are chosen."""

    offered: Callable[[User | None], list[Column]]
    find: Callable[[Iterable[str]], list[Column]]
    always: str = ALWAYS
    sorts: bool = True  # its headings put it in order


OF_RECORDS = Offer(columns_offered, find_columns)


def rows_with(records: FeedbackQuerySet, columns: Iterable[Column]) -> FeedbackQuerySet:
    """`records` with everything that a row with these columns shows, and nothing else."""
    related: list[str] = []
    only: list[str] = []
    annotations: dict[str, Any] = {}
    prefetch: list[Any] = []
    for column in columns:
        related += column.related
        only += column.only
        if column.annotations is not None:
            annotations |= column.annotations()
        if column.prefetch is not None:
            prefetch += column.prefetch()
    rows = records.for_queue_page(related=related, only=only)
    if annotations:
        rows = rows.annotate(**annotations)
    return rows.prefetch_related(*prefetch) if prefetch else rows
