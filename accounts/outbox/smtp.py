"""Handing mail to the SMTP server, and knowing exactly what came of it.

Python's own `sendmail` cannot tell a mail that was never taken from one whose receipt got
lost; so the dialogue is spoken here, and whatever breaks after the final dot is uncertain.
"""

import smtplib
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from django.conf import settings

from accounts.enums import MailTrouble
from accounts.models import OutgoingMessage
from accounts.outbox.mime import ascii_address, compose, envelope_sender
from accounts.outbox.signing import signed
from accounts.outbox.smtp_oauth import NoToken, TokenNotTaken, sign_in
from accounts.rules.dkim import NOT_SIGNED, KeyNotUsable
from accounts.rules.handover import Handover, Outcome
from config.kernel.printable import printable

# Servers scan a mail before they answer the final dot.
ANSWER_SECONDS = 60
HANGING_UP = 421
_NOT_LOGGED_IN = {530, 534, 535, 538}
_LONGEST_ANSWER = 500


class _Refusal(Exception):
    """A command before the mail itself was answered with something else than yes."""

    def __init__(self, code: int, answer: bytes) -> None:
        super().__init__(code)
        self.code, self.answer = code, answer


class SmtpConnection:
    """A context: one connection for as many mails as are handed over within it."""

    def __init__(self) -> None:
        self._client: smtplib.SMTP | None = None
        self._handed_over = 0  # mails, over the present connection

    def __enter__(self) -> "SmtpConnection":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    @property
    def is_open(self) -> bool:
        """Whether the server has answered, and may be asked again."""
        return self._client is not None

    def deliver(self, message: OutgoingMessage) -> Handover:
        """Try once to hand `message` over. Never raises for what a server or a network does."""
        try:
            raw = signed(message, compose(message))
            sender = ascii_address(envelope_sender(message))
            recipient = ascii_address(message.to_address)
            if not (sender + recipient).isascii():
                return Handover(Outcome.REFUSED, "The address is not written in ASCII.")
        except KeyNotUsable as trouble:  # mended by a person, and then it goes out
            words = f"{NOT_SIGNED}{trouble}."
            return Handover(Outcome.REFUSED_FOR_NOW, words, counts=False)
        except (OSError, ValueError) as broken:
            return _not_put_together(broken)
        if self._handed_over >= settings.MAIL_PER_CONNECTION:
            self._close()
        is_fresh = self._client is None
        handover = self._attempt(sender, recipient, raw)
        if not handover.reached_server and not is_fresh:
            # The server had closed a connection that was used before: that says nothing about
            # this mail.
            handover = self._attempt(sender, recipient, raw)
        return handover

    def _attempt(self, sender: str, recipient: str, raw: bytes) -> Handover:
        try:
            client = self._client = self._client or _connect()
        except (OSError, UnicodeError) as broken:  # SMTPException is an OSError
            trouble = _trouble(broken)
            return Handover(
                Outcome.REFUSED_FOR_NOW, _words(broken), reached_server=False, trouble=trouble
            )
        self._handed_over += 1
        try:
            _announce(client, sender, recipient, len(raw))
        except _Refusal as refusal:
            self._forget_transaction(refusal.code)
            if refusal.code in _NOT_LOGGED_IN:
                words = _words(refusal.answer)
                return Handover(Outcome.REFUSED_FOR_NOW, words, trouble=MailTrouble.LOGIN)
            return _refused(refusal.code, refusal.answer)
        except OSError as broken:
            self._drop()
            return Handover(Outcome.REFUSED_FOR_NOW, _words(broken), reached_server=False)
        handover = _hand_over(client, raw)
        if handover.outcome is Outcome.UNCERTAIN or not client.sock:
            self._drop()
        return handover

    def _forget_transaction(self, code: int) -> None:
        client = self._client
        try:
            if client is None or code == HANGING_UP:
                self._drop()
            else:
                client.rset()
        except OSError:
            self._drop()

    def _close(self) -> None:
        client = self._client
        if client is not None:
            with suppress(OSError):  # it was over anyway
                client.quit()
        self._drop()

    def _drop(self) -> None:
        """Without a word: nobody is listening any more."""
        client, self._client, self._handed_over = self._client, None, 0
        if client is not None:
            client.close()


def what_keeps_from_sending(sender: str) -> str:
    """Connects, signs in and names `sender` as an answer would, but hands over no mail; "" when
    the server takes all of it, else what it said. Never inside a transaction."""
    try:
        client = _connect()
    except OSError as broken:
        return f"{_trouble(broken).label} {_words(broken)}".strip()
    try:
        code, answer = client.mail(ascii_address(sender))
    except OSError as broken:
        return _words(broken)
    finally:
        with suppress(OSError):
            client.quit()
        client.close()
    return "" if code == 250 else f"{code} {_words(answer)}"


def _not_put_together(broken: OSError | ValueError) -> Handover:
    """A file that is gone never comes back; storage that does not answer, or is not mounted just
    now, does."""
    words = f"The mail could not be put together: {printable(str(broken))[:_LONGEST_ANSWER]}"
    is_gone = isinstance(broken, FileNotFoundError) and Path(settings.MEDIA_ROOT).is_dir()
    if isinstance(broken, OSError) and not is_gone:
        return Handover(Outcome.REFUSED_FOR_NOW, words)
    return Handover(Outcome.REFUSED, words)


def _connect() -> smtplib.SMTP:
    """A connection that may send. Raises OSError, of which SMTPException is a kind."""
    try:
        return _connect_once()
    except TokenNotTaken:  # it ended before its time: once more, with a new one
        return _connect_once()


def _connect_once() -> smtplib.SMTP:
    options = {"timeout": settings.EMAIL_TIMEOUT, "local_hostname": settings.MAIL_DOMAIN}
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    context = ssl.create_default_context()
    client: smtplib.SMTP
    if settings.EMAIL_USE_SSL:
        client = smtplib.SMTP_SSL(host, port, context=context, **options)
    else:
        client = smtplib.SMTP(host, port, **options)
    try:
        if client.sock is not None:
            # The final dot is a packet of its own: it must not wait until the mail before it is
            # confirmed, which takes a server 40 ms.
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _greet(client)
        if settings.EMAIL_USE_TLS:
            client.starttls(context=context)
            _greet(client)
        if settings.SMTP_OAUTH:
            sign_in(client)
        elif settings.EMAIL_HOST_USER:
            client.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except OSError:
        client.close()
        raise
    return client


def _greet(client: smtplib.SMTP) -> None:
    """Raises SMTPHeloError, also for a server that is about to hang up, to which smtplib would
    go on talking."""
    code, answer = client.ehlo()
    if not 200 <= code < 300 and code != HANGING_UP:
        code, answer = client.helo()
    if not 200 <= code < 300:
        raise smtplib.SMTPHeloError(code, answer)


def _trouble(broken: OSError | UnicodeError) -> MailTrouble:
    """What kept us from a connection that may send."""
    if isinstance(broken, UnicodeError):  # a name of a server goes through IDNA, not ASCII
        in_ascii = getattr(broken, "encoding", "") == "ascii"
        return MailTrouble.LOGIN if in_ascii else MailTrouble.UNREACHABLE
    code = getattr(broken, "smtp_code", 0)
    if isinstance(broken, NoToken):
        return broken.trouble
    if isinstance(broken, smtplib.SMTPAuthenticationError) and code >= 500:
        return MailTrouble.LOGIN
    if isinstance(broken, smtplib.SMTPNotSupportedError):
        return MailTrouble.LOGIN if "AUTH" in str(broken) else MailTrouble.TLS
    if isinstance(broken, ssl.SSLError):
        return MailTrouble.TLS
    has_answered = isinstance(broken, smtplib.SMTPResponseException)
    return MailTrouble.CLOSED if has_answered else MailTrouble.UNREACHABLE


def _announce(client: smtplib.SMTP, sender: str, recipient: str, size: int) -> None:
    """Everything before the mail itself. Raises _Refusal, OSError."""
    options = [f"size={size}"] if client.does_esmtp and client.has_extn("size") else []
    code, answer = client.mail(sender, options)
    if code != 250:
        raise _Refusal(code, answer)
    code, answer = client.rcpt(recipient)
    if code not in {250, 251}:
        raise _Refusal(code, answer)
    code, answer = client.docmd("DATA")
    if code != 354:
        raise _Refusal(code, answer)


def _hand_over(client: smtplib.SMTP, raw: bytes) -> Handover:
    """The mail itself and the answer to it."""
    try:
        client.send(_dot_stuffed(raw))
    except OSError as broken:  # without the final dot no server may keep it
        return Handover(Outcome.REFUSED_FOR_NOW, _words(broken))
    try:
        if client.sock is not None:
            client.sock.settimeout(ANSWER_SECONDS)
        client.send(b".\r\n")
        code, answer = client.getreply()
        if client.sock is not None:
            client.sock.settimeout(settings.EMAIL_TIMEOUT)
    except OSError as broken:
        return Handover(Outcome.UNCERTAIN, _words(broken))
    if 200 <= code < 300:
        return Handover(Outcome.ACCEPTED, _words(answer))
    return _refused(code, answer)


def _refused(code: int, answer: bytes) -> Handover:
    outcome = Outcome.REFUSED if 500 <= code < 600 else Outcome.REFUSED_FOR_NOW
    return Handover(outcome, f"{code} {_words(answer)}", reached_server=code != HANGING_UP)


def _dot_stuffed(raw: bytes) -> bytes:
    body = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    body = body.replace(b"\r\n.", b"\r\n..")
    return b"." + body if body.startswith(b".") else body


def _words(answer: bytes | Exception) -> str:
    """What was said, as text that can be stored and shown."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return printable(text)[:_LONGEST_ANSWER]
