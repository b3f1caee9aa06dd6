"""Choices, rows and columns as lines of a form: they come, go and change places without a
script (each button sends the form) and with one (js/builder.js)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.flow.editing import new_code
from surveys.forms.logic_rows import LogicRows
from surveys.selectors.outline import Names

FLAGS: dict[str, Promise] = {
    "other": _("“Other”: with a field to write in"),
    "exclusive": _("Excludes the others (“none of these”)"),
    "missing": _("Means “don't know”: left out of shares and means"),
    "fixed": _("Keeps its place when the others are shuffled"),
}
STEMS = {"choices": "c", "rows": "r", "columns": "c"}
MOST = 500


@dataclass(frozen=True, slots=True)
class PartRow:
    """One line as it is typed."""

    id: str
    code: str
    texts: list[tuple[str, str, str]]  # (language, its name, wording)
    score: str
    logic: LogicRows  # there only if
    flags: list[tuple[str, Promise, bool]]
    code_is_fixed: bool


@dataclass(frozen=True)
class PartRows:
    """All lines of one list of an element. `known` are codes that were published: they keep
    their meaning and are never given to another line. `names` is what conditions may ask;
    `logic` has the condition of each line, in the order of `raw`."""

    name: str  # "choices", "rows" or "columns"
    raw: list[dict[str, Any]]
    languages: Sequence[str]
    names: Names
    logic: list[LogicRows]
    known: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        name: str,
        raw: list[dict[str, Any]],
        languages: Sequence[str],
        names: Names,
        known: frozenset[str],
    ) -> "PartRows":
        logic = [LogicRows.of("", str(one.pop("when", None) or ""), names) for one in raw]
        return cls(name, raw, languages, names, logic, known)

    @classmethod
    def read(
        cls,
        name: str,
        data: QueryDict,
        languages: Sequence[str],
        names: Names,
        known: frozenset[str],
    ) -> "PartRows":
        """The lines of a form in their order, after what the pressed button (`do`) wants."""
        ids = data.getlist(f"{name}-row")[:MOST]
        raw = [_read_row(name, one, data, languages) for one in ids]
        logic = [LogicRows.read(_prefix(name, one), data, names) for one in ids]
        rows = cls(name, raw, languages, names, logic, known)
        what, _colon, rest = data.get("do", "").partition(":")
        target, _colon, at = rest.partition(":")
        if target == name:
            rows.do(what, int(at) if at.isdecimal() else -1)
        rows.name_those_without_code()
        return rows

    def do(self, what: str, at: int) -> None:
        if what == "add" and len(self.raw) < MOST:
            self.raw.append({"code": "", "text": dict.fromkeys(self.languages, "")})
            self.logic.append(LogicRows("", self.names, ""))
        elif not 0 <= at < len(self.raw):
            return
        elif what == "drop":
            self.raw.pop(at)
            self.logic.pop(at)
        elif what in {"up", "down"}:
            to = max(at - 1 if what == "up" else at + 1, 0)
            self.raw.insert(to, self.raw.pop(at))
            self.logic.insert(to, self.logic.pop(at))

    def name_those_without_code(self) -> None:
        for one in self.raw:
            one["code"] = one["code"] or self.next_code

    @property
    def next_code(self) -> str:
        return new_code(STEMS[self.name], self.taken)

    @property
    def taken(self) -> set[str]:
        return {code.lower() for code in self.known} | {
            str(one.get("code", "")).lower() for one in self.raw
        }

    @property
    def lines(self) -> list[PartRow]:
        return [
            self._line(str(number), one, logic)
            for number, (one, logic) in enumerate(zip(self.raw, self.logic, strict=True))
        ]

    def _line(self, id_: str, one: Mapping[str, Any], logic: LogicRows) -> PartRow:
        logic.prefix = _prefix(self.name, id_)
        texts = one.get("text")
        texts = texts if isinstance(texts, Mapping) else {}
        score, named = one.get("score"), dict(settings.LANGUAGES)
        flags = FLAGS if self.name != "rows" else {"fixed": FLAGS["fixed"]}
        return PartRow(
            id=id_,
            code=str(one.get("code", "")),
            texts=[
                (one, str(named.get(one, one)), str(texts.get(one, ""))) for one in self.languages
            ],
            score="" if score is None else str(score),
            logic=logic,
            flags=[(name, words, one.get(name) is True) for name, words in flags.items()],
            code_is_fixed=str(one.get("code", "")).lower() in self.known,
        )

    def cleaned(self) -> list[dict[str, Any]]:
        """The lines as the definition has them; those nobody wrote in are left out."""
        found = [
            one | ({"when": logic.text} if logic.text else {})
            for one, logic in zip(self.raw, self.logic, strict=True)
        ]
        return [one for one in found if any(one["text"].values()) or len(one) > 2]


def _prefix(name: str, id_: str) -> str:
    return f"{name}-{id_}-if"


def _read_row(name: str, one: str, data: QueryDict, languages: Sequence[str]) -> dict[str, Any]:
    prefix = f"{name}-{one}"
    row: dict[str, Any] = {
        "code": data.get(f"{prefix}-code", "").strip(),
        "text": {
            language: data.get(f"{prefix}-text-{language}", "").strip() for language in languages
        },
    }
    score = _number(data.get(f"{prefix}-score", ""))
    if score is not None:
        row["score"] = score
    for flag in FLAGS:
        if data.get(f"{prefix}-{flag}"):
            row[flag] = True
    return row


def _number(text: str) -> float | None:
    try:
        number = float(text.strip())
    except ValueError:
        return None
    if not abs(number) < 1e9:  # neither infinite nor "nan"
        return None
    return int(number) if number.is_integer() else number
