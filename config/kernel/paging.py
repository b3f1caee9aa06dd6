"""Pages of lists that may be very long."""

from functools import cached_property
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet

CAP = 10_000  # counted exactly up to here, and the last one that can be paged to


class CappedPaginator(Paginator):
    """Counts no further than anybody leafs; `said` is what the list then says instead. Where it
    is known that there are `at_least` so many, they may need no counting."""

    def __init__(self, *args: Any, at_least: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at_least = at_least

    @cached_property
    def _found(self) -> int:
        if self.at_least > CAP:
            return self.at_least
        return cast("QuerySet[Any]", self.object_list).order_by()[: CAP + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._found, CAP)

    @property
    def said(self) -> str:
        return f"{CAP:,}+" if self._found > CAP else ""
