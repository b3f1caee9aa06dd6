from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.selectors.watching import mail_without_its_key
from accounts.services.mail_queue import Waiting, hold_queue, present_queue, release_queue


class Command(BaseCommand):
    help = (
        "Says how it goes with outgoing mail; --hold lets none leave, --release lets it go again "
        "and says what becomes of mail that waited: send, cancel_earlier (what was written before "
        "the queue was held) or cancel."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--hold", action="store_true")
        either.add_argument("--release", choices=[one.value for one in Waiting])

    def handle(self, *_args: Any, hold: bool, release: str | None, **_options: Any) -> None:
        if hold:
            hold_queue(by=None)
        if release:
            cancelled = release_queue(waiting=Waiting(release))
            self.stdout.write(f"{cancelled} mails that waited were cancelled.")
        queue = present_queue()
        if queue.held_at is not None:
            why = queue.get_held_because_display()
            self.stdout.write(f"Mail is held since {queue.held_at:%Y-%m-%d %H:%M %Z}: {why}")
        elif queue.trouble:
            self.stdout.write(f"{queue.get_trouble_display()} {queue.said}")
        elif unsigned := mail_without_its_key():
            self.stdout.write(unsigned)
        else:
            self.stdout.write("Mail may leave.")
