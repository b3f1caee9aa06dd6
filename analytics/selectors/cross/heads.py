"""Rows and columns of a table: in their order, small ones put together to “other”."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import pgettext

from analytics.metrics.column_letters import letter_of
from analytics.selectors.facts.dimension import Dimension, Key, names_of

MOST_IN_ORDER = 60  # what has an order of its own (months, ratings) is not put together below


@dataclass(frozen=True, slots=True)
class Head:
    """`keys` are the values that it holds: one, or those that were put together."""

    keys: tuple[Key, ...]
    label: str
    size: int
    letter: str = ""
    is_rest: bool = False


def heads_of(
    dimension: Dimension, sizes: Mapping[Key, int], most: int, *, by_name: bool
) -> tuple[list[Head], int]:
    """At most `most` heads by themselves, and one for the others; how many are left out where the
    others cannot be put together, because one thing may be in several."""
    present = {key: size for key, size in sizes.items() if size > 0}
    names = names_of(dimension, present)
    heads = [Head((key,), names[key], size) for key, size in present.items()]
    order = dimension.order
    heads.sort(key=lambda head: (head.keys[0] is None, -head.size, head.label))
    most = max(most, MOST_IN_ORDER) if order is not None else most
    largest = sorted(heads, key=lambda head: (-head.size, head.label))
    rest = largest[most:] if len(largest) > most + 1 else []
    left_out = {head.keys for head in rest}
    kept = [head for head in heads if head.keys not in left_out]
    if order is not None:
        kept.sort(
            key=lambda head: (
                head.keys[0] is None,
                0 if head.keys[0] is None else order(head.keys[0]),
            )
        )
    elif by_name:
        kept.sort(key=lambda head: (head.keys[0] is None, head.label))
    if rest and not dimension.is_many:
        keys = tuple(head.keys[0] for head in rest)
        size = sum(head.size for head in rest)
        kept.append(Head(keys, pgettext("rest of a chart", "Others"), size, is_rest=True))
    lettered = [replace(head, letter=letter_of(at)) for at, head in enumerate(kept)]
    return lettered, len(rest) if dimension.is_many else 0
