"""Kinds of fields: what may be asked of each, and how it is answered.

Each kind answers twice, side by side: `test` for a value in Python, `where` for the database.
Both are true or false, never unknown. Nothing but "is empty" fits a field that is empty; an
operator that negates is the plain opposite, so it does.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self
from unicodedata import category

from django.db.models import Expression, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.kernel.conditions.column import Column
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import Misfit, NeedsEvent
from config.kernel.conditions.fold import fold
from config.kernel.conditions.operators import OPERATORS, Operator, Shape
from config.kernel.conditions.rows import Lookup
from config.kernel.conditions.spans import Span, Spans

LONGEST_TEXT = 200
MOST_VALUES = 200


def follow(record: Any, path: str) -> Any:
    """`record.a.b` for "a__b"; None where the way ends."""
    for name in path.split("__"):
        if record is None:
            return None
        record = getattr(record, name)
    return record


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """One thing that can be asked about a record.

    `path` leads to it from the model, both in queries and, where `get` does not say otherwise,
    from a record. `expression` computes it in the database instead; it is called with what to put
    before its own paths. `tracked`: whoever changes it can say so in Context.changes.
    """

    name: str
    label: Promise | str
    path: str = ""
    expression: Callable[[str], Expression | Subquery] | None = None
    get: Callable[[Any], Any] | None = None
    tracked: bool = False
    # Where the record hangs on that of the subject that is asked about ("customer__").
    prefix: str = ""

    codes: ClassVar[tuple[str, ...]]
    changing: ClassVar[tuple[str, ...]] = ("changed", "changed_to", "changed_from")
    equals: ClassVar[str] = "is"  # by which what it changed to, or from, is compared

    @property
    def operators(self) -> tuple[Operator, ...]:
        more = self.changing if self.tracked else ()
        return tuple(OPERATORS[code] for code in (*self.codes, *more))

    def operator(self, code: str) -> Operator | None:
        return next((one for one in self.operators if one.code == code), None)

    def under(self, name: str, path: str) -> Self:
        """The same field for a subject that has this one's record at `path`."""
        return replace(self, name=f"{name}.{self.name}", prefix=f"{path}__{self.prefix}")

    def holder(self, record: Any) -> Any:
        """Whoever has the value: the record itself, or what hangs on it; None for nobody."""
        return follow(record, self.prefix.removesuffix("__")) if self.prefix else record

    def value(self, record: Any) -> Any:
        """What `record` has, as `test` takes it."""
        holder = self.holder(record)
        if holder is None:
            return None
        return self.get(holder) if self.get else follow(holder, self.path)

    @property
    def column(self) -> Column:
        if self.expression is not None:
            return Column(self.expression(self.prefix))
        return Column(self.prefix + self.path)

    def if_there(self, code: str, found: Q) -> Q:
        """`found`, where what is computed would be "no" or unknown of a record that is not there:
        that is empty and nothing else."""
        if not self.prefix:
            return found
        gone = Q(**{f"{self.prefix}pk__isnull": True})
        return gone | found if code == "empty" else ~gone & found

    # --- asking -------------------------------------------------------------------------------

    def holds(self, operator: Operator, value: Any, wanted: Any, context: Context) -> bool:
        """Whether a record with `value` fits."""
        if operator.negates:
            return not self.test(operator.negates, value, wanted, context)
        if operator.code.startswith("changed"):
            return self._has_changed(operator.code, wanted, context)
        return self.test(operator.code, value, wanted, context)

    def q(self, operator: Operator, wanted: Any, context: Context) -> Q:
        """The same for a list. Raises NeedsEvent."""
        if operator.negates:
            return ~self.where(operator.negates, wanted, context)
        if operator.code.startswith("changed"):
            raise NeedsEvent
        return self.where(operator.code, wanted, context)

    def _has_changed(self, code: str, wanted: Any, context: Context) -> bool:
        if context.changes is None:
            raise NeedsEvent
        before, after = context.changes.get(self.name, (None, None))
        if self.same(before, after):
            return False
        if code == "changed":
            return True
        return self.test(self.equals, after if code == "changed_to" else before, wanted, context)

    def same(self, before: Any, after: Any) -> bool:
        return bool(before == after)

    @abstractmethod
    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool: ...

    @abstractmethod
    def where(self, code: str, wanted: Any, context: Context) -> Q: ...

    # --- values -------------------------------------------------------------------------------

    def read(self, operator: Operator, raw: Any) -> Any:
        """`raw` as it stands in a tree. Raises Misfit."""
        match operator.shape:
            case Shape.ONE:
                return self.read_one(operator.code, raw)
            case Shape.MANY:
                return self._read_many(operator.code, raw)
            case Shape.PAIR:
                return self._read_pair(operator.code, raw)
            case _:
                return self.read_span(raw)

    def _read_many(self, code: str, raw: Any) -> list[Any]:
        if not isinstance(raw, list) or not raw:
            raise Misfit(_("Give at least one value."))
        if len(raw) > MOST_VALUES:
            raise Misfit(_("Give at most %(most)d values.") % {"most": MOST_VALUES})
        read: list[Any] = []
        for at, one in enumerate(raw):
            try:
                value = self.read_one(code, one)
            except Misfit as misfit:
                raise Misfit(misfit.message, at=(at,)) from None
            if value not in read:
                read.append(value)
        return self.arranged(read)

    def arranged(self, values: list[Any]) -> list[Any]:
        """A list in its one form, where the order means nothing."""
        return values

    def _read_pair(self, code: str, raw: Any) -> list[Any]:
        if not isinstance(raw, list) or len(raw) != 2:
            raise Misfit(_("Give two values: the lowest and the highest."))
        low, high = (self.read_one(code, one) for one in raw)
        if self.order(low) > self.order(high):
            raise Misfit(_("The lowest value comes first."))
        return [low, high]

    def order(self, value: Any) -> Any:
        """By what values of a pair are compared."""
        return value

    def read_span(self, raw: Any) -> Span:
        return Spans.read(raw)

    @abstractmethod
    def read_one(self, code: str, raw: Any) -> Any:
        """One value as it stands in a tree. Raises Misfit."""

    # How many words of a text make one value.
    words_of_value: ClassVar[int] = 1

    def from_words(self, words: Sequence[str], *, in_quotes: bool = False) -> Any:
        """What somebody wrote, as `read_one` takes it: the words of a text, inputs of a form."""
        return words[0]

    @abstractmethod
    def to_text(self, value: Any, lookup: Lookup) -> str:
        """How one value is written in a text, with quotes where it needs them."""

    @abstractmethod
    def say(self, value: Any, lookup: Lookup) -> str:
        """One value for people, in the active language."""

    def sentence(self, operator: Operator) -> str:
        """The pattern of a sentence, in the active language."""
        return str(operator.sentence)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class OfWords:
    """What is asked of one text and of a set of them, and how a text is read, written and said."""

    codes: ClassVar[tuple[str, ...]] = (
        "contains",
        "contains_all",
        "contains_none",
        "starts_with",
        "is",
        "is_not",
        "in",
        "not_in",
        "empty",
        "not_empty",
    )

    def read_one(self, code: str, raw: Any) -> str:
        return read_text(raw)

    def to_text(self, value: str, lookup: Lookup) -> str:
        return quoted(value)

    def say(self, value: str, lookup: Lookup) -> str:
        return say_text(value)


@dataclass(frozen=True, kw_only=True)
class Text(OfWords, Field):
    """Words. Compared folded (see fold): case and width make no difference."""

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        if code == "empty":
            return not value
        return bool(value) and text_fits(code, fold(value), wanted)

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        column = self.column
        if code == "empty":
            return column.is_null() | column.where("exact", "")
        return text_where(column, code, wanted)


def say_text(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


def is_plain(text: str) -> bool:
    """Without what no database takes (NUL, halves of a pair) or no reader sees. Joiners stay:
    they are part of emoji."""
    return all(c in "\t\u200c\u200d" or category(c) not in {"Cc", "Cf", "Cs"} for c in text)


def read_text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise Misfit(_("Give some text."))
    if len(raw) > LONGEST_TEXT:
        raise Misfit(_("Give at most %(most)d characters.") % {"most": LONGEST_TEXT})
    if not is_plain(raw):
        raise Misfit(_("The text has characters that cannot be printed."))
    return raw


def text_fits(code: str, value: str, wanted: Any) -> bool:
    """`value` is folded and not empty."""
    match code:
        case "is":
            return value == fold(wanted)
        case "in":
            return value in {fold(one) for one in wanted}
        case "contains":
            return any(fold(one) in value for one in wanted)
        case "contains_all":
            return all(fold(one) in value for one in wanted)
        case "starts_with":
            return value.startswith(tuple(fold(one) for one in wanted))
    raise ValueError(code)


def text_where(column: Column, code: str, wanted: Any) -> Q:
    match code:
        case "is":
            return column.where("fold__exact", fold(wanted))
        case "in":
            return column.where("fold__in", [fold(one) for one in wanted])
        case "contains":
            return column.where("fold__contains_any", [fold(one) for one in wanted])
        case "contains_all":
            return all_of(column.where("fold__contains", fold(one)) for one in wanted)
        case "starts_with":
            return any_of(column.where("fold__startswith", fold(one)) for one in wanted)
    raise ValueError(code)


def any_of(conditions: Iterable[Q]) -> Q:
    return Q(*conditions, _connector=Q.OR)


def all_of(conditions: Iterable[Q]) -> Q:
    return Q(*conditions)


@dataclass(frozen=True, kw_only=True)
class YesNo(Field):
    """Yes, no, or empty where the column may be. "is no" is not true of what is empty."""

    codes = ("is", "empty", "not_empty")

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        return value is None if code == "empty" else value is wanted

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        column = self.column
        found = column.is_null() if code == "empty" else column.where("exact", wanted)
        return found if self.expression is None else self.if_there(code, found)

    def read_one(self, code: str, raw: Any) -> bool:
        if not isinstance(raw, bool):
            raise Misfit(_("Write yes or no."))
        return raw

    def from_words(self, words: Sequence[str], *, in_quotes: bool = False) -> Any:
        return {"yes": True, "true": True, "no": False, "false": False}.get(words[0].lower(), "")

    def to_text(self, value: bool, lookup: Lookup) -> str:
        return "yes" if value else "no"

    def sentence(self, operator: Operator) -> str:
        # The labels are statements: "Follows another record: no".
        return _("%(field)s: %(value)s") if operator.code == "is" else super().sentence(operator)

    def say(self, value: bool, lookup: Lookup) -> str:
        return _("yes") if value else _("no")
