"""Which categories are worth proposing beside the first. Pure."""

from collections.abc import Iterable, Mapping, Sequence

Read = Sequence[tuple[int, float | None]]


def further_of(
    main: int | None, read: Read, parents: Mapping[int, int | None]
) -> list[tuple[int, float | None]]:
    """The ids that were read (the likeliest first, with their confidence) without the main one and
    without what stands above another one that is said: “Delivery › Late” says “Delivery”.
    Without a main category nothing is further."""
    if main is None:
        return []
    known = [one for one in read if one[0] in parents and one[0] != main]
    above = _above([main, *(pk for pk, _sure in known)], parents)
    return [one for one in known if one[0] not in above]


def _above(ids: Iterable[int], parents: Mapping[int, int | None]) -> set[int]:
    found: set[int] = set()
    for pk in ids:
        parent = parents.get(pk)
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parents.get(parent)
    return found
