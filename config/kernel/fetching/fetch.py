"""One request to another machine, bounded in time and size."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic

from django.conf import settings

from config.kernel.fetching.errors import FetchFailed, Problem
from config.kernel.fetching.target import read_target
from config.kernel.fetching.wire import Clock, Connection, connect, look_up

SECONDS = 10.0
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a machine said. A redirect is an answer like any other: it is never followed."""

    status: int
    body: bytes
    seconds: float
    is_cut: bool = False  # there was more than was wanted of it
    headers: Mapping[str, str] = field(default_factory=dict)  # names in small letters

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


def fetch(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    max_bytes: int = MAX_BYTES,
    cut: bool = False,
) -> Answer:
    """Ask `url`, once, for `seconds` at most in all, name lookup included.

    Never inside a transaction or a request of a person who waits. The name is looked up here
    and now and the connection goes to the address that was judged; TLS and the Host header keep
    the name. `max_bytes` bounds the body: a longer one is an error, or cut off if `cut`. Raises
    FetchFailed.
    """
    target, clock, began = read_target(url), Clock(seconds), monotonic()
    wire = connect(target, look_up(target, clock), clock)
    connection = Connection(target, wire, clock, max_bytes)
    sent = {"User-Agent": f"Huiyin/{settings.VERSION}", "Connection": "close", **(headers or {})}
    try:
        connection.request(method, target.path, body=body, headers=sent)
        response = connection.getresponse()
        content, is_cut = _read(response, max_bytes, cut=cut)
    except TimeoutError:
        raise FetchFailed(Problem.TIMEOUT) from None
    except (OSError, http.client.HTTPException, ValueError) as failed:
        raise FetchFailed(Problem.BROKEN) from failed
    finally:
        _hang_up(wire)
    told = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, content, monotonic() - began, is_cut, told)


def _read(response: http.client.HTTPResponse, most: int, *, cut: bool) -> tuple[bytes, bool]:
    content = b""
    while len(content) <= most and (piece := response.read(most + 1 - len(content))):
        content += piece
    if len(content) <= most:
        if response.length:  # less came than was announced
            raise FetchFailed(Problem.BROKEN)
        return content, False
    if not cut:
        raise FetchFailed(Problem.TOO_LARGE)
    return content[:most], True


def _hang_up(wire: socket.socket) -> None:
    try:
        wire.close()
    except OSError:  # it was broken already
        return
