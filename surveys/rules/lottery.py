"""A draw that anybody can repeat. Pure.

Before the first ticket is given away, the digest of a secret seed is published. At the draw the
seed is published too: that it has that digest shows that it was not chosen afterwards, and with
it everybody gets the same order of tickets.
"""

import hashlib
from collections.abc import Iterable, Sequence


def seed_digest(seed: str) -> str:
    """SHA-256 of the seed in hexadecimal: what is published beforehand."""
    return hashlib.sha256(seed.encode()).hexdigest()


def place_of(seed: str, ticket: str) -> str:
    """What tickets are ordered by: SHA-256 of "seed:ticket" in hexadecimal."""
    return hashlib.sha256(f"{seed}:{ticket}".encode()).hexdigest()


def drawn(seed: str, tickets: Iterable[str], winners: int) -> Sequence[str]:
    """The first `winners` tickets in the order of `place_of`; all of them when they are fewer.
    The same for the same tickets in whatever order they are given."""
    return sorted(set(tickets), key=lambda ticket: place_of(seed, ticket))[:winners]
