"""So many at a time, over all processes: places that a dead process gives back by dying."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_of(name: str, places: int) -> Iterator[bool]:
    """True while one of the `places` of this name is ours, False when all are taken.

    A lock of the database session and not a row: it needs no open transaction and no time at
    which it ends.
    """
    taken = next((place for place in range(places) if _try(name, place)), None)
    try:
        yield taken is not None
    finally:
        if taken is not None:
            _ask("SELECT pg_advisory_unlock(hashtext(%s), %s)", name, taken)


def _try(name: str, place: int) -> bool:
    return _ask("SELECT pg_try_advisory_lock(hashtext(%s), %s)", name, place)


def _ask(sql: str, name: str, place: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [name, place])
        return bool(cursor.fetchone()[0])
