"""What people enter about rules of automation: the rule, and its actions row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from feedback.models import AutomationRule
from feedback.rules.actions import (
    MOST_ACTIONS,
    Action,
    Choices,
    Kept,
    Options,
    Param,
    action_of,
    all_actions,
)


class AutomationRuleForm(forms.ModelForm):
    class Meta:
        model = AutomationRule
        fields = ["name_zh", "name_en", "event", "condition", "once_per_record", "stop"]


@dataclass(frozen=True, slots=True)
class Input:
    """Something to be said for an action; `options` is None for what is typed."""

    param: Param
    name: str
    value: str
    options: Options | None


@dataclass(frozen=True, slots=True)
class ActionRow:
    at: int
    action: Action
    inputs: Sequence[Input]


class ActionRows:
    """The actions of a form: as they are kept, or as they were sent. Without a script each button
    sends the form, and it comes back with a row more or less."""

    def __init__(self, kept: Sequence[Mapping[str, Any]], choices: Choices) -> None:
        self._kept = [dict(one) for one in kept if action_of(one) is not None]
        self._choices = choices

    @classmethod
    def sent(cls, data: QueryDict, choices: Choices) -> "ActionRows":
        kept: list[Kept] = []
        for at in range(min(len(data.getlist("row")), MOST_ACTIONS)):
            one: Kept = {"do": data.get(f"action-{at}-do", "")}
            action = action_of(one)
            if action is not None:
                one |= {
                    param.name: data.get(f"action-{at}-{param.name}", "")
                    for param in action.params
                }
                kept.append(one)
        rows = cls(kept, choices)
        rows._change(data.get("change", ""), data.get("add-action", ""))
        return rows

    def _change(self, what: str, wanted: str) -> None:
        what, _colon, number = what.partition(":")
        if what == "add" and len(self._kept) < MOST_ACTIONS:
            self._kept += [{"do": wanted}] if action_of({"do": wanted}) else []
        if number.isascii() and number.isdigit() and int(number[:3]) < len(self._kept):
            at = int(number[:3])
            if what == "remove":
                del self._kept[at]
            elif what == "up" and at:
                self._kept[at - 1 : at + 1] = reversed(self._kept[at - 1 : at + 1])

    @property
    def raw(self) -> list[Kept]:
        return self._kept

    @property
    def offered(self) -> list[Action]:
        return all_actions()

    def __iter__(self) -> Any:
        for at, one in enumerate(self._kept):
            action = action_of(one)
            if action is not None:
                inputs = [
                    Input(
                        param,
                        f"action-{at}-{param.name}",
                        _text(one.get(param.name)),
                        self._choices.of(param) if param.options is not None else None,
                    )
                    for param in action.params
                ]
                yield ActionRow(at, action, inputs)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
