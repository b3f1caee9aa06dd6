"""Trying a mailbox's settings, step by step, and saying in plain words what is wrong."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from imap_tools.utils import encode_folder

from accounts.outbox.smtp import what_keeps_from_sending
from feedback.channels.email.imap import sign_in
from feedback.channels.email.imap import words as _words
from feedback.channels.email.imap_answers import PollFailed
from feedback.enums import MailboxProblem, SignInBy
from feedback.models import Mailbox
from feedback.rules.mail_providers import Wants, provider_of
from feedback.selectors.mailboxes import error_in_words
from feedback.services.polling import ask_again_at_once

TIMEOUT = 10  # seconds for each step: a person is waiting


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried. `text` says what came of it, and what to do when it failed."""

    name: str | Promise
    is_ok: bool
    text: str


class _Failed(Exception):
    pass


def check_mailbox(mailbox: Mailbox) -> list[Step]:
    """Reading, up to the first step that fails, then sending, where a server for it is set;
    nothing on the servers is changed, no mail is sent. When it can be read, a mailbox that
    rested after failures is read again at once."""
    steps: list[Step] = []
    for name, outcome in _steps(mailbox):
        steps.append(Step(name, is_ok=not isinstance(outcome, _Failed), text=str(outcome)))
    if mailbox.failures and all(step.is_ok for step in steps):
        ask_again_at_once(mailbox)
    if settings.SMTP_IS_SET:
        steps.append(_sending(mailbox))
    return steps


def not_tested(mailbox: Mailbox) -> str:
    """What the test cannot tell, for people."""
    if mailbox.has_tagged_addresses:
        return _(
            "Not tested: whether mail from elsewhere arrives. Write one to %(address)s, and one "
            "to %(tagged)s: answers of customers are sent to such addresses."
        ) % {"address": mailbox.address, "tagged": mailbox.address.replace("@", "+test@", 1)}
    return _("Not tested: whether mail from elsewhere arrives. Write one to %(address)s.") % {
        "address": mailbox.address
    }


def _sending(mailbox: Mailbox) -> Step:
    server = settings.EMAIL_HOST
    if why := what_keeps_from_sending(mailbox.address):
        text = _("%(server)s does not send mail from %(address)s: %(why)s")
        values = {"server": server, "address": mailbox.address, "why": why}
        return Step(gettext_lazy("Send"), is_ok=False, text=text % values)
    text = _("%(server)s takes mail from %(address)s.")
    values = {"server": server, "address": mailbox.address}
    return Step(gettext_lazy("Send"), is_ok=True, text=text % values)


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
    except imaplib.IMAP4.abort as broken:
        text = _("The connection broke off while signing in: %(why)s")
        raise _Failed(text % {"why": _words(broken)}) from broken
    except (imaplib.IMAP4.error, OSError) as broken:
        if mailbox.sign_in_by == SignInBy.OAUTH2:
            said = f"{MailboxProblem.TOKEN_REFUSED}: {_words(broken)}"
            raise _Failed(error_in_words(said)) from broken
        text = _("The server does not accept the user name and password: %(why)s")
        raise _Failed(f"{text % {'why': _words(broken)}} {_hint(mailbox)}".strip()) from broken
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
    text = _("The folder holds %(n)d mails. Reading works.") % {"n": count}
    return client, text


def _hint(mailbox: Mailbox) -> str:
    provider = provider_of(mailbox.imap_host, (mailbox.username, mailbox.address))
    match provider.wants if provider is not None else None:
        case Wants.CODE:
            return _(
                "This provider wants an authorization code (授权码) instead of the password: "
                "switch IMAP on in the settings of its web mail, and copy the code it shows."
            )
        case Wants.OTHER_PROGRAMS:
            return _(
                "Where the account protects other programs, this provider wants the client "
                "password (客户端专用密码) made in its web mail; the admin of the domain may "
                "have to allow other programs first."
            )
        case Wants.OAUTH2:
            return _("This provider wants OAuth 2, or a password made for one app.")
    return ""
