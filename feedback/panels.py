"""Places on the record page that apps above may fill; they register in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from feedback.models import Feedback


@dataclass(frozen=True, slots=True)
class Panel:
    """A card beside the conversation: `template` is rendered with `context` and nothing else
    besides `user` and `csrf_token`."""

    title: Any
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    icon: str = "panel-right"


Source = Callable[[Feedback, Any], Panel | None]
_sources: list[Source] = []


def register_panel(source: Source) -> Source:
    """`source(feedback, user)` gives the card for one record, in a fixed number of queries, or
    None when there is nothing to show."""
    if source not in _sources:
        _sources.append(source)
    return source


def panels_for(feedback: Feedback, user: Any) -> list[Panel]:
    found = (source(feedback, user) for source in _sources)
    return [panel for panel in found if panel is not None]
