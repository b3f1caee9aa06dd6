"""What a web address asks for, read strictly."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from django.conf import settings

from config.kernel.fetching.addresses import is_public
from config.kernel.fetching.errors import FetchFailed, Problem

LONGEST = 2000
# What different programs read differently: control characters, spaces, backslashes.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u3000\\]")
_SAFE = "/%:=&?~+!$,;'@()*[]"
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Target:
    scheme: str
    host: str  # in ASCII and small letters; IPv6 without brackets
    port: int
    path: str  # with the query
    # Named by whoever runs this installation: may be internal, may be asked without TLS.
    is_internal: bool

    @property
    def is_safe(self) -> bool:
        return self.scheme == "https"


def read_target(url: str) -> Target:
    """Raises FetchFailed for anything but a plain http(s) address with an allowed port. Does
    not look the name up: an IP address is judged here, a name when it is fetched."""
    if len(url) > LONGEST or _AMBIGUOUS.search(url):
        raise FetchFailed(Problem.ADDRESS)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if ":" not in host:
            host = host.encode("idna").decode("ascii").lower() if host else ""
    except ValueError as invalid:  # UnicodeError is one
        raise FetchFailed(Problem.ADDRESS) from invalid
    if parts.scheme not in _PORTS:
        raise FetchFailed(Problem.SCHEME)
    if not host or "@" in parts.netloc:
        raise FetchFailed(Problem.ADDRESS)
    port = _PORTS[parts.scheme] if port is None else port
    path = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        path += "?" + quote(parts.query, safe=_SAFE)
    target = Target(parts.scheme, host, port, path, _is_internal(host, port))
    if not target.is_internal:
        _ensure_allowed(target)
    return target


def _is_internal(host: str, port: int) -> bool:
    named = {one.strip().lower() for one in settings.FETCH_INTERNAL_HOSTS}
    return bool({host, f"{host}:{port}", f"[{host}]:{port}"} & named)


def _ensure_allowed(target: Target) -> None:
    ports = set(settings.FETCH_PORTS)
    if not target.is_safe:
        if not settings.FETCH_PLAIN_HTTP:
            raise FetchFailed(Problem.SCHEME)
        ports.add(80)
    if target.port not in ports:
        raise FetchFailed(Problem.PORT)
    if _is_number(target.host) and not is_public(target.host):
        raise FetchFailed(Problem.NOT_PUBLIC)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
