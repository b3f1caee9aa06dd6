from dataclasses import dataclass

from config.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSubmitted(Event):
    """A response is complete; its answers are stored."""

    response_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseCorrected(Event):
    """Staff put other answers in the place of those of a complete response."""

    response_id: int
