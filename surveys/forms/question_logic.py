"""What a question depends on, as it is typed: when it is asked, when it must be answered, and
what must hold of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from surveys.flow.editing import Raw
from surveys.forms.frame import Entries
from surveys.forms.logic_rows import LogicRows
from surveys.questions.registry import TYPES
from surveys.selectors.outline import Names, names_before


@dataclass(frozen=True)
class QuestionLogic:
    """`names` is what may be named before the question; its checks may name it, too."""

    names: Names
    languages: list[str]
    when: LogicRows
    required_when: LogicRows | None  # None: nothing is asked
    checks: Entries | None

    @classmethod
    def of(cls, raw: Raw, element: Raw, data: QueryDict | None) -> "QuestionLogic":
        """As it stands in the draft `raw`, or as it came back in a form."""
        names, languages = names_before(raw, element["code"]), raw["languages"]

        def rows(name: str) -> LogicRows:
            if data is not None:
                return LogicRows.read(name, data, names)
            return LogicRows.of(name, str(element.get(name) or ""), names)

        if not TYPES[element["type"]].is_asked:
            return cls(names, languages, rows("when"), None, None)
        given = [_as_entry(one) for one in element.get("checks") or () if isinstance(one, Mapping)]
        fields = tuple(f"text__{language}" for language in languages)
        own = names_before(raw, element["code"], and_itself=True)
        checks = Entries("check", fields, own, given, data)
        return cls(names, languages, rows("when"), rows("required_when"), checks)

    def typed(self) -> dict[str, Any]:
        """{key of an element: what it has now}; checks in which nothing stands are left out."""
        found: dict[str, Any] = {"when": self.when.text}
        if self.required_when is not None:
            found["required_when"] = self.required_when.text
        if self.checks is not None:
            checks: list[dict[str, Any]] = [
                {
                    "that": logic.text,
                    "text": {one: values[f"text__{one}"] for one in self.languages},
                }
                for _number, values, logic in self.checks.lines
            ]
            found["checks"] = [one for one in checks if one["that"] or any(one["text"].values())]
        return found


def _as_entry(check: Mapping[str, Any]) -> Raw:
    return {"when": check.get("that"), "text": check.get("text")}
