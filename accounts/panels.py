"""Places in the shell that apps above may fill; they register in AppConfig.ready()."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list that somebody kept: one line below "Queue" in the sidebar."""

    name: str
    url: str
    count: int | None = None
    icon: str = "hash"


SavedViews = Callable[[Any], Sequence[SavedView]]
_sources: list[SavedViews] = []


def register_saved_views(source: SavedViews) -> SavedViews:
    """`source(user)` gives the lines for one person, in at most one query."""
    if source not in _sources:
        _sources.append(source)
    return source


def saved_views(user: Any) -> list[SavedView]:
    if not user.is_authenticated:
        return []
    return [view for source in _sources for view in source(user)]
