from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from feedback.models import StaleEntry
from feedback.services.search_index import ask_for_rebuild, index_what_changed

STEP = 5.0  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Builds anew what records and customers can be found by, newest first, while everything "
        "is in use. When it is interrupted the worker goes on; --resume goes on here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--resume", action="store_true", help="finish what was begun, begin nothing"
        )
        parser.add_argument(
            "--later", action="store_true", help="only note it; the worker does it"
        )

    def handle(self, *, resume: bool, later: bool, **options: Any) -> None:
        if not resume:
            ask_for_rebuild()
        if later:
            self.stdout.write("Noted. The worker builds the search anew beside its other work.")
            return
        total = 0
        while written := index_what_changed(budget=STEP):
            total += written
            self.stdout.write(f"{total:,} entries written")
        if StaleEntry.objects.exists():
            self.stdout.write("Another process is at it and goes on.")
        else:
            self.stdout.write("Done.")
