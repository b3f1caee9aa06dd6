import asyncio
import logging
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.channels.email.lmtp import Server


class Command(BaseCommand):
    help = (
        "Takes mail from a mail server on this machine by LMTP: --listen 127.0.0.1:2424, or "
        "--socket /run/huiyin/lmtp. There is no password: let only the mail server reach it. "
        "SIGTERM ends it after the mails in hand."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--listen", default="127.0.0.1:2424", metavar="HOST:PORT")
        parser.add_argument("--socket", type=Path, metavar="PATH")

    def handle(self, *args: Any, listen: str, socket: Path | None, **options: Any) -> None:
        # aiosmtpd logs who writes to whom; our logs hold no personal data.
        logging.getLogger("mail").setLevel(logging.ERROR)
        host, _, port = listen.rpartition(":")
        if not (port.isascii() and port.isdigit() and int(port) < 2**16 and host):
            raise CommandError("--listen takes HOST:PORT, as in 127.0.0.1:2424.")
        try:
            asyncio.run(self._serve(host.strip("[]"), int(port), socket))
        except OSError as taken:
            raise CommandError(f"Cannot listen there: {taken}") from taken

    async def _serve(self, host: str, port: int, path: Path | None) -> None:
        loop, ended, server = asyncio.get_running_loop(), asyncio.Event(), Server()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ended.set)
        port = await server.start(host=host, port=port, path=path)
        self.stdout.write(f"Taking mail by LMTP at {path or f'{host}:{port}'}.")
        self.stdout.flush()
        await ended.wait()
        await server.stop()
