"""Custom fields as filters of a list: `field.colour=red`, `field.weight.from=10`; the names of
conditions, and compiled by them, so that a list and a rule that ask the same find the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import FieldKind, FieldSubject
from accounts.errors import FilterNotKnown
from accounts.rules.custom_values import (
    NUMBERS,
    OPTIONS,
    Definition,
    ValueNotFit,
    read_value,
    say_value,
)
from accounts.selectors.custom_fields import field_book
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.in_json import has_value
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import MADE, vocabulary
from config.kernel.punctuation import with_aside

FROM, TO = "from", "to"
NONE = "none"
SPANS = NUMBERS | {FieldKind.DATE, FieldKind.MOMENT}
# Looked for as a whole, so that an index finds them among a million records.
WHOLE = frozenset({FieldKind.EMAIL, FieldKind.PHONE, FieldKind.ORDER})
_FIRST, _LAST = "1900-01-01", "2199-12-31"
_NUMBER = {FROM: "ge", TO: "le"}


@dataclass(frozen=True)
class Place:
    """Where the fields about a subject stand in a list: the words before their codes, the way
    from a row to whoever has the values, and whose vocabulary asks for them."""

    subject: str
    prefix: str
    path: str
    vocabulary: str

    def label(self, about: Definition) -> str:
        return with_aside(about.name, about.unit) if about.unit else about.name


OF_CUSTOMERS = Place(FieldSubject.CUSTOMER, MADE, "", "customer")


def find_field_filter(name: str, places: Iterable[Place]) -> "FieldFilter | None":
    """The filter that is called so, for fields in use and archived ones; None for none."""
    for place in places:
        if name.startswith(place.prefix):
            code, dot, end = name.removeprefix(place.prefix).partition(".")
            about = field_book().all_of(place.subject).get(code)
            if about is None or (end in {FROM, TO}) != (about.kind in SPANS) or (dot and not end):
                return None
            return FieldFilter(about, place, end)
    return None


def read_field_filters(given: Mapping[str, Sequence[str]], place: Place) -> "dict[str, Q]":
    """What the parameters of an address that begin as fields of `place` do ask for: name →
    condition. Empty values count as not given. Raises FilterNotKnown."""
    found = {}
    for name, texts in given.items():
        some = [text.strip() for text in texts if text.strip()]
        if not name.startswith(place.prefix) or not some:
            continue
        asked = find_field_filter(name, [place])
        if asked is None:
            raise FilterNotKnown(name[:60])
        found[name] = asked.asked_for(some)
    return found


class FieldFilter:
    """One filter: a field, and which end of a span. Its text is its name for people."""

    def __init__(self, about: Definition, place: Place, end: str) -> None:
        self.about, self.place, self.end = about, place, end
        self.name = f"{place.prefix}{about.code}"
        self.many = about.kind in OPTIONS or about.kind == FieldKind.YES_NO

    def __str__(self) -> str:
        label = self.place.label(self.about)
        if self.end == FROM:
            return _("%(field)s from") % {"field": label}
        return _("%(field)s until") % {"field": label} if self.end == TO else label

    def asked_for(self, texts: Sequence[str]) -> Q:
        """The condition for the texts of an address. Raises FilterNotKnown."""
        meanings = []
        for text in dict.fromkeys(texts) if self.many else [texts[-1]]:
            try:
                if "\0" in text:
                    raise ValueError  # noqa: TRY301 - PostgreSQL has no such text
                meanings.append(self.read(text)[1])
            except (LookupError, ValueError, OverflowError) as unknown:
                name = f"{self.name}.{self.end}" if self.end else self.name
                raise FilterNotKnown(name, text[:60]) from unknown
        return self.q(meanings)

    def read(self, text: str) -> tuple[str, Any, str]:
        """A value of the address: as it is kept there, what it means, and in words. Raises
        LookupError, ValueError."""
        about = self.about
        if text == NONE and about.kind not in SPANS and not about.is_text:
            return (text, None, _("nothing entered"))
        if about.kind == FieldKind.YES_NO:
            is_yes = {"yes": True, "no": False}[text]
            return (text, is_yes, say_value(about, is_yes))
        if about.kind in OPTIONS:
            option = {one.code: one for one in about.options}[text]
            return (text, option.code, option.name)
        if about.kind in WHOLE:
            return (text, self._whole(text), _("“%(text)s”") % {"text": text})
        if about.is_text:
            words = " ".join(text.split())[:200]
            self._condition(["contains", self.name, [words]])
            return (words, words, _("“%(text)s”") % {"text": words})
        return self._read_end(text)

    def _whole(self, text: str) -> str:
        try:
            return str(read_value(self.about, text))
        except ValueNotFit:
            return text  # nothing is kept like this, so nothing is found

    def _read_end(self, text: str) -> tuple[str, Any, str]:
        if self.about.kind in NUMBERS:
            field = vocabulary(self.place.vocabulary).field(self.name)
            number = field.from_words([text])
            condition = self._condition([_NUMBER[self.end], self.name, number])
            return (text, condition.tree[2], say_value(self.about, condition.tree[2]))
        condition = self._condition(["on", self.name, text])
        day: Any = condition.test(condition.tree).field
        return (text, text, str(day.say(text, None)))

    def _condition(self, tree: list[Any]) -> Any:
        try:
            return read_tree(tree, vocabulary(self.place.vocabulary), allowed=frozenset())
        except ConditionInvalid as invalid:
            raise ValueError(str(invalid)) from invalid

    def q(self, values: list[Any]) -> Q:
        """The condition for what `read` said that values mean."""
        if self.about.kind in WHOLE:
            column = f"{self.place.path}custom"
            ways = {way for one in values for way in (one, one.upper(), one.lower())}
            conditions = [has_value(column, self.about.code, way) for way in sorted(ways)]
            return Q(*conditions, _connector=Q.OR)
        return to_q(self._condition(self._tree(values)), Context(now=timezone.now()))

    def _tree(self, values: list[Any]) -> list[Any]:
        kind, name = self.about.kind, self.name
        if kind in NUMBERS:
            return [_NUMBER[self.end], name, values[0]]
        if kind in SPANS:
            span = [values[0], _LAST] if self.end == FROM else [_FIRST, values[0]]
            return ["between", name, span]
        if self.about.is_text:
            return ["contains", name, values]
        known = [one for one in values if one is not None]
        some: list[list[Any]] = [["is", name, one] for one in known]
        if kind == FieldKind.CHOICES and known:
            some = [["has_any", name, known]]
        if None in values:
            some.append(["empty", name])
        return ["or", *some] if len(some) > 1 else some[0]
