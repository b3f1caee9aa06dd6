import secrets
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.rules.demo_logins import DEMO_LOGINS, DEMO_PASSWORD
from analytics.demo.make import SEED, make_demo
from analytics.demo.remove import remove_demo
from config.kernel.errors import DomainError
from feedback.models import Feedback


class Command(BaseCommand):
    help = (
        "Makes an invented company with a year of feedback, or removes it. With DEBUG four "
        "people of it can be logged in as (they are printed); without, nobody can."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take it all away again")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there is any feedback"
        )
        parser.add_argument("--small", action="store_true", help="200 records instead of 6,000")
        parser.add_argument("--seed", type=int, default=SEED, help="another seed, another year")
        parser.add_argument(
            "--force-logins",
            action="store_true",
            help="without DEBUG too: the four logins get a random password, printed once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self._remove()
        elif options["if_empty"] and Feedback.objects.exists():
            self.stdout.write("There is feedback already: no demo company was made.")
        else:
            self._make(options)

    def _remove(self) -> None:
        if remove_demo():
            self.stdout.write("The demo company has been removed.")
        else:
            self.stdout.write("There is no demo company here.")

    def _make(self, options: dict[str, Any]) -> None:
        password = _password(force=options["force_logins"])
        began = time.monotonic()
        try:
            make_demo(seed=options["seed"], small=options["small"], password=password)
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from refusal
        seconds = time.monotonic() - began
        self.stdout.write(f"The demo company is there ({seconds:.0f} s).")
        if password is None:
            self.stdout.write("Its people cannot log in: DEBUG is off.")
            return
        for login in DEMO_LOGINS:
            self.stdout.write(f"  {login.role.value:8} {login.email}  {password}")


def _password(*, force: bool) -> str | None:
    """A password that everybody knows is for machines on which the product is tried out."""
    if settings.DEBUG:
        return DEMO_PASSWORD
    return secrets.token_urlsafe(12) if force else None
