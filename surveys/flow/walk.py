"""The way of one person through a survey: what is asked, and what their answers are.

Going through the elements once, in order, is all there is. Whether a page, a question, a choice
or a row is there follows from the answers before it, and what is not there is null for everything
after it: what is hidden can never show something else. A jump is no more than a condition on the
pages between: they are passed over. Page, validation, stored answers and the bases of all shares
follow this walk; the browser only shows sooner what it would say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import DataType
from surveys.flow.definition import END, Definition, End, Page, text_in
from surveys.flow.expressions import holds, worked_out
from surveys.questions.base import Element, Misfit, Option, QuestionType, Row, Value
from surveys.questions.registry import type_of
from surveys.questions.unasked import Calculated, Hidden

Read = dict[str, tuple[Value, ...]]  # element code → what it holds


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a condition may ask beside the answers: given by the server with the page."""

    today: str = ""  # YYYY-MM-DD
    language: str = ""
    customer: Mapping[str, str] = field(default_factory=dict)  # name, organisation, tier

    def known(self) -> dict[str, Any]:
        found: dict[str, Any] = {"today": self.today or None, "language": self.language or None}
        for name in ("name", "organisation", "tier"):
            found[f"customer.{name}"] = self.customer.get(name) or None
        return found


@dataclass(slots=True)
class Walk:
    """What came of reading somebody's answers."""

    values: Read = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)  # element code → what to do
    shown: list[str] = field(default_factory=list)  # codes of the leaves that were asked
    # The pages on this way, each with its elements as they are asked: only the choices, columns
    # and rows that are there.
    pages: list[tuple[Page, list[Element]]] = field(default_factory=list)
    required: set[str] = field(default_factory=set)  # codes of the elements that need an answer
    end: End | None = None  # by which it ends; None = with the thanks of the survey
    quotas: list[str] = field(default_factory=list)  # codes of those that it would fill
    # What conditions know at the end: leaf code → value, with what the server gave.
    known: dict[str, Any] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  # all that a condition of this definition can name

    def holds(self, condition: str) -> bool:
        """Whether a condition is true at this point; one that is not there is."""
        return holds(condition, self.known, self.names)

    def of(self, code: str) -> Value | None:
        """The one value of a question; None when it was left out."""
        return next(iter(self.values.get(code, ())), None)

    def elements(self) -> Iterator[Element]:
        for _page, elements in self.pages:
            yield from elements


def read_answers(
    definition: Definition,
    answers: Mapping[str, Any],
    circumstances: Circumstances | None = None,
) -> Walk:
    """Read `answers` ({code: raw value}) as the server understands them. What was not asked is
    ignored, whatever was sent for it; a code that no question has is an error."""
    circumstances = circumstances or Circumstances()
    known = circumstances.known()
    names = frozenset({*known, *(leaf.code for leaf in definition.leaves())})
    walk = Walk(known=known, names=names)
    codes = {element.code for element in definition.elements()}
    for code in sorted(set(answers) - codes):
        walk.errors[code] = _("There is no such question.")
    target = ""  # the page, or END and an end, that was jumped to
    for page in definition.pages:
        if target and target != page.code:
            _pass_over(page, walk)
            continue
        target = ""
        if not walk.holds(page.when):
            _pass_over(page, walk)
            continue
        asked: list[Element] = []
        walk.pages.append((page, asked))
        for element in page.elements:
            _ask(element, answers, walk, asked, circumstances)
        target = next((one.to for one in page.jumps if walk.holds(one.when)), "")
    walk.end = _end_of(definition, walk, target)
    walk.quotas = [one.code for one in definition.quotas if walk.holds(one.when)]
    return walk


def _pass_over(page: Page, walk: Walk) -> None:
    for element in page.elements:
        _note(element, (), walk)


def _end_of(definition: Definition, walk: Walk, target: str) -> End | None:
    if target.startswith(END):
        return definition.end(target.removeprefix(END))
    fitting = (end for end in definition.ends if end.when and walk.holds(end.when))
    return next(fitting, None)


def _ask(
    element: Element,
    answers: Mapping[str, Any],
    walk: Walk,
    asked: list[Element],
    circumstances: Circumstances,
) -> None:
    if not walk.holds(element.when):
        _note(element, (), walk)
        return
    kind = type_of(element)
    offered = as_offered(element, walk)
    if _has_nothing_left(kind, offered):
        _note(element, (), walk)
        return
    if not isinstance(kind, Calculated | Hidden):
        asked.append(offered)
    if kind.is_asked:
        walk.shown.extend(leaf.code for leaf in kind.leaves(offered))
    if element.required or (element.required_when and walk.holds(element.required_when)):
        walk.required.add(element.code)
    try:
        values = kind.read(offered, _raw(element, kind, answers, walk))
    except Misfit as misfit:
        walk.errors[element.code] = str(misfit.message)
        _note(element, (), walk)
        return
    _note(element, values, walk)
    if values:
        walk.values[element.code] = values
    error = _what_lacks(kind, offered, values, walk, circumstances.language)
    if error:
        walk.errors[element.code] = error


def _raw(element: Element, kind: QuestionType, answers: Mapping[str, Any], walk: Walk) -> Any:
    if isinstance(kind, Calculated):
        return worked_out(str(element.settings["value"]), walk.known, walk.names)
    if isinstance(kind, Hidden) and (source := kind.source(element)) != "link":
        return walk.known.get(source)
    return answers.get(element.code)


def _what_lacks(
    kind: QuestionType, element: Element, values: tuple[Value, ...], walk: Walk, language: str
) -> str:
    """What to do about an answer that was read: it is needed, or a check does not hold."""
    if element.code in walk.required and (lacking := kind.unanswered(element, values)):
        return lacking
    if values:
        for check in element.checks:
            if not walk.holds(check.that):
                return text_in(check.text, language)
    return ""


def _has_nothing_left(kind: QuestionType, element: Element) -> bool:
    """All its choices or rows are hidden: there is nothing to ask."""
    return (kind.has_choices and not element.choices) or (
        kind.has_rows and not (element.rows and element.columns)
    )


def as_offered(element: Element, walk: Walk) -> Element:
    """The element with the choices, columns and rows that are there at this point."""
    things: list[Option | Row] = [*element.choices, *element.rows, *element.columns]
    if not any(one.when for one in things):
        return element
    choices = tuple(one for one in element.choices if walk.holds(one.when))
    columns = tuple(one for one in element.columns if walk.holds(one.when))
    rows = tuple(one for one in element.rows if walk.holds(one.when))
    every = {one.code for one in (*element.choices, *element.columns)}
    return replace(
        element,
        choices=choices,
        columns=columns,
        rows=rows,
        hidden=frozenset(every - {one.code for one in (*choices, *columns)}),
        hidden_rows=frozenset({one.code for one in element.rows} - {one.code for one in rows}),
    )


def _note(element: Element, values: tuple[Value, ...], walk: Walk) -> None:
    """Make the answer known to the conditions behind it, leaf by leaf; null where none is."""
    for leaf in type_of(element).leaves(element):
        mine = [value for value in values if value.leaf == leaf.code]
        walk.known[leaf.code] = meaning(leaf.data_type, mine)


def meaning(data_type: DataType, values: Sequence[Value]) -> Any:
    """What a leaf comes to in a condition: a code, a list of codes, a number, a text, a day;
    null for nothing and for a scale's “don't know”. A file is its name."""
    if not values:
        return None
    if data_type in {DataType.MULTI, DataType.RANK}:
        return [value.choice for value in values]
    (value,) = values
    match data_type:
        case DataType.SINGLE:
            return value.choice
        case DataType.NUMBER:
            return value.number
        case DataType.DATE:
            return value.date
    return value.text


def answers_in_form(definition: Definition, posted: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """{code: raw answer} out of the fields of a form (or of a query string)."""
    found = {
        element.code: type_of(element).from_form(element, posted)
        for element in definition.elements()
    }
    return {code: raw for code, raw in found.items() if raw is not None}


def presets(definition: Definition, query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What an address chooses beforehand, as far as it fits: {code: raw answer}."""
    found = {}
    for element in definition.elements():
        kind = type_of(element)
        raw = kind.from_form(element, query) if kind.can_be_preset else None
        try:
            if kind.read(element, raw):
                found[element.code] = raw
        except Misfit:
            continue
    return found
