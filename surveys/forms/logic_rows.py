"""A condition on answers as rows of a form (which question, comparison, value) or as text."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from surveys.logic import rows as logic
from surveys.logic.checks import Holds, Kind
from surveys.logic.expression import LogicInvalid
from surveys.logic.reading import parse
from surveys.logic.writing import write
from surveys.selectors.outline import Names

MOST_ROWS = 20
MANY = frozenset({"anyof", "allof", "noneof"})


@dataclass(frozen=True, slots=True)
class LogicRow:
    id: str
    name: str
    operator: str
    value: list[str]
    operators: list[tuple[str, Any]]
    choices: list[tuple[str, str]]  # (code, words); empty = written by hand
    control: str  # "choice", "choices", "number", "date", "text", "" = none


@dataclass
class LogicRows:
    """One condition being edited. `text` is what is kept; "" = always."""

    prefix: str
    names: Names
    text: str
    is_text: bool = False
    joint: str = logic.AND
    raw: list[tuple[str, str, list[str]]] = field(default_factory=list)  # name, operator, values
    faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, prefix: str, text: str, names: Names) -> "LogicRows":
        found = cls(prefix, names, text)
        found.show(text)
        return found

    def show(self, text: str) -> None:
        """Rows if rows can say all of it, else text."""
        self.text, self.is_text, self.raw = text, False, []
        if not text:
            return
        try:
            rows = logic.to_rows(parse(text, set(self.names.holds)).tree)
        except LogicInvalid as refusal:
            self.faults = [problem.message for problem in refusal.problems]
            rows = None
        if rows is None or any(row.name not in self.names.holds for row in rows.rows):
            self.is_text = True
            return
        self.joint = rows.joint
        self.raw = [(row.name, row.operator, _written(row.value)) for row in rows.rows]

    @classmethod
    def read(cls, prefix: str, data: QueryDict, names: Names) -> "LogicRows":
        """What was typed, after what the pressed button (`do`) wants."""
        found = cls(prefix, names, "")
        if data.get(f"{prefix}-mode") == "text":
            found.is_text, found.text = True, data.get(f"{prefix}-text", "").strip()
        else:
            joint = data.get(f"{prefix}-joint", logic.AND)
            found.joint = joint if joint in {logic.AND, logic.OR} else logic.AND
            ids = data.getlist(f"{prefix}-row")[:MOST_ROWS]
            found.raw = [
                (
                    data.get(f"{prefix}-{one}-name", ""),
                    data.get(f"{prefix}-{one}-operator", ""),
                    data.getlist(f"{prefix}-{one}-value"),
                )
                for one in ids
            ]
            found.tidy()
            found.text = found.written()
        found.do(data.get("do", ""))
        return found

    def do(self, button: str) -> None:
        what, _colon, rest = button.partition(":")
        target, _colon, at = rest.partition(":")
        if target != self.prefix:
            return
        if what == "logic-add" and len(self.raw) < MOST_ROWS and self.names.holds:
            last = next(reversed([n for n in self.names.holds if n in self._asked()]), None)
            self.raw.append((last or next(iter(self.names.holds)), "", []))
            self.tidy()
        elif what == "logic-drop" and at.isdecimal() and int(at) < len(self.raw):
            self.raw.pop(int(at))
        elif what == "logic-text":
            self.is_text = True
        elif what == "logic-rows":
            self.show(self.text)
            return
        self.text = self.text if self.is_text else self.written()

    def _asked(self) -> list[str]:
        return [
            name
            for name in self.names.holds
            if "." not in name and name not in {"today", "language"}
        ]

    def tidy(self) -> None:
        """Comparisons and values that fit what was chosen."""
        tidied = []
        for name, operator, values in self.raw:
            if name not in self.names.holds:
                continue
            holds = self.names.holds[name]
            known = logic.operators_for(holds)
            fitting = operator if operator in known else known[0]
            kept = [one for one in values if holds.codes is None or one in holds.codes]
            tidied.append((name, fitting, kept if fitting in MANY else kept[:1]))
        self.raw = tidied

    def written(self) -> str:
        """The rows as text; what still lacks a value is left out."""
        found = []
        for name, operator, values in self.raw:
            value = self._value(name, operator, values)
            if value is not None or operator in logic.UNARY:
                found.append(logic.Row(name, operator, value))
        if not found:
            return ""
        return write(logic.to_tree(logic.Rows(self.joint, tuple(found))))

    def _value(self, name: str, operator: str, values: list[str]) -> Any:
        holds = self.names.holds[name]
        typed = [_typed(holds, one) for one in values if one.strip()]
        typed = [one for one in typed if one is not None]
        if operator in logic.UNARY or not typed:
            return None
        return typed if operator in MANY else typed[0]

    # --- what the template draws --------------------------------------------------------------

    @property
    def sentence(self) -> str:
        return self.names.say(self.text)

    @property
    def questions(self) -> list[tuple[str, str]]:
        return [(name, self.names.labels[name].text) for name in self.names.holds]

    @property
    def lines(self) -> list[LogicRow]:
        return [
            self._line(str(number), name, operator, values)
            for number, (name, operator, values) in enumerate(self.raw)
        ]

    def _line(self, id_: str, name: str, operator: str, values: list[str]) -> LogicRow:
        holds, label = self.names.holds[name], self.names.labels[name]
        return LogicRow(
            id=id_,
            name=name,
            operator=operator,
            value=values,
            operators=[(one, logic.LABELS[one]) for one in logic.operators_for(holds)],
            choices=[(code, label.choices.get(code, code)) for code in holds.codes or ()],
            control=_control(holds, operator),
        )


def _control(holds: Holds, operator: str) -> str:
    if operator in logic.UNARY:
        return ""
    if holds.codes is not None:
        return "choices" if operator in MANY else "choice"
    return {Kind.NUMBER: "number", Kind.DATE: "date", Kind.TRUTH: "truth"}.get(holds.kind, "text")


def _typed(holds: Holds, text: str) -> Any:
    text = text.strip()
    if holds.kind is Kind.TRUTH:
        return text == "true"
    if holds.kind is not Kind.NUMBER:
        return text
    try:
        number = float(text)
    except ValueError:
        return None
    if not abs(number) < 1e12:
        return None
    return int(number) if number.is_integer() else number


def _written(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [one for part in value for one in _written(part)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(value)]
