"""An expression in words: “Overall” is at most 3 and “Solved” is not “Yes”."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from config.kernel.conditions.sentences import both, either
from config.kernel.punctuation import listed
from surveys.logic.expression import Tree
from surveys.logic.writing import write

_TESTS: dict[str, str | Promise] = {
    "=": gettext_lazy("%(field)s is %(value)s"),
    "!=": gettext_lazy("%(field)s is not %(value)s"),
    "<": gettext_lazy("%(field)s is below %(value)s"),
    "<=": gettext_lazy("%(field)s is at most %(value)s"),
    ">": gettext_lazy("%(field)s is above %(value)s"),
    ">=": gettext_lazy("%(field)s is at least %(value)s"),
    "contains": gettext_lazy("%(field)s contains %(value)s"),
    "notcontains": gettext_lazy("%(field)s does not contain %(value)s"),
    "anyof": gettext_lazy("%(field)s is %(value)s"),
    "allof": gettext_lazy("%(field)s contains %(value)s"),
    "noneof": gettext_lazy("%(field)s is not %(value)s"),
    "empty": gettext_lazy("%(field)s was not answered"),
    "notempty": gettext_lazy("%(field)s was answered"),
}
# Of an answer with several choices.
_OF_MANY: dict[str, str | Promise] = {
    "anyof": gettext_lazy("%(field)s contains %(value)s"),
    "noneof": gettext_lazy("%(field)s does not contain %(value)s"),
}
_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ ", "%": " % "}
_FUNCTIONS: dict[str, str | Promise] = {
    "sum": gettext_lazy("the sum of %(values)s"),
    "min": gettext_lazy("the smallest of %(values)s"),
    "max": gettext_lazy("the biggest of %(values)s"),
    "avg": gettext_lazy("the mean of %(values)s"),
    "count": gettext_lazy("the number of answers among %(values)s"),
    "length": gettext_lazy("the length of %(values)s"),
}


@dataclass(frozen=True, slots=True)
class Label:
    """How people call what a name stands for, and its choices by code."""

    text: str
    choices: Mapping[str, str] = field(default_factory=dict)
    many: bool = False


def say(
    tree: Tree,
    labels: Mapping[str, Label],
    language: str | None = None,
    *,
    is_condition: bool = True,
) -> str:
    """What `tree` says. A name without a label is said as it is written; `language` is a code of
    settings.LANGUAGES, by default the active one. Of what is no condition but a value
    (`is_condition` false), a question alone is its answer, not “is yes”."""
    with translation.override(language or translation.get_language()):
        speaker = _Speaker(labels)
        return speaker.held(tree) if is_condition else speaker.said(tree)


class _Speaker:
    def __init__(self, labels: Mapping[str, Label]) -> None:
        self.labels = labels

    def said(self, tree: Tree, choices: Mapping[str, str] | None = None) -> str:
        """`choices` are those of the question that the tree is compared with."""
        if not isinstance(tree, list):
            return self.literal(tree, choices or {})
        head = tree[0]
        if head in _TESTS:
            return self.test(tree)
        if head in _SIGNS:
            return _SIGNS[head].join(self.inside(operand) for operand in tree[1:])
        speak: dict[str, Callable[[Tree], str]] = {
            "var": self.name,
            "list": lambda tree: listed(self.said(item, choices) for item in tree[1:]),
            "and": self.joined,
            "or": self.joined,
            "not": lambda tree: _("not (%(condition)s)") % {"condition": self.held(tree[1])},
            "neg": lambda tree: f"−{self.inside(tree[1])}",
            "call": self.call,
        }
        return speak[head](tree)

    def literal(self, value: Any, choices: Mapping[str, str]) -> str:
        if value is None:
            return _("nothing")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, str):
            return _("“%(text)s”") % {"text": choices.get(value, value)}
        return write(value)

    def name(self, tree: Tree) -> str:
        label = self.labels.get(tree[1])
        if label is None:
            return _("today") if tree[1] == "today" else write(tree)
        return _("“%(text)s”") % {"text": label.text}

    def joined(self, tree: Tree) -> str:
        joint = (
            pgettext("between conditions", " and ")
            if tree[0] == "and"
            else pgettext("between conditions", " or ")
        )
        return joint.join(self.group(part) for part in tree[1:])

    def group(self, tree: Tree) -> str:
        said = self.held(tree)
        if isinstance(tree, list) and tree[0] in {"and", "or"}:
            return pgettext("conditions of a group", "(%(conditions)s)") % {"conditions": said}
        return said

    def held(self, tree: Tree) -> str:
        """Of a condition: a question alone is asked whether it is yes."""
        said = self.said(tree)
        if isinstance(tree, list) and tree[0] == "var":
            return str(_TESTS["="]) % {"field": said, "value": _("yes")}
        return said

    def inside(self, tree: Tree) -> str:
        said = self.said(tree)
        is_simple = not isinstance(tree, list) or tree[0] in {"var", "call", "list"}
        return said if is_simple else f"({said})"

    def test(self, tree: Tree) -> str:
        operator, *operands = tree
        label = self.label(operands[0]) or (len(operands) > 1 and self.label(operands[1])) or None
        choices = label.choices if label else {}
        patterns = _TESTS | _OF_MANY if label and label.many else _TESTS
        words = {"field": self.said(operands[0], choices)}
        if len(operands) > 1:
            words["value"] = self.value(operator, operands[1], choices)
        return str(patterns[operator]) % words

    def label(self, tree: Tree) -> Label | None:
        is_named = isinstance(tree, list) and tree[0] == "var"
        return self.labels.get(tree[1]) if is_named else None

    def value(self, operator: str, tree: Tree, choices: Mapping[str, str]) -> str:
        if not isinstance(tree, list) or tree[0] != "list" or len(tree) == 1:
            return self.said(tree, choices)
        items = [self.said(item, choices) for item in tree[1:]]
        return either(items) if operator in {"anyof", "noneof"} else both(items)

    def call(self, tree: Tree) -> str:
        name, *operands = tree[1:]
        said = [self.said(operand) for operand in operands]
        if name == "iif":
            words = {"condition": self.held(operands[0]), "one": said[1], "other": said[2]}
            return _("%(one)s if %(condition)s, otherwise %(other)s") % words
        if name == "round":
            if len(said) == 1:
                return _("%(value)s, rounded") % {"value": said[0]}
            words = {"value": said[0], "places": said[1]}
            return _("%(value)s, rounded (decimal places: %(places)s)") % words
        return str(_FUNCTIONS[name]) % {"values": both(said)}
