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
    """What can be chosen: a choice, or a column of a matrix."""

    code: str
    text: Texts
    score: float | None = None
    is_other: bool = False
    is_exclusive: bool = False
    is_missing: bool = False
    when: str = ""
    is_fixed: bool = False  # keeps its place when the others are shuffled


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matrix: asked and answered by itself."""

    code: str
    text: Texts
    when: str = ""
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold of an answer that was given, and what to say when it does not."""

    that: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Element:
    """One question as the definition has it."""

    code: str
    type: str
    text: Texts
    role: QuestionRole = QuestionRole.NONE
    required: bool = False
    required_when: str = ""
    when: str = ""
    hint: Texts = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    choices: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: tuple[Option, ...] = ()
    shuffle: str = ""  # "choices", "rows" (of columns: "choices") or "both"
    # What only its type understands, under the names in QuestionType.settings.
    settings: Mapping[str, Any] = field(default_factory=dict)
    # Codes of choices (or columns) and of rows that are not offered at the moment: an answer
    # that names one is passed over, not refused.
    hidden: frozenset[str] = frozenset()
    hidden_rows: frozenset[str] = frozenset()


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
    part_of: str = ""  # code of the element, where that has several leaves


@dataclass(frozen=True, slots=True)
class Value:
    """One answer as it is stored. A choice may have a number beside it (its place in a
    ranking) or a text (the words of “other”), a file has its name as text; else one is set."""

    leaf: str
    choice: str | None = None
    number: float | None = None
    text: str | None = None
    date: str | None = None  # YYYY-MM-DD
    file: str | None = None  # where it is stored


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
    has_rows: ClassVar[bool] = False  # and columns with them
    # Whether people see it and may answer it: what is not asked is in no base of a share.
    is_asked: ClassVar[bool] = True
    # Whether an address may choose the answer beforehand (?overall=4), as the stars in a mail do.
    can_be_preset: ClassVar[bool] = True
    # What it measures unless the definition says otherwise.
    usual_role: ClassVar[QuestionRole] = QuestionRole.NONE
    # Setting → its form, a name in flow.settings.FORMS.
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
        """The values to store; empty when nothing was answered. Raises Misfit. What `raw` may be
        stands in docs/surveys.md; anything else is a Misfit and no other exception."""

    def missing(self, element: Element) -> str:
        """What to tell somebody who left a required question out."""
        return _("Please answer this question.")

    def unanswered(self, element: Element, values: tuple[Value, ...]) -> str:
        """What is still missing of a required question; "" when it is answered."""
        return "" if values else self.missing(element)


def parts_in_form(
    code: str, parts: Sequence[str], posted: Mapping[str, Sequence[str]]
) -> dict[str, str] | None:
    """{part: what was typed} of fields named CODE.PART; None when all are empty."""
    found = {}
    for part in parts:
        given = posted.get(f"{code}.{part}")
        if given and given[-1].strip():
            found[part] = given[-1]
    return found or None
