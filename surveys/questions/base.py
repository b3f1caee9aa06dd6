"""What every kind of question can do. Pure: no database, no HTTP."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from surveys.enums import DataType, QuestionRole

Texts = Mapping[str, str]  # language code → wording


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen."""

    code: str
    text: Texts
    score: float | None = None
    is_other: bool = False
    is_exclusive: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One question as the definition has it."""

    code: str
    type: str
    text: Texts
    role: QuestionRole = QuestionRole.NONE
    required: bool = False
    hint: Texts = field(default_factory=dict)
    choices: tuple[Option, ...] = ()
    # What only its type understands, under the names in QuestionType.settings.
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One place that can hold an answer: a row of the variable dictionary. Most questions have
    one leaf that bears their own code; a matrix has one for each row."""

    code: str
    data_type: DataType
    role: QuestionRole
    text: Texts
    choices: tuple[Option, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One answer as it is stored: exactly one of choice, number and text is set."""

    leaf: str
    choice: str | None = None
    number: float | None = None
    text: str | None = None


class Misfit(ValueError):
    """An answer that this question cannot take; the message tells the person what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class QuestionType(ABC):
    """How one kind of question is checked, read and stored. One instance a kind, no state."""

    name: ClassVar[str]
    data_type: ClassVar[DataType]
    has_choices: ClassVar[bool] = False
    # Whether an address may choose the answer beforehand (?overall=4), as the stars in a mail do.
    can_be_preset: ClassVar[bool] = True
    # Setting → "texts" (one wording a language) or "number" (a whole number above 0).
    settings: ClassVar[Mapping[str, str]] = {}

    def faults(self, element: Element) -> Iterator[str]:
        """What is wrong beyond the common form, in plain words."""
        return iter(())

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        return (
            Leaf(
                code=element.code,
                data_type=self.data_type,
                role=element.role,
                text=element.text,
                choices=element.choices,
            ),
        )

    def from_form(self, element: Element, posted: Mapping[str, Sequence[str]]) -> Any:
        """The raw answer among the fields of a form; None when it holds none."""
        given = posted.get(element.code)
        return given[-1] if given else None

    @abstractmethod
    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        """The values to store; empty when nothing was answered. Raises Misfit."""

    def missing(self, element: Element) -> str:
        """What to tell somebody who left a required question out."""
        return _("Please answer this question.")
