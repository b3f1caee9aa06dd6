"""Where a link really leads, when its words name another place."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from feedback.channels.email.html_tokens import Token, resolved

MAX_WORDS = 300
# White space, controls, soft hyphens and order marks hide `javascript:` from a plain comparison.
HIDDEN = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+"
)
INVISIBLE = re.compile(r"[\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
SLASHES = re.compile(r"^(https?:)/*", re.IGNORECASE)
PLACE = re.compile(
    r"(?:https?://)?((?:[\w-]{1,63}\.){1,10}[^\W\d_]{2,24})(?=[/:?#\s]|[.,;!)，。]|\Z)",
    re.IGNORECASE,
)


def with_plain_targets(tokens: Iterable[Token]) -> Iterator[Token]:
    """The same tokens; behind each link whose words show another host than it leads to, that
    host in square brackets."""
    host, words, size = "", [""], 0
    for token in tokens:
        if token.kind == "start" and token.name == "a":
            host, words, size = host_of(resolved(token.attributes.get("href", ""))), [], 0
        elif token.kind == "text" and size < MAX_WORDS:
            words.append(resolved(token.text))
            size += len(token.text)
        yield token
        if token.kind == "end" and token.name == "a":
            if host and _names_another("".join(words)[:MAX_WORDS], host):
                yield Token("text", text=f" [{host}]")
            host = ""


def host_of(url: str) -> str:
    """The host of a web address in the letters of the network; empty for any other address."""
    url = SLASHES.sub(r"\1//", HIDDEN.sub("", url).replace("\\", "/"))  # as browsers read it
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""
    return _in_ascii(host)


def _names_another(words: str, host: str) -> bool:
    named = PLACE.match(INVISIBLE.sub("", words).strip())
    return named is not None and _bare(_in_ascii(named[1])) != _bare(host)


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "?" for c in host)


def _bare(host: str) -> str:
    return host.removeprefix("www.").rstrip(".")
