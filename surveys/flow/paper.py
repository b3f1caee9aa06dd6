"""A survey on paper: what is printed of each question, and the fields that are keyed in from it.
Choices have the numbers of their places, scales their own. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from surveys.flow.definition import END, Definition, Page, text_in
from surveys.flow.expressions import tree_of
from surveys.flow.walk import Circumstances
from surveys.logic.sentences import Label, say
from surveys.logic.wording import fill, pieces
from surveys.questions.base import Element, Option, Row, Texts
from surveys.questions.choosing import Consent, other_name
from surveys.questions.contact import PARTS, Contact
from surveys.questions.numbers import ConstantSum
from surveys.questions.ranking import Ranking
from surveys.questions.registry import TYPES, type_of
from surveys.questions.scales import DONT_KNOW, Rating, Scale, Slider

DONT_KNOW_KEY = "n"
BLANK = "______"
_NOT_ON_PAPER = {"calculated", "hidden"}

Words = list[str]  # the same said in each language of the form


@dataclass(frozen=True, slots=True)
class Box:
    """Something to mark: the key that stands beside it, and what it means."""

    key: str
    words: Words
    code: str
    other: str = ""  # the name of the field for words of one's own


@dataclass(frozen=True, slots=True)
class Blank:
    """One field to key in: its name, what it asks for in words, and what may be keyed."""

    name: str
    words: Words
    boxes: tuple[Box, ...] = ()
    is_many: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """One question as it stands on paper."""

    element: Element
    number: int | None  # None of what is only read
    kind: str  # which piece of the template draws it
    text: Words
    hint: Words
    only_if: Words
    blanks: tuple[Blank, ...] = ()
    boxes: tuple[Box, ...] = ()  # of the question, or the columns of a grid
    is_many: bool = False
    low: Words = field(default_factory=list)
    high: Words = field(default_factory=list)
    note: Words = field(default_factory=list)  # how to fill it in
    unit: Words = field(default_factory=list)

    @property
    def ends(self) -> list[str]:
        """What the numbers at the ends of a scale stand for: “1 = poor”."""
        numbers = [box.key for box in self.boxes if not box.words]
        both = zip(numbers[:1] + numbers[-1:], (self.low, self.high), strict=False)
        return [f"{key} = {' / '.join(words)}" for key, words in both if words]


@dataclass(frozen=True, slots=True)
class PrintedPage:
    title: Words
    only_if: Words
    questions: tuple[Printed, ...]
    go_on: tuple[Words, ...]  # where it goes on, for whom


_KINDS = {
    "single_choice": "choices", "dropdown": "choices", "multiple_choice": "choices",
    "consent": "choices", "likert": "grid", "matrix_multi": "grid", "ranking": "places",
    "constant_sum": "places", "contact": "parts", "long_text": "lines", "short_text": "line",
    "number": "line", "date": "line", "slider": "line", "statement": "statement",
    "file": "elsewhere",
}  # fmt: skip


class Form:
    """A definition as a form on paper in `languages` (codes; two of them stand one below the
    other)."""

    def __init__(self, definition: Definition, languages: Sequence[str]) -> None:
        self.definition = definition
        self.languages = list(languages)
        self.names = frozenset(
            {*Circumstances().known(), *(leaf.code for leaf in definition.leaves())}
        )
        self.numbers = _numbers(definition)
        self._labels = {language: self._labels_in(language) for language in self.languages}

    @property
    def pages(self) -> list[PrintedPage]:
        return [self._page(page) for page in self.definition.pages]

    @property
    def questions(self) -> list[Printed]:
        return [one for page in self.pages for one in page.questions]

    def words(self, texts: Texts) -> Words:
        """In each language, once; answers inside a text are a blank line or what it says where
        there is none."""
        nothing = dict.fromkeys(self.names, "")
        found = []
        for language in self.languages:
            parts = pieces(text_in(texts, language), self.names)
            parts = [one if isinstance(one, str) else [one[0], one[1] or BLANK] for one in parts]
            found.append(fill(parts, nothing).strip())
        return list(dict.fromkeys(one for one in found if one))

    def _page(self, page: Page) -> PrintedPage:
        asked = [one for one in page.elements if one.type not in _NOT_ON_PAPER]
        return PrintedPage(
            self.words(page.title),
            self._only_if(page.when),
            tuple(self._question(one) for one in asked),
            tuple(self._jump(jump.when, jump.to) for jump in page.jumps),
        )

    def _question(self, element: Element) -> Printed:
        kind = TYPES[element.type]
        name = "steps" if isinstance(kind, Rating) else _KINDS[element.type]
        boxes = self._boxes(element)
        is_many = element.type in {"multiple_choice", "matrix_multi"}
        return Printed(
            element=element,
            number=self.numbers.get(element.code),
            kind=name,
            text=self.words(element.text),
            hint=self.words(element.hint),
            only_if=self._only_if(element.when),
            boxes=boxes,
            blanks=self._blanks(element, name, boxes, is_many=is_many),
            is_many=is_many,
            low=self._end(element, "low"),
            high=self._end(element, "high"),
            note=self._note(element, name, is_many=is_many),
            unit=self._end(element, "unit"),
        )

    def _boxes(self, element: Element) -> tuple[Box, ...]:
        kind = TYPES[element.type]
        if isinstance(kind, Consent):
            return (Box("1", self.words(kind.label(element)), "yes"),)
        if isinstance(kind, Rating):
            found = [Box(str(n), [], str(n)) for n in kind.steps(element)]
            if isinstance(kind, Scale) and (text := kind.dont_know(element)):
                found.append(Box(DONT_KNOW_KEY, self.words(text), DONT_KNOW))
            return tuple(found)
        options: Sequence[Option] = element.columns or element.choices
        return tuple(
            Box(
                str(at),
                self.words(option.text),
                option.code,
                other_name(element.code, option.code) if option.is_other else "",
            )
            for at, option in enumerate(options, start=1)
        )

    def _blanks(
        self, element: Element, name: str, boxes: tuple[Box, ...], *, is_many: bool
    ) -> tuple[Blank, ...]:
        code = element.code
        match name:
            case "statement" | "elsewhere":
                return ()
            case "grid":
                return tuple(
                    Blank(f"{code}.{row.code}", self.words(row.text), boxes, is_many)
                    for row in element.rows
                )
            case "places":
                return tuple(
                    Blank(f"{code}.{box.code}", [f"{box.key} {one}" for one in box.words[:1]])
                    for box in boxes
                )
            case "parts":
                return tuple(
                    Blank(f"{code}.{part}", self.words(PARTS[part]), is_text=True)
                    for part in Contact.parts(element)
                )
            case "lines" | "line":
                return (Blank(code, [], is_text=name == "lines" or _is_text(element)),)
        own = [Blank(box.other, box.words, is_text=True) for box in boxes if box.other]
        return (Blank(code, [], boxes, is_many), *own)

    def _end(self, element: Element, name: str) -> Words:
        kind = TYPES[element.type]
        if isinstance(kind, Rating) and name != "unit":
            return self.words(getattr(kind, name)(element))
        texts = element.settings.get(name)
        return self.words(texts) if isinstance(texts, Mapping) else []

    def _note(self, element: Element, name: str, *, is_many: bool) -> Words:
        kind = TYPES[element.type]
        if name == "elsewhere":
            return self._in_each(
                lambda _language: _("Files cannot be handed in on paper; use the code here.")
            )

        def say_it() -> str:
            if isinstance(kind, ConstantSum):
                return _("Share out %(total)s points.") % {"total": kind.total(element)}
            if isinstance(kind, Ranking):
                return _("Write 1 beside the first place, then up to %(last)s.") % {
                    "last": kind.places(element)
                }
            if isinstance(kind, Slider):
                low, high, _step = kind.ends_of(element)
                return _("A number from %(low)s to %(high)s.") % {"low": low, "high": high}
            if element.type == "date":
                return _("Year, month, day.")
            return _("Mark all that apply.") if is_many else ""

        return self._in_each(lambda _language: say_it())

    def _only_if(self, condition: str) -> Words:
        if not condition:
            return []
        tree = tree_of(condition, self.names)
        return self._in_each(
            lambda language: (
                _("Only if %(condition)s.")
                % {"condition": say(tree, self._labels[language], language)}
            )
        )

    def _jump(self, condition: str, to: str) -> Words:
        target = self._place(to)

        def say_it(language: str) -> str:
            where = (
                _("go on with question %(number)s") % {"number": target}
                if target
                else _("you have come to the end")
            )
            if not condition:
                return _("Now %(where)s.") % {"where": where}
            tree = tree_of(condition, self.names)
            words = say(tree, self._labels[language], language)
            return _("If %(condition)s, %(where)s.") % {"condition": words, "where": where}

        return self._in_each(say_it)

    def _place(self, to: str) -> int | None:
        """The first question from a page on; None for an end."""
        if to.startswith(END):
            return None
        pages = list(self.definition.pages)
        begin = next((at for at, page in enumerate(pages) if page.code == to), len(pages))
        codes = (one.code for page in pages[begin:] for one in page.elements)
        return next((self.numbers[code] for code in codes if code in self.numbers), None)

    def _in_each(self, words: Any) -> Words:
        found = []
        for language in self.languages:
            with translation.override(language):
                found.append(str(words(language)))
        return list(dict.fromkeys(one for one in found if one))

    def _labels_in(self, language: str) -> dict[str, Label]:
        found = {}
        with translation.override(language):
            for name in Circumstances().known():
                found[name] = Label(name)
            for element in self.definition.elements():
                number = self.numbers.get(element.code)
                rows = {f"{element.code}_{one.code}": one for one in _parts(element)}
                for leaf in type_of(element).leaves(element):
                    text = text_in(leaf.text, language)
                    if number is not None:
                        text = _("question %(number)s") % {"number": number}
                        if part := rows.get(leaf.code):
                            text += f" ({text_in(part.text, language)})"
                    choices = {one.code: text_in(one.text, language) for one in leaf.choices}
                    found[leaf.code] = Label(text, choices, leaf.data_type in {"multi", "rank"})
        return found


def _parts(element: Element) -> Iterable[Row | Option]:
    return element.rows or (element.choices if element.type == "constant_sum" else ())


def _numbers(definition: Definition) -> dict[str, int]:
    """{code: number of the question}, of those that can be answered on paper."""
    asked = [
        one.code
        for one in definition.elements()
        if one.type not in _NOT_ON_PAPER and one.type != "statement"
    ]
    return {code: at for at, code in enumerate(asked, start=1)}


def _is_text(element: Element) -> bool:
    return element.type == "short_text"


def without_demands(definition: Definition) -> Definition:
    """The same, but nothing has to be answered and nothing is checked: what stands on paper
    cannot be asked again."""
    pages = tuple(
        replace(
            page,
            elements=tuple(
                replace(one, required=False, required_when="", checks=()) for one in page.elements
            ),
        )
        for page in definition.pages
    )
    return replace(definition, pages=pages)
