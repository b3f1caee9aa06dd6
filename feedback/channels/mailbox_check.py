"""Trying a mailbox's settings, step by step, and saying in plain words what is wrong."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from imap_tools.utils import encode_folder

from feedback.channels.email.imap import sign_in
from feedback.channels.email.imap import words as _words
from feedback.channels.email.imap_answers import PollFailed
from feedback.enums import SignInBy
from feedback.models import Mailbox
from feedback.selectors.mailboxes import error_in_words
from feedback.services.polling import ask_again_at_once

TIMEOUT = 10  # seconds for each step: a person is waiting
# Providers whose IMAP takes an authorization code, made on their web page, and not the password.
CODE_INSTEAD_OF_PASSWORD = (
    "163.com", "126.com", "yeah.net", "qq.com", "foxmail.com", "sina.com", "sina.cn", "aliyun.com",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried. `text` says what came of it, and what to do when it failed."""

    name: str | Promise
    is_ok: bool
    text: str


class _Failed(Exception):
    pass


def check_mailbox(mailbox: Mailbox) -> list[Step]:
    """Everything up to the first step that fails; nothing on the server is changed. When all
    of it works, a mailbox that rested after failures is read again at once."""
    steps: list[Step] = []
    for name, outcome in _steps(mailbox):
        steps.append(Step(name, is_ok=not isinstance(outcome, _Failed), text=str(outcome)))
    if mailbox.failures and all(step.is_ok for step in steps):
        ask_again_at_once(mailbox)
    return steps


def _steps(mailbox: Mailbox) -> Iterator[tuple[str | Promise, str | _Failed]]:
    if not mailbox.imap_host:
        text = _(
            "No IMAP server is given: mail comes in only where it is brought (HTTP, LMTP, pipe)."
        )
        yield gettext_lazy("Server"), text
        return
    client: imaplib.IMAP4 | None = None
    try:
        for name, step in (
            (gettext_lazy("Connect"), _connect),
            (gettext_lazy("Sign in"), _sign_in),
            (gettext_lazy("Open the folder"), _open_folder),
        ):
            try:
                client, text = step(mailbox, client)
            except _Failed as failure:
                yield name, failure
                return
            yield name, text
    finally:
        if client is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()


def _connect(mailbox: Mailbox, _client: imaplib.IMAP4 | None) -> tuple[imaplib.IMAP4, str]:
    host, port = mailbox.imap_host, mailbox.imap_port
    try:
        if mailbox.imap_tls:
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT), _(
                "Connected to %(host)s, encrypted."
            ) % {"host": host}
        return imaplib.IMAP4(host, port, timeout=TIMEOUT), _(
            "Connected to %(host)s, not encrypted: the password travels in the clear."
        ) % {"host": host}
    except (socket.gaierror, UnicodeError) as broken:
        text = _("There is no server called “%(host)s”. Check the spelling.")
        raise _Failed(text % {"host": host}) from broken
    except ssl.SSLCertVerificationError as broken:
        text = _("The server's certificate is not valid for “%(host)s”: %(why)s")
        raise _Failed(text % {"host": host, "why": broken.verify_message}) from broken
    except ssl.SSLError as broken:
        text = _("No encrypted connection on port %(port)d. Usual: 993 with TLS, 143 without.")
        raise _Failed(text % {"port": port}) from broken
    except TimeoutError as broken:
        text = _("%(host)s does not answer on port %(port)d. A firewall may be in the way.")
        raise _Failed(text % {"host": host, "port": port}) from broken
    except (OSError, imaplib.IMAP4.error) as broken:
        text = _("%(host)s refuses a connection on port %(port)d: %(why)s")
        raise _Failed(text % {"host": host, "port": port, "why": broken}) from broken


def _sign_in(mailbox: Mailbox, client: imaplib.IMAP4 | None) -> tuple[imaplib.IMAP4, str]:
    assert client is not None  # noqa: S101 - the step before made it
    if mailbox.sign_in_by == SignInBy.PASSWORD and not mailbox.password:
        raise _Failed(_("No password is stored. Enter it, save, and test again."))
    try:
        sign_in(mailbox, client)
    except PollFailed as refused:  # no access token
        raise _Failed(error_in_words(str(refused))) from refused
    except (imaplib.IMAP4.error, OSError) as broken:
        text = _("The server does not accept the user name and password: %(why)s")
        raise _Failed(f"{text % {'why': _words(broken)}} {_hint(mailbox)}".strip()) from broken
    with suppress(imaplib.IMAP4.error, OSError):
        # NetEase shows no folder to a program that has not said who it is.
        client.xatom("ID", '("name" "huiyin" "vendor" "huiyin")')
    return client, _("Signed in as %(user)s.") % {"user": mailbox.username}


def _open_folder(mailbox: Mailbox, client: imaplib.IMAP4 | None) -> tuple[imaplib.IMAP4, str]:
    assert client is not None  # noqa: S101
    try:
        # Names that are not ASCII travel in an encoding of their own (modified UTF-7).
        folder = encode_folder(mailbox.folder).decode("ascii")
        answer, data = client.select(folder, readonly=True)
    except (imaplib.IMAP4.error, OSError) as broken:
        answer, data = "NO", [_words(broken).encode()]
    if answer != "OK":
        why = (data[0] or b"").decode("utf-8", "replace")
        text = _("The folder “%(folder)s” cannot be opened: %(why)s")
        raise _Failed(text % {"folder": mailbox.folder, "why": why})
    count = int(data[0] or 0)
    text = _("The folder holds %(n)d mails. Everything works.") % {"n": count}
    return client, text


def _hint(mailbox: Mailbox) -> str:
    names = (mailbox.imap_host, mailbox.username, mailbox.address)
    if any(name.lower().endswith(CODE_INSTEAD_OF_PASSWORD) for name in names):
        return _(
            "This provider wants an authorization code (授权码) instead of the password: switch "
            "IMAP on in the settings of its web mail, and copy the code it shows."
        )
    return ""
