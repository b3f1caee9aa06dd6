"""Who keeps what about customers. Each app that does says here how its part is exported and
forgotten (in AppConfig.ready()), so that one request reaches every table."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from accounts.models import Customer


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data: the customer, and all rows that turned out to be the same person."""

    ids: Sequence[int]
    addresses: Sequence[str]  # values of contacts of every kind
    redact: Callable[[str], str]
    contents: bool = False  # also what was said goes, not only who said it


@dataclass(frozen=True, slots=True)
class Exported:
    """What one app knows: plain JSON, and files as (name within the archive, how to open it)."""

    data: Any
    files: Sequence[tuple[str, Callable[[], BinaryIO]]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Keeper:
    """`forget` says how many rows of what it changed; it is called within a transaction and must
    be safe to run again."""

    name: str
    export: Callable[[Person], Exported]
    forget: Callable[[Person], dict[str, int]]


_keepers: dict[str, Keeper] = {}


def register_keeper(keeper: Keeper) -> Keeper:
    _keepers[keeper.name] = keeper
    return keeper


def keepers() -> Iterator[Keeper]:
    """Accounts last: the others look things up by what it forgets."""
    yield from sorted(_keepers.values(), key=lambda one: one.name == "accounts")


def rows_of(customer: Customer) -> list[int]:
    """Its id and those of the rows that were merged into it, however long the chain."""
    found, new = {customer.pk}, {customer.pk}
    while new:
        below = Customer.objects.filter(merged_into__in=new).values_list("pk", flat=True)
        new = set(below) - found
        found |= new
    return sorted(found)
