from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.services.rolling_up import build_everything, differences, roll_up_due


class Command(BaseCommand):
    help = (
        "Roll up the days that changed since, as the worker does. --rebuild: all days from the "
        "beginning; pages count the records meanwhile. --check: say where roll-ups and records "
        "differ, and fail if they do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--rebuild", action="store_true")
        what.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        else:
            build_everything() if options["rebuild"] else roll_up_due(seconds=float("inf"))
            self.stdout.write("Roll-ups are up to date.")

    def _check(self) -> None:
        found = differences()
        for one in found:
            self.stdout.write(f"{one.day} {one.fact} {one.grouping or '(all)'}")
        if found:
            raise CommandError(f"{len(found)} days differ: manage.py roll_ups --rebuild")
        self.stdout.write("Roll-ups and records agree.")
