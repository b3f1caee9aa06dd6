from dataclasses import dataclass

from config.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSubmitted(Event):
    """A response is complete; its answers are stored."""

    response_id: int
