"""What of personal data is covered in texts, from memory."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from accounts.enums import PersonalDataKind
from accounts.models import PersonalDataRules
from config.kernel.kept import Kept
from config.kernel.text.personal_data.finding import (
    NOTHING,
    Keep,
    OwnPattern,
    find_personal_data,
    keeping,
    shape,
)
from config.kernel.text.personal_data.kinds import Found, Kind
from config.kernel.text.personal_data.masking import masked

SEE = "accounts.see_personal_data"
REVEAL = "accounts.reveal_personal_data"
_PIECE = re.compile(r"\d{3}")  # of a number; each next digit is found in ten questions
LONGEST_ENDING = 5  # letters of a file's name behind its last dot


@dataclass(frozen=True, slots=True)
class Covered:
    """A text as it is shown, and what kinds are covered in it (each once, as they stand)."""

    text: str
    kinds: tuple[Kind, ...] = ()

    @property
    def words(self) -> list[str]:
        return [str(PersonalDataKind(kind.value).label) for kind in self.kinds]


@dataclass(frozen=True, slots=True)
class Cover:
    """Covers what belongs to some kinds. Without kinds it leaves every text as it is."""

    kinds: frozenset[Kind] = frozenset()
    keep: Keep = NOTHING
    own: tuple[OwnPattern, ...] = ()
    do_not_call_in_templates: ClassVar[bool] = True  # {{ text|covered_by:cover }} does

    def __call__(self, text: str) -> str:
        return self.over(text).text

    def over(self, text: str) -> Covered:
        """`text` with what is found covered, and what that was."""
        found = self.found_in(text)
        if not found:
            return Covered(text)
        return Covered(masked(text, found), tuple(dict.fromkeys(one.kind for one in found)))

    def found_in(self, text: str) -> list[Found]:
        if not self.kinds or not text:
            return []
        return find_personal_data(text, self.kinds, self.keep, self.own)

    def file_name(self, name: str) -> str:
        """A file's name; its ending stays. Names join their words with low lines."""
        stem, dot, ending = name.rpartition(".")
        if not dot or len(ending) > LONGEST_ENDING:
            stem, dot, ending = name, "", ""
        return masked(stem, self.found_in(stem.replace("_", " "))) + dot + ending

    def kinds_in(self, texts: Iterable[str], names: Iterable[str] = ()) -> tuple[Kind, ...]:
        """What is covered in texts and in names of files; each kind once."""
        every = [*texts, *(name.replace("_", " ") for name in names)]
        return tuple(dict.fromkeys(one.kind for text in every for one in self.found_in(text)))

    def value(self, value: Any) -> Any:
        """Of a cell, or JSON: texts, alone or in what holds some, are covered; all else stays."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {name: self.value(one) for name, one in value.items()}
        return [self.value(one) for one in value] if isinstance(value, list) else value


NOTHING_COVERED = Cover()


@dataclass(frozen=True, slots=True)
class Covers:
    in_lists: Cover
    in_conversations: Cover


UNCOVERED = Covers(NOTHING_COVERED, NOTHING_COVERED)


def stored_rules() -> PersonalDataRules:
    """As they are now; a row not yet stored while nobody has changed them."""
    return PersonalDataRules.objects.first() or PersonalDataRules()


def _load() -> Covers:
    rules = stored_rules()
    keep = keeping(rules.never.splitlines(), rules.order_numbers.splitlines())
    own = tuple(OwnPattern(one, shape(one)) for one in _lines(rules.own_patterns))
    return Covers(_cover(rules.in_lists, keep, own), _cover(rules.in_conversations, keep, own))


def _cover(kinds: Iterable[str], keep: Keep, own: tuple[OwnPattern, ...]) -> Cover:
    found = frozenset(Kind(one) for one in kinds if one in _values())
    return Cover(found, keep, own if Kind.OWN in found else ())


@lru_cache(maxsize=1)
def _values() -> frozenset[str]:
    return frozenset(one.value for one in Kind)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# One statement, or none inside `config.kernel.kept.settings_at`.
covers = Kept(_load, PersonalDataRules)


def company_patterns() -> tuple[OwnPattern, ...]:
    """Numbers of the company itself that its rules cover in lists."""
    return covers().in_lists.own


def covers_for(user: Any) -> Covers:
    """What is covered for this person; nothing for those who may see personal data. None =
    somebody without an account."""
    return UNCOVERED if _sees(user) else covers()


def tells_covered(user: Any, words: str) -> bool:
    """Whether finding texts by these words would tell this person a number that is covered for
    them, a piece at a time. Who may show what is covered may look for any."""
    if not _PIECE.search(words) or user.has_perm(REVEAL):
        return False
    return bool(cover_in_lists(user).kinds)


def cover_in_lists(user: Any) -> Cover:
    """What is covered for this person in lists, files, search and results, and wherever else the
    subject of a record is named."""
    return covers_for(user).in_lists


def cover_in_conversations(user: Any) -> Cover:
    """What is covered for this person in messages and responses until they show it."""
    return covers_for(user).in_conversations


def _sees(user: Any) -> bool:
    return user is not None and user.has_perm(SEE)
