"""With which inputs the value of a row is edited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from config.kernel.conditions.choices import (
    Choice,
    Reference,
    row_from_words,
    row_to_word,
    say_row,
)
from config.kernel.conditions.fields import Field, YesNo
from config.kernel.conditions.operators import Operator, Shape
from config.kernel.conditions.ordered import Day, Duration, Moment, Number
from config.kernel.conditions.rows import OFFERED, Lookup, Rows
from config.kernel.conditions.sets import ChoiceSet, ReferenceSet
from config.kernel.conditions.spans import Spans

# Endings of kinds: a list of values, a lowest and a highest one.
_ENDINGS = {Shape.ONE: "", Shape.MANY: "_many", Shape.PAIR: "_pair"}
_BASES: tuple[tuple[tuple[type[Field], ...], tuple[str, ...]], ...] = (
    ((Choice, ChoiceSet), ("choice",)),
    ((Reference, ReferenceSet), ("choice", "text")),  # "text": too many rows to choose from
    ((Number,), ("number",)),
    ((YesNo,), ("yes_no",)),
    ((Moment, Day), ("day",)),
    ((Duration,), ("length",)),
)


def kinds(about: Field, operator: Operator) -> tuple[str, ...]:
    """The kinds of inputs that may edit what follows `operator`; which one depends on how many
    rows a table has."""
    if operator.shape is Shape.NONE:
        return ("none",)
    if operator.shape is Shape.SPAN:
        return ("length",)
    bases = next((names for types, names in _BASES if isinstance(about, types)), ("text",))
    return tuple(f"{base}{_ENDINGS[operator.shape]}" for base in bases)


def value_of(about: Field, operator: Operator, kind: str, inputs: Sequence[str]) -> Any:
    """What was typed into the inputs, as a tree has it before it is checked."""
    if operator.shape is Shape.SPAN:
        return Spans.from_words(_filled(inputs, 2))
    if operator.shape is Shape.PAIR:
        size = about.words_of_value
        words = _filled(inputs, 2 * size)
        return [about.from_words(words[:size]), about.from_words(words[size:])]
    if operator.shape is Shape.ONE:
        return about.from_words(_filled(inputs, about.words_of_value))
    words = "\n".join(inputs).splitlines() if kind == "text_many" else list(inputs)
    return [about.from_words([word]) for word in words if word]


def _filled(inputs: Sequence[str], size: int) -> list[str]:
    return [*inputs, *[""] * size][:size]


def inputs_for(
    about: Field, operator: Operator, kind: str, wanted: Any, lookup: Lookup
) -> list[str]:
    """The other way round: what stands in the inputs for a value of a tree."""

    def words(value: Any) -> list[str]:
        if isinstance(value, list):  # a length of time
            return [str(value[0]), value[1]]
        if isinstance(about, Reference | ReferenceSet):
            by_choice = kind.startswith("choice")
            return [str(value) if by_choice else row_to_word(about.source, value, lookup)]
        return [value if isinstance(value, str) else about.to_text(value, lookup)]

    match operator.shape:
        case Shape.NONE:
            return []
        case Shape.ONE | Shape.SPAN:
            return words(wanted)
        case Shape.PAIR:
            return [*words(wanted[0]), *words(wanted[1])]
    found = [word for value in wanted for word in words(value)]
    return ["\n".join(found)] if kind == "text_many" else found


@dataclass(frozen=True, slots=True)
class Editor:
    """`key` tells editors apart: two fields with the same choices share one."""

    key: str
    kind: str
    options: list[tuple[str, str]] = field(default_factory=list)


class Editors:
    """All editors of one page; the rows of a table are asked for once."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self._offered: dict[Rows, list[tuple[str, str]] | None] = {}

    def of(self, about: Field, operator: Operator, kind: str = "") -> Editor:
        """`kind` is that of an editor that is already in use."""
        possible = kinds(about, operator)
        if isinstance(about, Reference | ReferenceSet) and operator.shape is not Shape.NONE:
            offered = self.offered(about.source)
            chosen = possible[0] if offered is not None else possible[1]
            if offered is None:
                return Editor(chosen, chosen)
            source = list(self._offered).index(about.source)
            return Editor(f"{chosen}:{source}", chosen, offered)
        chosen = kind if kind in possible else possible[0]
        if isinstance(about, Choice | ChoiceSet) and operator.shape is not Shape.NONE:
            options = [(one.code, str(one.label)) for one in about.options]
            return Editor(f"{chosen}:{about.name}", chosen, options)
        return Editor(chosen, chosen)

    def offered(self, source: Rows) -> list[tuple[str, str]] | None:
        """The rows to choose from, None when they are too many."""
        if source not in self._offered:
            rows = source.offered(source.rows()) if source.offered else source.rows()
            found = list(rows[: OFFERED + 1])
            self._offered[source] = (
                None
                if len(found) > OFFERED
                else [(str(source.key_of(row)), source.label(row)) for row in found]
            )
        return self._offered[source]

    def fitted(self, editor: Editor, about: Field, kind: str, inputs: list[str]) -> list[str]:
        """Inputs of another `kind`: choices where by now there are too many to choose from."""
        source = getattr(about, "source", None)
        if source is None or not kind.startswith("choice") or not editor.kind.startswith("text"):
            return inputs
        keys = [row_from_words(source, word, in_quotes=False) for word in inputs]
        words = [
            row_to_word(source, key, self.lookup) if source.fits(key) else word
            for word, key in zip(inputs, keys, strict=True)
        ]
        return ["\n".join(words)] if editor.kind == "text_many" else words

    def with_chosen(self, editor: Editor, about: Field, inputs: Sequence[str]) -> Editor:
        """The editor with what is chosen in it, though it may not be chosen any more."""
        source = getattr(about, "source", None)
        known = {value for value, _label in editor.options}
        missing = [value for value in inputs if value and value not in known]
        if source is None or not editor.kind.startswith("choice") or not missing:
            return editor
        keys = [row_from_words(source, word, in_quotes=False) for word in missing]
        named = zip(missing, keys, strict=True)
        kept = [
            (word, say_row(source, key, self.lookup)) for word, key in named if source.fits(key)
        ]
        return Editor(editor.key, editor.kind, [*editor.options, *kept])
