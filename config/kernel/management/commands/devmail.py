import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.kernel.devmail import serve


class Command(BaseCommand):
    help = "The mail server of development, on 127.0.0.1 and SMTP_PORT. Part of `manage.py dev`."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        try:
            asyncio.run(serve(settings.DEV_SMTP_PORT))
        except OSError as taken:
            raise CommandError(
                f"Port {settings.DEV_SMTP_PORT} is taken; name another one with SMTP_PORT."
            ) from taken
