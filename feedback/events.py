from dataclasses import dataclass

from config.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReceived(Event):
    """A new record exists; its first message is stored."""

    feedback_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """A customer wrote more about a record that exists."""

    feedback_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackResolved(Event):
    feedback_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReopened(Event):
    feedback_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackTakenFromSpam(Event):
    """It was taken for spam, and is a record like others now."""

    feedback_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomValuesChanged(Event):
    """Something was written into the custom fields of a record."""

    feedback_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAnonymised(Event):
    """Who a record was about is gone; what others keep of it has to follow."""

    feedback_id: int
