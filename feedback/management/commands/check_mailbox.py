import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.channels.mailbox_check import check_mailbox, not_tested
from feedback.models import Mailbox


class Command(BaseCommand):
    help = (
        "Tries the settings of a mailbox step by step and says in plain words what is wrong: "
        "manage.py check_mailbox help@example.com. Changes nothing on the server. Exits with 1 "
        "when a step fails, 2 when there is no such mailbox."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        mailbox = Mailbox.objects.filter(address__iexact=address.strip()).first()
        if mailbox is None:
            known = ", ".join(Mailbox.objects.values_list("address", flat=True)[:20])
            raise CommandError(
                f"There is no mailbox {address}. There are: {known or 'none'}.", returncode=2
            )
        if not mailbox.is_active:
            self.stdout.write("Note: this mailbox is switched off; nothing is fetched.")
        steps = check_mailbox(mailbox)
        for step in steps:
            self.stdout.write(f"{'ok    ' if step.is_ok else 'FAILED'}  {step.name}: {step.text}")
        self.stdout.write(not_tested(mailbox))
        if not all(step.is_ok for step in steps):
            sys.exit(1)
