from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.text.bars import TASKS, Measured, measured, table
from analytics.text.training import SECONDS


class Command(BaseCommand):
    help = (
        "Measures the reading of texts by the collections in a folder: learns from seven tenths "
        "of each, asks about three tenths, and writes a table of what must be reached. Ends with "
        "1 where it is not. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--only", default="", help="tasks whose name has this")
        parser.add_argument("--seconds", type=float, default=SECONDS, help="of learning each")

    def handle(self, *args: Any, folder: Path, only: str, seconds: float, **options: Any) -> None:
        lines: list[Measured] = []
        for task in TASKS:
            if only not in task.name:
                continue
            try:
                lines += measured(task, folder, seconds)
            except FileNotFoundError:
                self.stderr.write(f"{task.file} is not in {folder}: {task.name} left out")
        if not lines:
            raise CommandError(f"{folder} has none of the collections.")
        table(lines, self.stdout.write)
        if not all(one.bar.holds(one.value) for one in lines):
            raise SystemExit(1)
