"""A list of records as rows of values: for files and for paper. The same filters, columns, order
and rights as on the page."""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts.models import User
from accounts.selectors.personal_data import NOTHING_COVERED, Cover
from feedback.models import Feedback
from feedback.selectors.columns import Column, rows_with
from feedback.selectors.queue import QueueState, in_order, queue_records

MOST = 100_000  # rows of one file
AT_A_TIME = 500


def ids_in_order(state: QueueState, user: User, *, most: int = MOST) -> list[int]:
    """Which records the list shows to this person now, in its order."""
    records = in_order(queue_records(state, user), state)
    return list(records.values_list("pk", flat=True)[:most])


def rows_of(
    ids: Sequence[int], columns: Sequence[Column], *, cover: Cover = NOTHING_COVERED
) -> Iterator[tuple[Feedback, list[Any]]]:
    """Each record with the values of its columns, a few hundred read at a time; what `cover`
    says is covered in what people wrote. Whoever calls has looked the ids up for somebody who may
    see them."""
    for start in range(0, len(ids), AT_A_TIME):
        some = ids[start : start + AT_A_TIME]
        found = rows_with(Feedback.objects.filter(pk__in=some), columns).in_bulk(some)
        for pk in some:
            if pk in found:
                yield found[pk], [_value(column, found[pk], cover) for column in columns]


def _value(column: Column, record: Feedback, cover: Cover) -> Any:
    value = column.value(record)
    return cover.value(value) if column.is_written else value
