"""What went before, below an answer: as text behind ">" and as HTML. Bounded in length."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape, linebreaks

MESSAGES = 20
CHARACTERS = 4_000  # of one message
TOGETHER = 30_000
CUT = "…"


@dataclass(frozen=True, slots=True)
class Quoted:
    """`head` is a line such as "On 3 Nov 2026, Li Lei wrote:"."""

    head: str
    text: str


def bounded(newest_first: Iterable[Quoted]) -> list[Quoted]:
    """The newest that fit, newest first; long ones are cut."""
    kept: list[Quoted] = []
    left = TOGETHER
    for one in newest_first:
        room = min(CHARACTERS, left)
        text = one.text.strip()
        if len(kept) == MESSAGES or room <= 0:
            break
        if len(text) > room:
            text = text[:room].rstrip() + CUT
        kept.append(Quoted(one.head, text))
        left -= len(text)
    return kept


def as_text(quotes: Sequence[Quoted]) -> str:
    return "\n\n".join(f"{one.head}\n{_behind_marks(one.text)}" for one in quotes)


def _behind_marks(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def as_html(text: str, quotes: Sequence[Quoted]) -> str:
    """The whole mail: what was written, and what went before in quotations."""
    quoted = "".join(
        f"<p>{escape(one.head)}</p><blockquote>{_paragraphs(one.text)}</blockquote>"
        for one in quotes
    )
    return f"<div>{_paragraphs(text)}</div>{quoted}"


def _paragraphs(text: str) -> str:
    return linebreaks(text, autoescape=True)
