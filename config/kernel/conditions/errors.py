from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.kernel.errors import DomainError

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a condition, and where: `span` counts characters of the text
    (start, end), `path` leads through the lists of the tree."""

    message: str
    path: Path = ()
    span: tuple[int, int] | None = None


class ConditionInvalid(DomainError):
    """Not a condition that can be run; `problems` says why, at least one of them."""

    code = "condition_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class NeedsEvent(DomainError):
    """Asks what changed where nothing tells: a list, a time rule."""

    code = "condition_needs_event"

    def __init__(self) -> None:
        super().__init__(_("“changed” can only be asked when a record has just been changed."))


class SubjectNotKnown(LookupError):
    """No vocabulary of that name was registered."""


class FieldNotKnown(LookupError):
    """The vocabulary has no such field."""


class Misfit(ValueError):
    """A value that a field cannot take; the message tells the person what to write instead."""

    def __init__(self, message: str, *, at: Path = ()) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
