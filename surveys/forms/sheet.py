"""The questions as a page shows them, with what has been answered so far and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.utils import timezone

from config.kernel.tokens import new_secret
from surveys.flow.definition import Definition, Page, text_in
from surveys.flow.walk import shown_elements
from surveys.questions.base import Element
from surveys.questions.long_text import LongText
from surveys.questions.stars import Stars

SALT = "huiyin.answer-sheet"
WIDGETS = {
    "stars": "surveys/questions/stars.html",
    "single_choice": "surveys/questions/single_choice.html",
    "long_text": "surveys/questions/long_text.html",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a page remembers about itself, signed: no session and no cookie are needed, and
    nothing typed is lost because something expired."""

    version: int
    nonce: str  # the same page handed in twice is one response
    served_at: datetime

    @classmethod
    def new(cls, version: int) -> "Stamp":
        return cls(version=version, nonce=new_secret(16), served_at=timezone.now())

    @classmethod
    def read(cls, written: str) -> "Stamp | None":
        """The stamp of a page of ours; None for anything else."""
        try:
            version, nonce, seconds = signing.loads(written, salt=SALT)
            served_at = datetime.fromtimestamp(seconds, UTC)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return cls(version=version, nonce=nonce, served_at=served_at)

    def __str__(self) -> str:
        seconds = int(self.served_at.timestamp())
        return str(signing.dumps([self.version, self.nonce, seconds], salt=SALT))


@dataclass(frozen=True, slots=True)
class Field:
    """One question on the page, worded in one language."""

    element: Element
    language: str
    raw: Any
    error: str

    @property
    def widget(self) -> str:
        return WIDGETS[self.element.type]

    @property
    def id(self) -> str:
        return f"q-{self.element.code}"

    @property
    def first_id(self) -> str:
        """Where the error summary leads: the first control that takes the focus."""
        if self.element.choices:
            return f"{self.id}-{self.element.choices[0].code}"
        return f"{self.id}-1" if self.element.type == Stars.name else f"{self.id}-text"

    @property
    def text(self) -> str:
        return text_in(self.element.text, self.language)

    @property
    def hint(self) -> str:
        return text_in(self.element.hint, self.language)

    @property
    def low(self) -> str:
        return self._setting("low")

    @property
    def high(self) -> str:
        return self._setting("high")

    @property
    def placeholder(self) -> str:
        return self._setting("placeholder")

    @property
    def max_length(self) -> int:
        return LongText.max_length(self.element)

    @property
    def stars(self) -> list[tuple[int, bool]]:
        """(number, whether it is chosen)."""
        numbers = range(1, Stars.maximum(self.element) + 1)
        return [(number, str(self.raw) == str(number)) for number in numbers]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(code, wording, whether it is chosen)."""
        return [
            (choice.code, text_in(choice.text, self.language), self.raw == choice.code)
            for choice in self.element.choices
        ]

    @property
    def has_short_choices(self) -> bool:
        """Few and short enough to stand beside each other where there is room."""
        return len(self.choices) <= 4 and all(len(text) <= 14 for _code, text, _ in self.choices)

    def _setting(self, name: str) -> str:
        return text_in(self.element.settings.get(name, {}), self.language)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a template needs to draw the questions. All pages of the definition stand below
    each other for now."""

    definition: Definition
    language: str
    answers: Mapping[str, Any]
    errors: Mapping[str, str]
    stamp: Stamp

    @property
    def title(self) -> str:
        return text_in(self.definition.title, self.language)

    @property
    def intro(self) -> str:
        return text_in(self.definition.intro, self.language)

    @property
    def thanks(self) -> str:
        return text_in(self.definition.thanks, self.language)

    @property
    def pages(self) -> list[tuple[str, list[Field]]]:
        """(title of the page, its questions)."""
        shown = {element.code for element in shown_elements(self.definition, self.answers)}
        return [
            (text_in(page.title, self.language), self._fields(page, shown))
            for page in self.definition.pages
        ]

    @property
    def wrong(self) -> list[Field]:
        return [field for _title, fields in self.pages for field in fields if field.error]

    def _fields(self, page: Page, shown: set[str]) -> list[Field]:
        return [
            Field(
                element=element,
                language=self.language,
                raw=self.answers.get(element.code),
                error=self.errors.get(element.code, ""),
            )
            for element in page.elements
            if element.code in shown
        ]
