"""The groups of a cross analysis: what is asked for them, and their sums by some of the
dimensions only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.sums import Sums
from analytics.selectors.cross.asking import CrossAsking
from analytics.selectors.cross.heads import Head
from analytics.selectors.facts.dimension import Key
from analytics.selectors.facts.question import Question, asked

Keys = tuple[Key, ...]


def question_of(asking: CrossAsking, by: tuple[int, ...]) -> Question:
    return asked(
        asking.metric.key,
        asking.base.period,
        by=[asking.by[at] for at in by],
        filters=asking.base.keys,
        compares=False,
        further=asking.further,
    )


def needed_of(asking: CrossAsking) -> list[tuple[int, ...]]:
    """What has to be asked: everything together, and what does not add up of it."""
    places = tuple(range(len(asking.dimensions)))
    many = {at for at in places if asking.dimensions[at].is_many}
    wanted = [places]
    wanted += [tuple(one for one in places if one != at) for at in sorted(many & {0, 1})]
    if {0, 1} <= many:
        wanted.append(places[2:])
    return wanted


@dataclass(frozen=True)
class Counted:
    """`found`: for each choice of dimensions the sums of its groups."""

    asking: CrossAsking
    found: Mapping[tuple[int, ...], Mapping[Keys, Sums]]

    @property
    def _many(self) -> set[int]:
        return {at for at, one in enumerate(self.asking.dimensions) if one.is_many}

    def drops(self, at: int) -> bool:
        """Whether what is without any is no part of the table."""
        return self.asking.only_known or self.asking.dimensions[at].is_known_only

    def _is_part(self, places: Sequence[int], keys: Keys) -> bool:
        return not any(
            key is None and self.drops(at) for at, key in zip(places, keys, strict=True)
        )

    def over(self, places: tuple[int, ...]) -> dict[Keys, Sums]:
        """By some of the dimensions only. Those that things have several values of do not add
        up, and were asked without."""
        sources = [one for one in self.found if set(places) <= set(one)]
        adding = [one for one in sources if not self._many & (set(one) - set(places))]
        # Without one that adds up only the sizes of groups are asked for, to put them in order.
        source = max(adding or sources, key=len)
        found: dict[Keys, Sums] = {}
        for keys, sums in self.found[source].items():
            if self._is_part(source, keys):
                kept = tuple(keys[source.index(at)] for at in places)
                found[kept] = found[kept] + sums if kept in found else sums
        return found


def size_of(metric: Metric, sums: Sums) -> int:
    """How many things are behind it."""
    if metric.uses_cells:
        return sum(sums.cells.values())
    found = metric.measured(sums)
    return max(sums[metric.listed], found.n)


def put_together(
    found: Mapping[Keys, Sums], sides: Sequence[Sequence[Head]]
) -> dict[tuple[int, ...], Sums]:
    """The sums of what heads hold, by the places of the heads. Every group is looked at once: the
    others of three dimensions together would be millions of combinations."""
    places = [{key: at for at, head in enumerate(side) for key in head.keys} for side in sides]
    together: dict[tuple[int, ...], Sums] = {}
    for keys, sums in found.items():
        if all(key in place for place, key in zip(places, keys, strict=True)):
            at = tuple(place[key] for place, key in zip(places, keys, strict=True))
            together[at] = together[at] + sums if at in together else sums
    return together


def all_of(found: Mapping[Keys, Sums], layer: Head | None) -> Sums:
    total = Sums()
    for keys, sums in found.items():
        if layer is None or keys[-1] in layer.keys:
            total = total + sums
    return total
