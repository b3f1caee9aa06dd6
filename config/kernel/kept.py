"""Small tables that every request needs and that change once a week, kept by each process.

What tells that one of them changed is its *stamp*: a sum over where each row lies (`ctid`) and
which transaction put it there (`xmin`). Any change gives another one, also one that is rolled
back afterwards, and nothing has to be written for it: no trigger, no counter, no column that
somebody could forget. The stamps of all tables are read together, in one statement or along
with something that is read anyway (`settings_stamp`), so nobody ever sees yesterday's settings.

Not for tables of more than a few hundred rows, nor for those that change by the minute. What is
kept is shared by all requests: look at it, never change it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Model, TextField
from django.db.models.expressions import RawSQL

T = TypeVar("T")
Stamp = Sequence[str]

_tables: list[str] = []
_believed: ContextVar[Stamp | None] = ContextVar("believed stamp", default=None)


class Kept(Generic[T]):
    """`load()` gives what is made of the rows of `models`, and of nothing else. Calling the
    object gives it, too, from memory as long as it is true."""

    def __init__(self, load: Callable[[], T], *models: type[Model]) -> None:
        self._load = load
        self._at = [_place_of(model._meta.db_table) for model in models]
        self._kept: tuple[list[str], T] | None = None

    def __call__(self) -> T:
        believed = _believed.get()
        if believed is not None and len(believed) < len(_tables):
            believed = None
        mine = self._mine(read_stamp() if believed is None else believed)
        kept = self._kept
        if kept is not None and kept[0] == mine:
            return kept[1]
        # The stamp was read before the rows: what is kept is never older than it says.
        value = self._load()
        # Nor is it newer: under a stamp that is believed, this transaction may have changed the
        # rows, and may be rolled back. The stamp of before would then be true of them again.
        if believed is None or self._mine(read_stamp()) == mine:
            self._kept = (mine, value)
        return value

    def _mine(self, stamp: Stamp) -> list[str]:
        return [stamp[at] for at in self._at]


@contextmanager
def settings_at(stamp: Stamp | None = None) -> Iterator[None]:
    """Inside, whatever is kept is compared with this stamp, which was read a moment ago; without
    one it is read now. One statement then serves for everything that is looked up. Code
    that changes settings in it may be shown them as they were before."""
    token = _believed.set(stamp if stamp is not None else _believed.get() or read_stamp())
    try:
        yield
    finally:
        _believed.reset(token)


def settings_stamp() -> RawSQL:
    """For annotate(): what `settings_at` wants, without a statement of its own."""
    return RawSQL(_sql(), (), output_field=ArrayField(TextField()))  # noqa: S611 - our own names


def read_stamp() -> Stamp:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_sql()}")
        stamp: Stamp = cursor.fetchone()[0]
    return stamp


def _place_of(table: str) -> int:
    if table not in _tables:
        _tables.append(table)
    return _tables.index(table)


def _sql() -> str:
    parts = (
        f"(SELECT sum(hashtextextended(one.xmin::text || one.ctid::text, 0))::text"  # noqa: S608
        f" FROM {connection.ops.quote_name(table)} one)"
        for table in _tables
    )
    return f"ARRAY[{', '.join(parts)}]::text[]"
