"""What the browser needs to show at once what the server would say at the next press: trees,
values and wordings of one page, as data and nothing else. static/js/flow.js reads it."""

from collections.abc import Iterable
from typing import Any

from config.kernel.punctuation import listed
from surveys.flow.definition import text_in
from surveys.flow.expressions import names_of, tree_of
from surveys.flow.walk import as_offered
from surveys.forms.paging import Paging
from surveys.logic.wording import names_in_wording, pieces
from surveys.questions.base import Element, Leaf, Option, Row, Texts
from surveys.questions.numbers import ConstantSum
from surveys.questions.ranking import Ranking
from surveys.questions.registry import type_of
from surveys.questions.unasked import Calculated


def browser_data(paging: Paging) -> dict[str, Any] | None:
    """None when nothing on the page depends on an answer given on it."""
    sheet, here = paging.sheet, paging.leaves_here
    used: set[str] = set()
    for element in paging.page.elements:
        used |= _names(paging, element)
    if not used & here:
        return None
    walk = sheet.walk
    return {
        "known": {name: walk.known.get(name) for name in sorted(used - here)},
        "words": {name: sheet.words.said.get(name, "") for name in sorted(used - here)},
        "mark": listed(["", ""]),
        "questions": [_question(paging, element, used) for element in paging.page.elements],
    }


def _names(paging: Paging, element: Element) -> set[str]:
    names = paging.sheet.walk.names
    found = names_of(element.when, names) | names_of(element.required_when, names)
    things: list[Option | Row] = [*element.choices, *element.rows, *element.columns]
    for one in things:
        found |= names_of(one.when, names)
    if element.type == Calculated.name:
        found |= names_of(str(element.settings["value"]), names)
    for texts in (element.text, element.hint):
        found |= set(names_in_wording(_wording(paging, texts), names))
    return found


def _wording(paging: Paging, texts: Texts) -> str:
    return text_in(texts, paging.sheet.language)


def _question(paging: Paging, element: Element, used: set[str]) -> dict[str, Any]:
    names = paging.sheet.walk.names
    data: dict[str, Any] = {"code": element.code}
    if element.when:
        data["when"] = tree_of(element.when, names)
    if element.required_when:
        data["needed"] = tree_of(element.required_when, names)
    data |= _offers(paging, element)
    for name, texts in (("text", element.text), ("hint", element.hint)):
        parts = pieces(_wording(paging, texts), names)
        if any(isinstance(part, list) for part in parts):
            data[name] = parts
    leaves = [leaf for leaf in type_of(element).leaves(element) if leaf.code in used]
    if element.type == Calculated.name:
        data["value"] = tree_of(str(element.settings["value"]), names)
    elif not type_of(element).is_asked:  # came with the link, or is known of the customer
        known = paging.sheet.walk.known
        data["given"] = {leaf.code: known.get(leaf.code) for leaf in leaves}
    elif leaves:
        data["leaves"] = [_leaf(paging, leaf) for leaf in leaves]
    return data


def _offers(paging: Paging, element: Element) -> dict[str, Any]:
    """What of its choices, columns and rows comes and goes by an answer on this page; of such an
    element also what does not come at all, and how many there are else."""

    def trees(things: Iterable[Option | Row]) -> dict[str, Any]:
        return {
            one.code: tree_of(one.when, paging.sheet.walk.names)
            for one in things
            if paging.depends_here(one.when)
        }

    choices, rows = trees((*element.choices, *element.columns)), trees(element.rows)
    if not choices and not rows:
        return {}
    offered = as_offered(element, paging.sheet.walk)
    gone = offered.hidden - set(choices)
    gone_rows = offered.hidden_rows - set(rows)
    options = len(element.choices) + len(element.columns)
    data: dict[str, Any] = {
        "choices": choices,
        "rows": rows,
        "gone": {"choices": sorted(gone), "rows": sorted(gone_rows)},
        "always": {
            "choices": options - len(choices) - len(gone),
            "rows": len(element.rows) - len(rows) - len(gone_rows),
        },
        "isShared": element.type == ConstantSum.name,  # each choice has an answer of its own
    }
    if element.type == Ranking.name:
        data["places"] = element.settings.get("places")
    return data


def _leaf(paging: Paging, leaf: Leaf) -> dict[str, Any]:
    """Its code, the name of its fields, what it holds, and the labels of its choices."""
    name, part = leaf.code, ""
    if leaf.part_of:
        part = leaf.code.removeprefix(f"{leaf.part_of}_")
        name = f"{leaf.part_of}.{part}"
    labels = {choice.code: _wording(paging, choice.text) for choice in leaf.choices}
    data = {"code": leaf.code, "name": name, "kind": leaf.data_type.value, "labels": labels}
    return data | {"part": part} if part else data
