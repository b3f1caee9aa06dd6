from dataclasses import dataclass

from config.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSettled(Event):
    """A message left us or will not: it was sent, failed for good, was suppressed, or was
    cancelled with the queue (not when its author took it back)."""

    outgoing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCameBack(Event):
    """A message that had been handed over was not delivered after all."""

    outgoing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMerged(Event):
    """Two customers are one (accounts.CustomerMerge): whatever points to the row that goes
    belongs to the one that stays."""

    merge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersSeparated(Event):
    """A merge of two customers was taken back: what was moved because of it goes back."""

    merge_id: int
    by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRegarded(Event):
    """A customer is regarded otherwise: tier, manager, organisation, language or one of their
    fields changed, which what we promise may depend on."""

    customer_id: int
