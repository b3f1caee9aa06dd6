"""Random samples that can be gone on with, and repeated by anybody who has the seed. Pure."""

import hashlib
import heapq
from collections.abc import Iterable


def place_in_draw(seed: str, number: int) -> str:
    """Where a person stands: the smaller, the earlier. SHA-256 of "seed:number" in hex."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def drawn_up_to(seed: str, numbers: Iterable[int], size: int) -> str:
    """The place of the last one who is in a sample of `size`; "" when all are, or nobody is
    there to draw from. `size` is at least 1."""
    places = heapq.nsmallest(size + 1, (place_in_draw(seed, one) for one in numbers))
    return places[size - 1] if len(places) > size else ""


def is_drawn(seed: str, number: int, up_to: str) -> bool:
    return not up_to or place_in_draw(seed, number) <= up_to
