import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError

from feedback.channels.email.receive import MailboxUnknown, receive_raw_mail

# What mail servers understand (sysexits.h): try again later, or there is no such user.
TRY_AGAIN, NO_SUCH_USER = 75, 67


class Command(BaseCommand):
    help = (
        "Takes one mail from standard input, for the pipe of a mail server: "
        "manage.py receive_mail --mailbox help@example.com < mail.eml. Exits with 75 when the "
        "mail server should keep the mail and try again, 67 when there is no such mailbox."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mailbox", required=True, metavar="ADDRESS")

    def handle(self, *args: Any, mailbox: str, **options: Any) -> None:
        raw = sys.stdin.buffer.read()
        try:
            inbound = receive_raw_mail(mailbox, raw)
        except MailboxUnknown:
            self.stderr.write(f"There is no active mailbox {mailbox}.")
            sys.exit(NO_SUCH_USER)
        except DatabaseError as broken:
            self.stderr.write(f"The mail could not be stored: {broken}")
            sys.exit(TRY_AGAIN)
        self.stdout.write(f"Stored as {inbound.pk}.")
