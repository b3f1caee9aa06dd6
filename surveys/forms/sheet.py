"""The questions as a page shows them, with what has been answered so far and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.core import signing
from django.utils import timezone

from config.kernel.tokens import new_secret
from surveys.flow.definition import Definition, text_in
from surveys.flow.order import in_order, pages_in_order, seed_of
from surveys.flow.walk import Circumstances, Walk, read_answers
from surveys.flow.words import Wording
from surveys.forms.fields import Field
from surveys.questions.base import Element
from surveys.questions.files import File
from surveys.questions.unasked import Hidden

SALT = "huiyin.answer-sheet"


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


@dataclass(frozen=True)
class Sheet:
    """Everything a template needs to draw the questions. All pages of the definition stand below
    each other for now."""

    definition: Definition
    language: str
    answers: Mapping[str, Any]
    errors: Mapping[str, str]
    stamp: Stamp
    circumstances: Circumstances = field(default_factory=Circumstances)
    begun_with: int | None = None  # the seed of what was begun before this page was served

    @property
    def title(self) -> str:
        return text_in(self.definition.title, self.language)

    @property
    def intro(self) -> str:
        return text_in(self.definition.intro, self.language)

    @property
    def thanks(self) -> str:
        end = self.walk.end
        return self.words((end.text if end else None) or self.definition.thanks)

    @property
    def seed(self) -> int:
        """From which the order of everything shuffled follows."""
        return seed_of(self.stamp.nonce) if self.begun_with is None else self.begun_with

    @cached_property
    def words(self) -> Wording:
        return Wording(self.definition, self.walk, self.language)

    @cached_property
    def walk(self) -> Walk:
        """The way through the survey as the answers are now, mistakes included."""
        return read_answers(self.definition, self.answers, self.circumstances)

    @cached_property
    def pages(self) -> list[tuple[str, list[Field]]]:
        """(title of the page, its questions)."""
        asked = {page.code: elements for page, elements in self.walk.pages}
        pages = pages_in_order(self.definition, [page for page, _ in self.walk.pages], self.seed)
        return [
            (self.words(page.title), [self.draw(one) for one in asked[page.code]])
            for page in pages
        ]

    @property
    def wrong(self) -> list[Field]:
        return [field for _title, fields in self.pages for field in fields if field.error]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """(name, value) of what came with the link and nobody sees."""
        return [
            (element.code, str(self.answers[element.code]))
            for element in self.definition.elements()
            if element.type == Hidden.name and isinstance(self.answers.get(element.code), str)
        ]

    @property
    def takes_files(self) -> bool:
        """Whether the form has to be sent in several parts."""
        return any(element.type == File.name for element in self.definition.elements())

    def draw(self, element: Element) -> Field:
        return Field(
            element=in_order(element, self.seed),
            language=self.language,
            raw=self.answers.get(element.code),
            error=self.errors.get(element.code, ""),
            is_required=element.code in self.walk.required,
            wording=self.words,
        )
