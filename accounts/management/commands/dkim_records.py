from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.outbox.signing import signer_of
from accounts.rules.dkim import KeyNotUsable


class Command(BaseCommand):
    help = "Print the DNS records by which receivers check our signatures (MAIL_DKIM_KEYS)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.MAIL_DKIM_KEYS:
            raise CommandError("MAIL_DKIM_KEYS is empty: mail is not signed here.")
        for entry in settings.MAIL_DKIM_KEYS:
            try:
                signer = signer_of(entry)
            except KeyNotUsable as trouble:
                raise CommandError(f"Mail cannot be signed: {trouble}.") from None
            # A text in the DNS has pieces of at most 255 characters.
            text = signer.dns_text
            pieces = [text[start : start + 250] for start in range(0, len(text), 250)]
            quoted = " ".join(f'"{piece}"' for piece in pieces)
            self.stdout.write(f"{signer.dns_name}. IN TXT ( {quoted} )")
