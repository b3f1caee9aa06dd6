"""Cut tag soup into balanced tokens, in linear time and bounded depth.

Why not a ready parser: `html.parser` is quadratic on broken comments, and the tree builder inside
nh3 is quadratic in nesting depth and in attributes per tag (100 000 open `<div>` cost it minutes).
Whatever stands in the mail, what leaves this module is a short, well-formed subset, so that every
program behind it sees the same tags that we saw.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

MAX_HTML = 2_000_000
MAX_DEPTH = 100
MAX_ATTRIBUTES = 60

ATTRIBUTE = re.compile(
    r"[\s/]*+([^\s/>][^\s/>=]*+)"
    r"(?:\s*+=\s*+(?:\"([^\"]*+)(?:\"|\Z)|'([^']*+)(?:'|\Z)|([^\s>\"'][^\s>]*+)|(?=>)))?+"
)
TAG_NAME = re.compile(r"</?+([a-zA-Z][^\s/>]{0,40}+)[^\s/>]*+")
END_OF_TAG = re.compile(r"[^>]*+>?")
MARKUP = re.compile(r"<(?=[a-zA-Z/!?])")
COMMENT_END = re.compile(r"--!?>")
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                  "param", "source", "track", "wbr"))  # fmt: skip
# Elements whose content is no text for a reader, up to their end tag.
SKIPPED = {
    name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE)
    for name in (
        "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "svg",
        "math", "template", "audio", "video", "select",
    )
}  # fmt: skip
# A start tag that ends an open element of its kind, if no box of the second set lies between.
SELF_CLOSING = {
    "p": frozenset(("p",)),
    "li": frozenset(("li",)),
    "dd": frozenset(("dd", "dt")),
    "dt": frozenset(("dd", "dt")),
    "td": frozenset(("td", "th")),
    "th": frozenset(("td", "th")),
    "tr": frozenset(("tr",)),
    "tbody": frozenset(("tbody", "thead", "tfoot")),
    "a": frozenset(("a",)),
}
BOXES = frozenset(("table", "ul", "ol", "dl", "div", "blockquote", "body", "html", "center"))


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is start, end, void or text. `text` is raw: character references not yet resolved."""

    kind: str
    name: str = ""
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def read_tokens(html: str) -> Iterator[Token]:
    """Yield balanced tokens of the first 2 M characters. Comments and scripts are left out.

    Every start has its end; at most 100 elements are open, deeper tags lose their markup only.
    """
    open_names: list[str] = []
    for token in _raw_tokens(html[:MAX_HTML]):
        if token.kind == "start":
            yield from _implied_ends(open_names, SELF_CLOSING.get(token.name))
            if len(open_names) < MAX_DEPTH:
                open_names.append(token.name)
                yield token
        elif token.kind == "end":
            if token.name in open_names:
                yield from _ends_down_to(open_names, token.name)
        else:
            yield token
    for name in reversed(open_names):
        yield Token("end", name)


def resolved(text: str) -> str:
    """Resolve character references: `&amp;` -> `&`."""
    return unescape(text) if "&" in text else text


def _implied_ends(open_names: list[str], ended: frozenset[str] | None) -> Iterator[Token]:
    if ended is None:
        return
    for name in reversed(open_names):
        if name in ended:
            yield from _ends_down_to(open_names, name)
            return
        if name in BOXES:
            return


def _ends_down_to(open_names: list[str], name: str) -> Iterator[Token]:
    while open_names:
        last = open_names.pop()
        yield Token("end", last)
        if last == name:
            return


def _raw_tokens(html: str) -> Iterator[Token]:
    position = 0
    never_ends: set[str] = set()
    while position < len(html):
        found = MARKUP.search(html, position)
        bracket = found.start() if found else len(html)
        if bracket > position:
            yield Token("text", text=html[position:bracket])
        if bracket == len(html):
            return
        named = TAG_NAME.match(html, bracket)
        if named is None:
            position = _end_of_declaration(html, bracket)
            continue
        name = named[1].lower()
        if html[bracket + 1] == "/":
            position = _end_of_tag(html, named.end())
            yield Token("end", name)
            continue
        attributes, position = _attributes(html, named.end())
        if name in SKIPPED:
            position = _skipped(html, position, name, never_ends)
        else:
            yield Token("void" if name in VOID else "start", name, attributes=attributes)


def _end_of_declaration(html: str, bracket: int) -> int:
    """Step over a comment, a declaration, or `</` without a name."""
    if html.startswith("<!--", bracket):
        found = COMMENT_END.search(html, bracket + 2)
        return found.end() if found else len(html)
    return _end_of_tag(html, bracket)


def _end_of_tag(html: str, position: int) -> int:
    found = END_OF_TAG.match(html, position)
    return found.end() if found else len(html)


def _attributes(html: str, position: int) -> tuple[dict[str, str], int]:
    """Return the first attributes of a tag (later ones are read over) and where the tag ends."""
    attributes: dict[str, str] = {}
    while found := ATTRIBUTE.match(html, position):
        position = found.end()
        if len(attributes) < MAX_ATTRIBUTES:
            value = found[2] or found[3] or found[4] or ""
            attributes.setdefault(found[1].lower(), value)
    return attributes, _end_of_tag(html, position)


def _skipped(html: str, position: int, name: str, never_ends: set[str]) -> int:
    """Return where an unread element ends; one that never ends hides nothing but a script."""
    found = None if name in never_ends else SKIPPED[name].search(html, position)
    if found:
        return _end_of_tag(html, found.start())
    never_ends.add(name)
    return len(html) if name in {"script", "style"} else position
