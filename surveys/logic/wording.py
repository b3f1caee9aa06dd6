"""Answers inside texts: “You gave {overall} stars, {contact_name|dear customer}”.

`{code}` is what was answered there, in words; behind `|` stands what is said when nothing was.
`{{` and `}}` are braces. Only names: what has to be computed is a calculated question first.
Nothing is marked up here: whoever shows the text escapes it as any other.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.kernel.conditions.errors import Problem
from surveys.logic.checks import unknown_name
from surveys.logic.evaluation import plain
from surveys.logic.expression import resolve

Piece = str | list[str]  # a text, or [code, fallback]

_PIECE = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<name>[^{}|]*)(?:\|(?P<fallback>[^{}]*))?\}|[{}]")


def pieces(text: str, known: Collection[str] = ()) -> list[Piece]:
    """`text` taken apart, ready to be filled here or in the browser. What `find_faults` would
    refuse stays as it is written."""
    found: list[Piece] = []
    at = 0
    for match in _PIECE.finditer(text):
        found.append(text[at : match.start()])
        name = (match["name"] or "").strip()
        if match["brace"]:
            found.append(match[0][0])
        elif name:
            found.append([resolve(name, known) or name, match["fallback"] or ""])
        else:
            found.append(match[0])
        at = match.end()
    found.append(text[at:])
    return _joined(found)


def _joined(found: list[Piece]) -> list[Piece]:
    whole: list[Piece] = []
    for piece in found:
        if isinstance(piece, str) and whole and isinstance(whole[-1], str):
            whole[-1] += piece
        elif piece:
            whole.append(piece)
    return whole


def names_in_wording(text: str, known: Collection[str] = ()) -> list[str]:
    """Each code that `text` names, once."""
    return list(dict.fromkeys(one[0] for one in pieces(text, known) if isinstance(one, list)))


def find_faults(
    text: str, names: Collection[str], *, later: Collection[str] = ()
) -> list[Problem]:
    """What is wrong with the braces of `text`, each with its place. `names` are the codes that
    may be said here, `later` those that are asked only afterwards."""
    problems = []
    for match in _PIECE.finditer(text):
        name = (match["name"] or "").strip()
        if match["brace"] or (name and resolve(name, names) is not None):
            continue
        message = (
            unknown_name(name, names, later)
            if name
            else _("A brace stands alone: write {{ or }} for a brace, {code} for an answer.")
        )
        problems.append(Problem(message, span=match.span()))
    return problems


def fill(found: Sequence[Piece], words: Mapping[str, str]) -> str:
    """The text, with `words` ({code: the answer in words}) in it."""
    return "".join(
        piece if isinstance(piece, str) else words.get(piece[0]) or piece[1] for piece in found
    )


def say_answer(value: Any, choices: Mapping[str, str], mark: str = ", ") -> str:
    """An answer in words: labels of `choices` by code (of yes and no by "true" and "false"),
    several with `mark` between them. Empty when there is none."""
    value = plain(value)
    if value is None:
        return ""
    items = value if isinstance(value, list) else [value]
    return mark.join(choices.get(text := _as_text(item), text) for item in items)


def _as_text(value: Any) -> str:
    """As the browser writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, float):
        return str(value)
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(value)), "f")
    return re.sub(r"e([+-])0*", r"e\1", repr(value))
