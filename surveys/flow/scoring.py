"""The sum of the scores of chosen answers, written as an expression that everybody can read."""

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.enums import DataType
from surveys.flow.editing import Raw
from surveys.questions.base import Element, Leaf
from surveys.questions.registry import type_of


def score_expression(elements: list[Element]) -> str:
    """What a calculated question works out: of each choice with a score that one, of several
    chosen their sum; "" when no choice has one. What was not answered adds nothing."""
    parts = [
        part
        for element in elements
        for leaf in type_of(element).leaves(element)
        for part in _parts(leaf)
    ]
    return f"sum({', '.join(parts)})" if parts else ""


def _parts(leaf: Leaf) -> Iterator[str]:
    scores = {one.code: one.score for one in leaf.choices if one.score is not None}
    compared = "contains" if leaf.data_type is DataType.MULTI else "="
    if leaf.data_type not in {DataType.SINGLE, DataType.MULTI}:
        return
    for code, score in scores.items():
        yield f"iif({{{leaf.code}}} {compared} '{code}', {score:g}, 0)"


def has_scores(raw: Raw) -> bool:
    """Whether any choice of a draft has one."""
    return any(
        isinstance(part, Mapping) and part.get("score") is not None
        for page in raw["pages"]
        for element in page["elements"]
        for part in _listed(element)
    )


def _listed(element: Raw) -> Iterator[Any]:
    for name in ("choices", "columns"):
        given = element.get(name)
        yield from given if isinstance(given, list) else ()
