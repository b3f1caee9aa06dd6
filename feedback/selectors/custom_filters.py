"""Custom fields as filters of the queue, by the same names as in conditions: `field.colour=red`,
`field.weight.from=10`, of a record's customer `customer.field.size.to=50`."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.translation import gettext as _

from accounts.enums import FieldKind
from accounts.models import User
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
from config.kernel.conditions.vocabulary import vocabulary
from feedback.selectors.custom_columns import PLACES, Where
from feedback.selectors.queue_filters import NONE, Filter, Value, register_filter_source

FROM, TO = "from", "to"
SPANS = NUMBERS | {FieldKind.DATE, FieldKind.MOMENT}
# Looked for as a whole, so that an index finds them among a million records.
WHOLE = frozenset({FieldKind.EMAIL, FieldKind.PHONE, FieldKind.ORDER})
_FIRST, _LAST = "1900-01-01", "2199-12-31"


def filter_of_field(name: str) -> Filter | None:
    """The filter that is called so, for fields in use and archived ones; None for none."""
    for where in PLACES:
        if name.startswith(where.prefix):
            code, dot, end = name.removeprefix(where.prefix).partition(".")
            about = field_book().all_of(where.subject).get(code)
            if about is None or (end in {FROM, TO}) != (about.kind in SPANS) or (dot and not end):
                return None
            return _Asked(about, where, end).filter()
    return None


class _Asked:
    """One filter: a field, and which end of a span."""

    def __init__(self, about: Definition, where: Where, end: str) -> None:
        self.about, self.where, self.end = about, where, end
        self.name = f"{where.prefix}{about.code}"

    def __str__(self) -> str:
        label = self.where.label(self.about)
        if self.end == FROM:
            return _("%(field)s from") % {"field": label}
        return _("%(field)s until") % {"field": label} if self.end == TO else label

    def filter(self) -> Filter:
        many = self.about.kind in OPTIONS or self.about.kind == FieldKind.YES_NO
        return Filter(lazystr(self), self.read, self.q, many=many)

    def read(self, text: str, _user: User) -> Value:
        """Raises ValueError."""
        about = self.about
        if text == NONE and about.kind not in SPANS and not about.is_text:
            return Value(text, None, _("nothing entered"))
        if about.kind == FieldKind.YES_NO:
            is_yes = {"yes": True, "no": False}[text]
            return Value(text, is_yes, say_value(about, is_yes))
        if about.kind in OPTIONS:
            option = {one.code: one for one in about.options}[text]
            return Value(text, option.code, option.name)
        if about.kind in WHOLE:
            return Value(text, self._whole(text), _("“%(text)s”") % {"text": text})
        if about.is_text:
            words = " ".join(text.split())[:200]
            self._condition(["contains", self.name, [words]])
            return Value(words, words, _("“%(text)s”") % {"text": words})
        return self._read_end(text)

    def _whole(self, text: str) -> str:
        try:
            return str(read_value(self.about, text))
        except ValueNotFit:
            return text  # nothing is kept like this, so nothing is found

    def _read_end(self, text: str) -> Value:
        if self.about.kind in NUMBERS:
            field = vocabulary("feedback").field(self.name)
            number = field.from_words([text])
            condition = self._condition([_NUMBER[self.end], self.name, number])
            return Value(text, condition.tree[2], say_value(self.about, condition.tree[2]))
        condition = self._condition(["on", self.name, text])
        day: Any = condition.test(condition.tree).field
        return Value(text, text, str(day.say(text, None)))

    def _condition(self, tree: list[Any]) -> Any:
        try:
            return read_tree(tree, vocabulary("feedback"), allowed=frozenset())
        except ConditionInvalid as invalid:
            raise ValueError(str(invalid)) from invalid

    def q(self, values: list[Any]) -> Q:
        if self.about.kind in WHOLE:
            column = f"{self.where.path}custom"
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


_NUMBER = {FROM: "ge", TO: "le"}


def register_custom_filters() -> None:
    for where in PLACES:
        register_filter_source(where.prefix, filter_of_field)
