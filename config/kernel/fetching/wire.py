"""A connection that ends: by the clock, however slowly the other side drips, and by its size."""

import http.client
import io
import queue
import socket
import ssl
import threading
from functools import cache
from time import monotonic
from typing import Any

from config.kernel.fetching.addresses import is_public
from config.kernel.fetching.errors import FetchFailed, Problem
from config.kernel.fetching.target import Target

# Status line, headers and the framing of chunks, on top of the body.
OVERHEAD = 64 * 1024
CONNECT_SECONDS = 5.0


class Clock:
    """How much of the time is left."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def left(self) -> float:
        """Raises FetchFailed when none is."""
        left = self._ends - monotonic()
        if left <= 0:
            raise FetchFailed(Problem.TIMEOUT)
        return left


def look_up(target: Target, clock: Clock) -> list[str]:
    """The addresses behind a name, asked for once: who is asked again may say something else.
    Raises FetchFailed, also when a single one of them is internal."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:  # the resolver of the system knows no time limit of ours
        try:
            answers.put(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as failed:
            answers.put(failed)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=clock.left())
    except queue.Empty:
        raise FetchFailed(Problem.TIMEOUT) from None
    if isinstance(found, Exception) or not found:
        raise FetchFailed(Problem.NO_SUCH_HOST)
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not target.is_internal and not all(is_public(one) for one in addresses):
        raise FetchFailed(Problem.NOT_PUBLIC)
    return addresses


def connect(target: Target, addresses: list[str], clock: Clock) -> socket.socket:
    """To the first of `addresses` that takes us, never to the name. Raises FetchFailed."""
    problem = Problem.REFUSED
    for address in addresses:
        try:
            found = socket.create_connection(
                (address, target.port), timeout=min(CONNECT_SECONDS, clock.left())
            )
        except TimeoutError:
            problem = Problem.TIMEOUT
        except OSError:
            problem = Problem.REFUSED
        else:
            return _in_tls(found, target, clock) if target.is_safe else found
    raise FetchFailed(problem)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _in_tls(plain: socket.socket, target: Target, clock: Clock) -> socket.socket:
    """The name is what the certificate must be for, although we went to an address."""
    try:
        plain.settimeout(clock.left())
        return _tls().wrap_socket(plain, server_hostname=target.host)
    except TimeoutError:
        plain.close()
        raise FetchFailed(Problem.TIMEOUT) from None
    except (ssl.SSLError, ssl.CertificateError) as failed:
        plain.close()
        raise FetchFailed(Problem.TLS) from failed
    except FetchFailed:
        plain.close()
        raise
    except OSError as failed:
        plain.close()
        raise FetchFailed(Problem.BROKEN) from failed


class _Reader(io.RawIOBase):
    """Each read gets what is left of the time, and all of them together what is left to read."""

    def __init__(self, wire: socket.socket, clock: Clock, allowance: int) -> None:
        self._wire, self._clock, self._allowance = wire, clock, allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._wire.settimeout(self._clock.left())
        count = self._wire.recv_into(buffer)
        self._allowance -= count
        if self._allowance < 0:
            raise FetchFailed(Problem.TOO_LARGE)
        return count


class _Socket:
    """What http.client wants of a socket, under a clock."""

    def __init__(self, wire: socket.socket, clock: Clock, allowance: int) -> None:
        self._wire, self._clock, self._allowance = wire, clock, allowance

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._wire.settimeout(self._clock.left())
            rest = rest[self._wire.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._wire, self._clock, self._allowance))

    def close(self) -> None:
        """http.client lets go before the body is read; whoever opened the wire hangs up."""


class Connection(http.client.HTTPConnection):
    """HTTP over a socket that was opened elsewhere. Knows no proxy and follows nothing."""

    def __init__(self, target: Target, wire: socket.socket, clock: Clock, most: int) -> None:
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.is_safe else 80
        self.auto_open = 0
        self.sock: Any = _Socket(wire, clock, most + OVERHEAD)
