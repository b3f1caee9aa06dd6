"""Facts an app announces upwards. It never learns who listens."""

from dataclasses import asdict, dataclass

from django.conf import settings

from config.kernel.jobs import enqueue


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
    for path in settings.EVENT_SUBSCRIBERS.get(event.name(), ()):
        enqueue(path, **asdict(event))
