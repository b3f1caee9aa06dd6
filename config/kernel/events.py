"""Facts an app announces upwards. It never learns who listens."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass

from django.conf import settings

from config.kernel.jobs import enqueue, enqueue_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Subclass per fact: past tense, ids only, defined in `<app>/events.py`."""

    @classmethod
    def name(cls) -> str:
        return f"{cls.__module__.partition('.')[0]}.{cls.__name__}"


def announce(event: Event) -> None:
    """Queue one job per listener named in settings.EVENT_SUBSCRIBERS.

    The jobs commit or vanish together with the transaction that announces.
    """
    held = _held.get()
    if held is not None:
        held.append(event)
        return
    for path in settings.EVENT_SUBSCRIBERS.get(event.name(), ()):
        enqueue(path, **asdict(event))


_held: ContextVar[list[Event] | None] = ContextVar("held events", default=None)


@contextmanager
def held_back() -> Iterator[list[Event]]:
    """Inside, what is announced is collected instead of queued: `announce_all` then takes one
    job for many. Whoever changes their mind takes an event out of the list."""
    held: list[Event] = []
    token = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(token)


def announce_all(events: Sequence[Event]) -> None:
    """Announce many: each listener hears of each of them, in this order, each for itself."""
    for name in dict.fromkeys(event.name() for event in events):
        payloads = [asdict(event) for event in events if event.name() == name]
        for path in settings.EVENT_SUBSCRIBERS.get(name, ()):
            enqueue_each(path, payloads)
