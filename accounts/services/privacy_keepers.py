"""Who keeps what about customers. Each app that does says here how its part is exported and
forgotten (in AppConfig.ready()), so that one request reaches every table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import models

from accounts.models import Customer

# {model: names of its fields}
Fields = Mapping[type[models.Model], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data: the customer, and all rows that turned out to be the same person."""

    ids: Sequence[int]
    addresses: Sequence[str]  # values of contacts of every kind
    redact: Callable[[str], str]  # rules.masking.masker, with all that is known of them
    names_them: Callable[[str], bool]  # whether a text holds their name or a contact of theirs
    contents: bool = False  # also what was said goes, not only who said it


@dataclass(frozen=True, slots=True)
class Exported:
    """What one app knows: plain JSON, and files as (name within the archive, how to open it)."""

    data: Any
    files: Sequence[tuple[str, Callable[[], BinaryIO]]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Keeper:
    """`forget` says how many rows of what it changed; it is called within a transaction and must
    be safe to run again.

    `forgets` names every field that holds words, data or files about a customer and is emptied,
    masked or goes with its row; `exports` those of them that are in the copy. A field with text
    that is in no keeper's list fails a test, and so does one whose words come back.
    `held` says in words what of the customers' rows must be kept for now (a legal hold).
    """

    name: str
    export: Callable[[Person], Exported]
    forget: Callable[[Person], dict[str, int]]
    forgets: Fields = field(default_factory=dict)
    exports: Fields = field(default_factory=dict)
    held: Callable[[Sequence[int]], Iterable[str]] = lambda _ids: ()


_keepers: dict[str, Keeper] = {}


def register_keeper(keeper: Keeper) -> Keeper:
    _keepers[keeper.name] = keeper
    return keeper


def keepers() -> Iterator[Keeper]:
    """Accounts last: the others look things up by what it forgets."""
    yield from sorted(_keepers.values(), key=lambda one: one.name == "accounts")


def held_of(ids: Sequence[int]) -> list[str]:
    """What may not be removed now of what is kept about these customers, as people say it."""
    return [what for keeper in keepers() for what in keeper.held(ids)]


def rows_of(customer: Customer) -> list[int]:
    """Its id and those of the rows that were merged into it, however long the chain."""
    found, new = {customer.pk}, {customer.pk}
    while new:
        below = Customer.objects.filter(merged_into__in=new).values_list("pk", flat=True)
        new = set(below) - found
        found |= new
    return sorted(found)
