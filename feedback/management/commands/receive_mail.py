import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError

from feedback.channels.email.receive import MailboxUnknown, MailTooLarge, receive_raw_mail

# What mail servers understand (sysexits.h): try again later, there is no such user,
# or there is something wrong with the mail itself.
TRY_AGAIN, NO_SUCH_USER, REFUSED = 75, 67, 65


class Command(BaseCommand):
    help = (
        "Takes one mail from standard input, for the pipe of a mail server: "
        "manage.py receive_mail --mailbox help@example.com < mail.eml. Exits with 75 when the "
        "mail server should keep the mail and try again, 67 when there is no such mailbox, 65 for "
        "a mail that is too large (the mail server then tells its sender)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mailbox", required=True, metavar="ADDRESS")

    def handle(self, *args: Any, mailbox: str, **options: Any) -> None:
        raw = sys.stdin.buffer.read(settings.MAIL_MAX_BYTES + 1)
        try:
            inbound = receive_raw_mail(mailbox, raw)
        except MailboxUnknown:
            self.stderr.write(f"There is no active mailbox {mailbox}.")
            sys.exit(NO_SUCH_USER)
        except MailTooLarge:
            self.stderr.write("The mail is too large.")
            sys.exit(REFUSED)
        except DatabaseError as broken:
            self.stderr.write(f"The mail could not be stored: {broken}")
            sys.exit(TRY_AGAIN)
        self.stdout.write(f"Stored as {inbound.pk}.")
