from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.oauth import Application, TokenRefused
from config.kernel.oauth_device import begin, wait_for_token
from feedback.enums import SignInBy
from feedback.models import Mailbox
from feedback.services.mailbox_tokens import keep_token
from feedback.services.polling import ask_again_at_once

NOT_WITH_GOOGLE = (
    "Google lets nobody sign in to mail with a code on another machine: get the refresh token "
    "with the OAuth Playground (docs/mailboxes.md) and enter it in the mailbox's form."
)
NO_DEVICE_URL = (
    "Where codes are given is not known for this token address: name it with --device-url."
)


class Command(BaseCommand):
    help = (
        "Gets the refresh token of a mailbox that is signed in to with OAuth 2 (Microsoft 365): "
        "manage.py mailbox_sign_in help@example.com. Prints a code and an address; somebody "
        "opens that in any browser, signs in as the mailbox and types the code. Waits at most 15 "
        "minutes. The token is stored encrypted and shown nowhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")
        parser.add_argument(
            "--device-url", default="", help="where the provider gives codes (RFC 8628)"
        )

    def handle(self, *args: Any, address: str, device_url: str, **options: Any) -> None:
        mailbox = _mailbox(address)
        application = Application(
            token_url=mailbox.token_url,
            client_id=mailbox.client_id,
            client_secret=mailbox.client_secret,
            scope=mailbox.token_scope,
        )
        try:
            device = begin(application, device_url or _device_url(mailbox.token_url))
            self.stdout.write(
                f"Open {device.address} in a browser, type the code {device.user_code} and sign "
                f"in as {mailbox.username}. Waiting for {max(1, device.seconds // 60)} minutes …"
            )
            self.stdout.flush()
            given = wait_for_token(application, device)
        except TokenRefused as refused:
            raise CommandError(f"The provider gave no token: {refused.said}") from refused
        if not given.refresh_token:
            raise CommandError(
                "The provider gave no refresh token: add offline_access to the scope."
            )
        keep_token(
            mailbox, token=given.token, until=given.until, refresh_token=given.refresh_token
        )
        mailbox.refresh_from_db()
        if mailbox.refresh_token != given.refresh_token:
            raise CommandError("Somebody changed the mailbox meanwhile; nothing was stored.")
        ask_again_at_once(mailbox)
        self.stdout.write("Stored. Now: manage.py check_mailbox " + mailbox.address)


def _mailbox(address: str) -> Mailbox:
    mailbox = Mailbox.objects.filter(address__iexact=address.strip()).first()
    if mailbox is None:
        raise CommandError(f"There is no mailbox {address}.", returncode=2)
    if mailbox.sign_in_by != SignInBy.OAUTH2 or not (mailbox.token_url and mailbox.client_id):
        raise CommandError(
            "Choose OAuth 2 in the mailbox's form first, with provider and client id, and save."
        )
    return mailbox


def _device_url(token_url: str) -> str:
    """Microsoft's stands beside its token address."""
    if token_url.startswith("https://oauth2.googleapis.com/"):
        raise CommandError(NOT_WITH_GOOGLE)
    beside, is_microsoft, rest = token_url.rpartition("/oauth2/v2.0/token")
    if not is_microsoft or rest:
        raise CommandError(NO_DEVICE_URL)
    return f"{beside}/oauth2/v2.0/devicecode"
