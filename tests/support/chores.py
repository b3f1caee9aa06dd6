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
