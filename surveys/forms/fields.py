"""One question as a template draws it: worded in one language, with what was answered so far."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from surveys.flow.definition import text_in
from surveys.questions.base import Element, Option, Texts
from surveys.questions.choosing import Consent, other_name
from surveys.questions.contact import PARTS, Contact
from surveys.questions.files import File, KeptFile
from surveys.questions.numbers import ConstantSum
from surveys.questions.ranking import Ranking
from surveys.questions.registry import TYPES
from surveys.questions.scales import DONT_KNOW, Rating, Scale, Slider
from surveys.questions.writing import LongText

SHORT = 14  # characters of a choice that may stand beside others
CONTROLS = {"email": "email", "phone": "tel", "url": "url"}
COMPLETES = {"name": "name", "email": "email", "phone": "tel", "company": "organization"}
# Mouths of the faces, from awful to great, in a box of 24.
MOUTHS = (
    "M8 17q4-4 8 0",
    "M8.5 16.5q3.5-2.2 7 0",
    "M8.5 15.6h7",
    "M8.5 15q3.5 2.4 7 0",
    "M7.8 14.2q4.2 5.4 8.4 0",
)


@dataclass(frozen=True, slots=True)
class Pick:
    """One choice as it can be chosen."""

    id: str
    code: str
    text: str
    is_chosen: bool
    is_alone: bool = False
    is_loose: bool = False  # comes and goes by a condition
    is_hidden: bool = False  # not there at the moment
    other_name: str = ""  # of the field for the words of “other”
    other_text: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    number: int
    is_chosen: bool
    end: str = ""  # what the number stands for, at the ends
    mouth: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A field beside others: a share of a sum, a place, one part of a contact."""

    id: str
    name: str
    text: str
    value: str
    control: str = "text"
    completes: str = ""
    is_needed: bool = False
    code: str = ""  # of the choice it belongs to
    is_loose: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a matrix with its cells."""

    id: str
    name: str
    text: str
    cells: list[Pick]
    code: str
    is_loose: bool = False
    is_hidden: bool = False


Comes = TypeVar("Comes", Pick, Line, Part)


@dataclass(frozen=True, slots=True)
class Field:
    """One question on the page."""

    element: Element
    language: str
    raw: Any
    error: str
    is_required: bool = False
    wording: Callable[[Texts], str] | None = None  # fills in answers

    @property
    def widget(self) -> str:
        return WIDGETS[self.element.type]

    @property
    def id(self) -> str:
        return f"q-{self.element.code}"

    @property
    def first_id(self) -> str:
        """Where the error summary leads: the first control that takes the focus."""
        match self.element.type:
            case "single_choice" | "multiple_choice":
                return _first(self.picks).id
            case "likert" | "matrix_multi":
                return _first(_first(self.lines).cells).id
            case "ranking" | "constant_sum" | "contact":
                return _first(self.parts).id
        kind = TYPES[self.element.type]
        return self.steps[0].id if isinstance(kind, Rating) else f"{self.id}-text"

    def words(self, texts: Texts) -> str:
        return self.wording(texts) if self.wording else text_in(texts, self.language)

    @property
    def text(self) -> str:
        return self.words(self.element.text)

    @property
    def hint(self) -> str:
        return self.words(self.element.hint)

    @property
    def describes(self) -> str:
        """The id of what stands beside the question for a screen reader: fault or hint."""
        if self.error:
            return f"{self.id}-error"
        return f"{self.id}-hint" if self.hint else ""

    def setting(self, name: str) -> str:
        texts = self.element.settings.get(name)
        return self.words(texts) if isinstance(texts, Mapping) else ""

    @property
    def placeholder(self) -> str:
        return self.setting("placeholder")

    @property
    def unit(self) -> str:
        return self.setting("unit")

    @property
    def examples(self) -> list[str]:
        return [self.words(texts) for texts in self.element.settings.get("examples", ())]

    # --- one value ----------------------------------------------------------------------------

    @property
    def value(self) -> str:
        """What was given, as a control takes it."""
        if isinstance(self.raw, bool) or not isinstance(self.raw, str | int | float):
            return ""
        return f"{self.raw:g}" if isinstance(self.raw, float) else str(self.raw)

    @property
    def max_length(self) -> int:
        kind = TYPES[self.element.type]
        return kind.max_length(self.element) if isinstance(kind, LongText) else 0

    @property
    def control(self) -> str:
        return CONTROLS.get(self.element.settings.get("format", ""), "text")

    @property
    def completes(self) -> str:
        return COMPLETES.get(self.element.settings.get("format", ""), "")

    @property
    def least(self) -> str:
        return _plain(self.element.settings.get("min"))

    @property
    def most(self) -> str:
        return _plain(self.element.settings.get("max"))

    @property
    def is_whole(self) -> bool:
        return not self.element.settings.get("decimals", 0)

    @property
    def slide(self) -> tuple[int, int, int]:
        """(from, to, step)."""
        kind = TYPES[self.element.type]
        return kind.ends_of(self.element) if isinstance(kind, Slider) else (0, 0, 0)

    # --- scales -------------------------------------------------------------------------------

    @property
    def low(self) -> str:
        return self._end("low")

    @property
    def high(self) -> str:
        return self._end("high")

    def _end(self, name: str) -> str:
        kind = TYPES[self.element.type]
        if isinstance(kind, Rating):
            return self.words(getattr(kind, name)(self.element))
        return self.setting(name)

    @property
    def steps(self) -> list[Step]:
        kind = TYPES[self.element.type]
        if not isinstance(kind, Rating):
            return []
        numbers = kind.steps(self.element)
        mouths = MOUTHS if len(numbers) == len(MOUTHS) else MOUTHS[::2]
        ends = {numbers[0]: self.low, numbers[-1]: self.high}
        return [
            Step(
                f"{self.id}-{number}",
                number,
                self.value == str(number),
                ends.get(number, ""),
                mouths[at % len(mouths)],
            )
            for at, number in enumerate(numbers)
        ]

    @property
    def dont_know(self) -> Pick | None:
        kind = TYPES[self.element.type]
        text = self.words(kind.dont_know(self.element)) if isinstance(kind, Scale) else ""
        if not text:
            return None
        return Pick(f"{self.id}-{DONT_KNOW}", DONT_KNOW, text, self.raw == DONT_KNOW)

    # --- choices ------------------------------------------------------------------------------

    @property
    def picks(self) -> list[Pick]:
        chosen, others = _chosen(self.raw)
        return [self._pick(choice, chosen, others) for choice in self.element.choices]

    def _pick(self, choice: Option, chosen: set[str], others: Mapping[str, Any]) -> Pick:
        return Pick(
            id=f"{self.id}-{choice.code}",
            code=choice.code,
            text=self.words(choice.text),
            is_chosen=choice.code in chosen,
            is_alone=choice.is_exclusive or choice.is_missing,
            **self._comes(choice),
            other_name=other_name(self.element.code, choice.code) if choice.is_other else "",
            other_text=_plain(others.get(choice.code)) if choice.is_other else "",
        )

    @property
    def others(self) -> list[Pick]:
        """The choices that take words of their own."""
        return [pick for pick in self.picks if pick.other_name]

    @property
    def has_short_choices(self) -> bool:
        """Few and short enough to stand beside each other where there is room."""
        picks = self.picks
        return len(picks) <= 4 and all(len(p.text) <= SHORT and not p.other_name for p in picks)

    @property
    def consent(self) -> Pick:
        kind = TYPES[Consent.name]
        label = kind.label(self.element) if isinstance(kind, Consent) else {}
        return Pick(
            f"{self.id}-text", "yes", self.words(label), self.raw is True or self.raw == "yes"
        )

    # --- matrices -----------------------------------------------------------------------------

    def _comes(self, one: Option) -> dict[str, Any]:
        return {"is_loose": bool(one.when), "is_hidden": one.code in self.element.hidden}

    @property
    def columns(self) -> list[Pick]:
        """The heads."""
        return [
            Pick(f"{self.id}-c-{column.code}", column.code, self.words(column.text), False,
                 **self._comes(column))
            for column in self.element.columns
        ]  # fmt: skip

    @property
    def lines(self) -> list[Line]:
        raw = self.raw if isinstance(self.raw, Mapping) else {}
        return [
            Line(
                id=f"{self.id}-r-{row.code}",
                name=f"{self.element.code}.{row.code}",
                text=self.words(row.text),
                cells=self._cells(row.code, _chosen(raw.get(row.code))[0]),
                code=row.code,
                is_loose=bool(row.when),
                is_hidden=row.code in self.element.hidden_rows,
            )
            for row in self.element.rows
        ]

    def _cells(self, row: str, chosen: set[str]) -> list[Pick]:
        return [
            Pick(
                id=f"{self.id}-{row}-{column.code}",
                code=column.code,
                text=self.words(column.text),
                is_chosen=column.code in chosen,
                is_alone=column.is_exclusive or column.is_missing,
                **self._comes(column),
            )
            for column in self.element.columns
        ]

    # --- parts --------------------------------------------------------------------------------

    @property
    def parts(self) -> list[Part]:
        kind = TYPES[self.element.type]
        raw = self.raw if isinstance(self.raw, Mapping) else {}
        if isinstance(kind, Contact):
            needed = kind.needed(self.element) if self.is_required else []
            return [
                self._part(
                    part,
                    self.words(PARTS[part]),
                    raw,
                    control=CONTROLS.get(part, "text"),
                    completes=COMPLETES[part],
                    is_needed=part in needed,
                )
                for part in kind.parts(self.element)
            ]
        if isinstance(self.raw, list | tuple):  # a ranking as programs give it
            raw = {code: place for place, code in enumerate(self.raw, start=1)}
        return [
            self._part(
                choice.code,
                self.words(choice.text),
                raw,
                code=choice.code,
                **self._comes(choice),
            )
            for choice in self.element.choices
        ]

    def _part(self, name: str, text: str, raw: Mapping[str, Any], **more: Any) -> Part:
        return Part(
            id=f"{self.id}-{name}",
            name=f"{self.element.code}.{name}",
            text=text,
            value=_plain(raw.get(name)),
            **more,
        )

    @property
    def places(self) -> list[str]:
        """The places that can be given in a ranking, some perhaps not yet."""
        return [str(place) for place in range(1, Ranking.places(self.element) + 1)]

    @property
    def total(self) -> int:
        return ConstantSum.total(self.element)

    # --- files --------------------------------------------------------------------------------

    @property
    def kept(self) -> KeptFile | None:
        """The file that is here already."""
        return self.raw if isinstance(self.raw, KeptFile) else None

    @property
    def accept(self) -> str:
        kind = TYPES[File.name]
        endings = kind.endings(self.element) if isinstance(kind, File) else []
        return ",".join(f".{ending}" for ending in endings)

    @property
    def file_note(self) -> str:
        return _("At most %(mb)s MB.") % {"mb": File.megabytes(self.element)}


def _first(things: Sequence[Comes]) -> Comes:
    """Where the keyboard can go."""
    return next((one for one in things if not one.is_hidden), things[0])


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _chosen(raw: Any) -> tuple[set[str], Mapping[str, Any]]:
    """The codes in a raw answer, whatever its shape, and the words of “other”."""
    others: Any = {}
    if isinstance(raw, Mapping):
        others = raw.get("other")
        raw = raw.get("choices", raw.get("choice"))
    listed = raw if isinstance(raw, list | tuple) else [raw]
    codes = {one for one in listed if isinstance(one, str)}
    return codes, others if isinstance(others, Mapping) else {}


# Kinds that nobody sees have no widget.
WIDGETS = {
    "single_choice": "surveys/questions/single_choice.html",
    "multiple_choice": "surveys/questions/multiple_choice.html",
    "dropdown": "surveys/questions/dropdown.html",
    "stars": "surveys/questions/stars.html",
    "emoji": "surveys/questions/emoji.html",
    "scale": "surveys/questions/scale.html",
    "nps": "surveys/questions/scale.html",
    "csat": "surveys/questions/scale.html",
    "ces": "surveys/questions/scale.html",
    "likert": "surveys/questions/likert.html",
    "matrix_multi": "surveys/questions/likert.html",
    "ranking": "surveys/questions/ranking.html",
    "short_text": "surveys/questions/short_text.html",
    "long_text": "surveys/questions/long_text.html",
    "number": "surveys/questions/number.html",
    "date": "surveys/questions/date.html",
    "slider": "surveys/questions/slider.html",
    "constant_sum": "surveys/questions/constant_sum.html",
    "file": "surveys/questions/file.html",
    "contact": "surveys/questions/contact.html",
    "consent": "surveys/questions/consent.html",
    "statement": "surveys/questions/statement.html",
}
