"""One page of a survey at a time: which pages there are for this person, which one is shown, and
what of it depends on other questions of the same page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from surveys.flow.definition import Page
from surveys.flow.expressions import names_of
from surveys.flow.order import pages_in_order
from surveys.flow.walk import as_offered
from surveys.forms.fields import Field
from surveys.forms.sheet import Sheet
from surveys.questions.base import Element, Option, Row
from surveys.questions.ranking import Ranking
from surveys.questions.registry import type_of
from surveys.questions.unasked import Calculated, Hidden

T = TypeVar("T", Option, Row)
UNSEEN = {Calculated.name, Hidden.name}


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as it stands on the page; hidden ones wait for an answer above them."""

    field: Field
    is_hidden: bool

    @property
    def code(self) -> str:
        return self.field.element.code

    @property
    def mark(self) -> str:
        return mark_of(self.field.element)


@dataclass(frozen=True)
class Paging:
    """A sheet with one of its pages open."""

    sheet: Sheet
    at: str = ""  # the code of a page; "" = the first one
    reached: int = 0  # the place of the furthest page that was shown
    errors: Mapping[str, str] = field(default_factory=dict)
    is_begun: bool = False  # a draft holds the answers

    @cached_property
    def order(self) -> list[Page]:
        """Every page of the definition, as this person would meet them."""
        definition = self.sheet.definition
        return pages_in_order(definition, definition.pages, self.sheet.seed)

    @cached_property
    def asked(self) -> dict[str, list[Element]]:
        """What is shown, by page; pages on which there is nothing are left out."""
        return {page.code: elements for page, elements in self.sheet.walk.pages if elements}

    @cached_property
    def visible(self) -> list[Page]:
        return [page for page in self.order if page.code in self.asked]

    @property
    def is_long(self) -> bool:
        """Whether it is answered in several steps, so that there is something to come back to."""
        return len(self.order) > 1

    def place_of(self, code: str) -> int:
        return next((at for at, page in enumerate(self.order) if page.code == code), 0)

    @cached_property
    def page(self) -> Page:
        """The one that is open: as asked for, if it is on the way and not ahead of it; else how
        far somebody has come."""
        place = self.place_of(self.at) if self.at else self.reached
        place = min(place, max(self.reached, 0)) if self.at else place
        ahead = (page for page in self.visible if self.place_of(page.code) >= place)
        return next(ahead, self.visible[-1] if self.visible else self.order[0])

    @cached_property
    def after(self) -> Page | None:
        place = self.place_of(self.page.code)
        later = (page for page in self.visible if self.place_of(page.code) > place)
        return next(later, None)

    @cached_property
    def before(self) -> Page | None:
        place = self.place_of(self.page.code)
        earlier = (page for page in self.visible if self.place_of(page.code) < place)
        return max(earlier, key=lambda page: self.place_of(page.code), default=None)

    @property
    def done(self) -> int:
        """Percent of the way; it does not go back with the person."""
        place = max(self.place_of(self.page.code), self.reached)
        return round(100 * place / len(self.order))

    def opened(self, code: str) -> "Paging":
        """The same with another page open."""
        return replace(self, at=code, reached=max(self.reached, self.place_of(code)))

    # --- the page that is open ------------------------------------------------------------------

    @property
    def title(self) -> str:
        return self.sheet.words(self.page.title)

    @cached_property
    def shown(self) -> list[Shown]:
        asked = {element.code: element for element in self.asked.get(self.page.code, [])}
        found = []
        for element in self.page.elements:
            if element.code in asked:
                drawn = self._with_possible(element, asked[element.code])
                found.append(Shown(self._field(drawn), is_hidden=False))
            elif self.may_appear(element):
                drawn = self._with_possible(element, as_offered(element, self.sheet.walk))
                if drawn.choices or drawn.rows or not (element.choices or element.rows):
                    found.append(Shown(self._field(drawn), is_hidden=True))
        return found

    def may_appear(self, element: Element) -> bool:
        """Whether an answer on this very page can bring it: by its own condition, or because it
        brings something to choose from."""
        if element.type in UNSEEN:
            return False
        things: list[Option | Row] = [*element.choices, *element.rows, *element.columns]
        return self.depends_here(element.when) or (
            self.sheet.walk.holds(element.when)
            and any(self.depends_here(one.when) for one in things)
        )

    def depends_here(self, condition: str) -> bool:
        """Whether an answer on this very page can change it."""
        return bool(names_of(condition, self.sheet.walk.names) & self.leaves_here)

    def _with_possible(self, element: Element, offered: Element) -> Element:
        """As it is offered, with the choices, columns and rows that an answer on this page can
        bring: they stand among `hidden` and `hidden_rows` until it does."""

        def possible(things: tuple[T, ...], there: tuple[T, ...]) -> tuple[T, ...]:
            codes = {one.code for one in there}
            return tuple(o for o in things if o.code in codes or self.depends_here(o.when))

        return replace(
            offered,
            choices=possible(element.choices, offered.choices),
            columns=possible(element.columns, offered.columns),
            rows=possible(element.rows, offered.rows),
        )

    @cached_property
    def leaves_here(self) -> set[str]:
        """The codes under which the answers of this page are known."""
        return {
            leaf.code
            for element in self.page.elements
            for leaf in type_of(element).leaves(element)
        }

    def _field(self, element: Element) -> Field:
        drawn = self.sheet.draw(element)
        return replace(drawn, error=self.errors.get(element.code, ""))

    @property
    def asks(self) -> str:
        """What is shown, to tell afterwards whether an answer brought more to this page."""
        return " ".join(mark_of(element) for element in self.asked.get(self.page.code, []))

    def has_more(self, asked: str | None) -> bool:
        """Whether an answer brought questions to this page that were not on it when it was
        shown: without a script they are seen only now. `asked` is what it told then (`asks`);
        None: it did not tell."""
        return asked is not None and not set(self.asks.split()) <= set(asked.split())

    @property
    def has_ranking(self) -> bool:
        return any(element.type == Ranking.name for element in self.page.elements)

    @property
    def wrong(self) -> list[Field]:
        return [one.field for one in self.shown if one.field.error]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """(name, value) of what came with the link for other pages, or for what nobody sees; what
        was begun has it already."""
        if self.is_begun:
            return []
        here = {one.code for one in self.shown}
        return [
            (code, raw)
            for code, raw in self.sheet.answers.items()
            if code not in here and isinstance(raw, str)
        ]

    @cached_property
    def faults(self) -> dict[str, str]:
        """What is wrong on this page: element code → what to do."""
        codes = {element.code for element in self.page.elements}
        return {code: say for code, say in self.sheet.walk.errors.items() if code in codes}

    def first_wrong(self, errors: Mapping[str, str]) -> "Paging":
        """The first page of the way that has one of `errors`."""
        for page in self.visible:
            if any(element.code in errors for element in page.elements):
                return replace(self.opened(page.code), errors=errors)
        return replace(self, errors=errors)


def mark_of(element: Element) -> str:
    """The code; of an element that offers more or less by condition also what it does not offer.
    static/js/flow.js writes the same."""
    gone = sorted((*element.hidden, *element.hidden_rows))
    return f"{element.code}~{','.join(gone)}" if gone else element.code


def changes_of(
    page: Page, posted: Mapping[str, Any], asked: str, *, is_first: bool
) -> dict[str, Any]:
    """What a page that was sent changes: {code: raw answer, None where nothing is answered any
    more}. A question that was not shown keeps what it had. What came with the link (`posted`
    names other pages, or what nobody sees) counts only the first time."""
    shown = {mark.partition("~")[0] for mark in asked.split()}
    changes = dict(posted) if is_first else {}
    for element in page.elements:
        if element.code in posted:
            changes[element.code] = posted[element.code]
        elif element.code in shown:
            changes[element.code] = None
    return changes
