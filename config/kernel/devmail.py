"""The mail server of development: takes what is sent to this machine and sends nothing on.

What becomes of a mail is for settings.DEV_MAIL_HANDLER to decide: a dotted path to
`handler(envelope_from: str, recipients: list[str], raw: bytes) -> None`. When it raises, the
sender is asked to try again later.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP
from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

Handler = Callable[[str, list[str], bytes], None]
_log = logging.getLogger(__name__)


class Receiver:
    """What aiosmtpd calls with each mail."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if not settings.DEV_MAIL_HANDLER:
            return "250 2.0.0 Taken; there is nobody to read it"
        try:
            await asyncio.to_thread(_hand_over, envelope)
        except Exception:
            _log.exception("A mail could not be taken.")
            return "451 4.3.0 Not now; try again later"
        return "250 2.0.0 Taken"


def _hand_over(envelope: Any) -> None:
    handler: Handler = import_string(settings.DEV_MAIL_HANDLER)
    try:
        handler(envelope.mail_from or "", list(envelope.rcpt_tos), bytes(envelope.content))
    finally:
        connections.close_all()


async def serve(port: int) -> None:
    """Take mail on 127.0.0.1:`port` until SIGTERM or SIGINT. Raises OSError if it is taken."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)

    def session() -> SMTP:
        return SMTP(
            Receiver(),
            loop=loop,
            hostname="localhost",
            ident="Huiyin development mail",
            data_size_limit=settings.MAIL_MAX_BYTES,
            enable_SMTPUTF8=True,
        )

    async with await loop.create_server(session, "127.0.0.1", port):
        await ended.wait()
