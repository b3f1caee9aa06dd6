from dataclasses import dataclass

from config.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSettled(Event):
    """A message left us or will not: it was sent, failed for good, or was suppressed."""

    outgoing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCameBack(Event):
    """A message that had been handed over was not delivered after all."""

    outgoing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMerged(Event):
    """Two customers are one: whatever points to `gone_id` belongs to `kept_id`."""

    kept_id: int
    gone_id: int
    by_id: int
