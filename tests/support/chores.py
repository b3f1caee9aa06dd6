"""Jobs for workers in tests."""

import time

from config.kernel.models import Beat


def mark(name: str) -> None:
    Beat.objects.mark(name)


def mark_and_stay(name: str, seconds: float) -> None:
    Beat.objects.mark(name)
    time.sleep(seconds)


def periodic() -> None:
    Beat.objects.mark("periodic")


def take_mail(envelope_from: str, recipients: list[str], raw: bytes) -> None:
    """A DEV_MAIL_HANDLER."""
    if b"Subject: refuse" in raw:
        raise RuntimeError("not this one")
    Beat.objects.mark(f"{envelope_from} {' '.join(recipients)}")
