"""What may be asked about a subject: a list of fields, registered by the app that has it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.functional import Promise

from config.kernel.conditions.errors import FieldNotKnown, SubjectNotKnown
from config.kernel.conditions.fields import Field

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MADE = "field."  # before the codes of fields that people made


@dataclass(frozen=True, slots=True)
class Part:
    """A record of another subject that hangs on each of ours: its fields can be asked for too,
    as `customer.tier`. `path` leads to it from our model."""

    subject: str
    path: str


class Vocabulary:
    """The fields of one subject. An app above may add some later. `made` are those that people
    made (custom fields), by name; `offered` those of them that are to choose from: asked each
    time, because they come and go while we run."""

    def __init__(
        self,
        subject: str,
        *,
        label: Promise,
        fields: list[Field],
        parts: Mapping[str, Part] | None = None,
        made: Callable[[], Mapping[str, Field]] | None = None,
        offered: Callable[[], list[Field]] | None = None,
    ) -> None:
        self.subject = subject
        self.label = label
        self.parts = dict(parts or {})
        self._made = made or dict
        self._offered = offered or list
        self._fields: dict[str, Field] = {}
        self._of_parts: dict[str, Field] = {}  # those that were asked for
        self.add(*fields)

    def add(self, *fields: Field) -> None:
        for field in fields:
            if not NAME.fullmatch(field.name) or field.name in self.parts:
                raise ValueError(f"{field.name!r} cannot name a field of {self.subject}")
            if field.name in self._fields:
                raise ValueError(f"{self.subject} has two fields called {field.name}")
            self._fields[field.name] = field

    def __iter__(self) -> Iterator[Field]:
        yield from self._fields.values()
        yield from self._offered()
        for prefix, part in self.parts.items():
            for field in vocabulary(part.subject):
                yield field.under(prefix, part.path)

    def declared(self) -> Iterator[Field]:
        """Without those that people made."""
        yield from self._fields.values()
        for prefix, part in self.parts.items():
            for field in vocabulary(part.subject).declared():
                yield field.under(prefix, part.path)

    def groups(self) -> list[tuple[Promise, list[Field]]]:
        """The fields as a list to choose from has them: our own, then those of each part."""
        own = [(self.label, [*self._fields.values(), *self._offered()])]
        for prefix, part in self.parts.items():
            other = vocabulary(part.subject)
            own.append((other.label, [field.under(prefix, part.path) for field in other]))
        return own

    def field(self, name: str) -> Field:
        """Raises FieldNotKnown."""
        first, _, rest = name.partition(".")
        if rest and first in self.parts:
            if name not in self._of_parts:
                part = self.parts[first]
                found = vocabulary(part.subject).field(rest).under(first, part.path)
                if rest.startswith(MADE):
                    return found
                self._of_parts[name] = found
            return self._of_parts[name]
        if name.startswith(MADE):
            made = self._made().get(name)
            if made is None:
                raise FieldNotKnown(name)
            return made
        if name not in self._fields:
            raise FieldNotKnown(name)
        return self._fields[name]

    def like(self, name: str) -> str | None:
        """The field that somebody who wrote `name` may have meant."""
        close = get_close_matches(name[:80].lower(), [field.name for field in self], n=1)
        return close[0] if close else None


class NarrowedVocabulary(Vocabulary):
    """One without some parts, wherever they hang: neither known nor suggested. For those who may
    not even learn which fields there are."""

    def __init__(self, whole: Vocabulary, closed: Collection[str]) -> None:
        super().__init__(whole.subject, label=whole.label, fields=[])
        self.whole = whole
        self.closed = frozenset(closed)

    def __iter__(self) -> Iterator[Field]:
        return (field for field in self.whole if not self.closed & beginnings(field.name))

    def field(self, name: str) -> Field:
        if self.closed & beginnings(name):
            raise FieldNotKnown(name)
        return self.whole.field(name)


def beginnings(name: str) -> set[str]:
    """The parts by which a field is reached: of `feedback.customer.tier` both."""
    return set(name.lower().split(".")[:-1])


_vocabularies: dict[str, Vocabulary] = {}


def register(new: Vocabulary) -> Vocabulary:
    """In AppConfig.ready() of the app that has the subject."""
    if new.subject in _vocabularies and _vocabularies[new.subject] is not new:
        raise ValueError(f"{new.subject} has a vocabulary already")
    _vocabularies[new.subject] = new
    return new


def vocabulary(subject: str) -> Vocabulary:
    """Raises SubjectNotKnown."""
    try:
        return _vocabularies[subject]
    except KeyError:
        raise SubjectNotKnown(subject) from None
