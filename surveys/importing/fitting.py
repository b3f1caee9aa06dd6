"""Names, codes and kinds of a foreign condition put in the place of what they are here. Other
programs convert ('5' = 5); here nothing is converted, so that it is done once, at the import."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys.importing.expressions import Untranslatable
from surveys.logic.checks import Holds, Kind
from surveys.logic.expression import Tree, first_operand

_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_TRUE = ("Y", "1", "yes", "true", "True")


@dataclass(frozen=True, slots=True)
class Target:
    """What a name of the file means here. `picks` is a choice, where the file asks for one box
    of several."""

    code: str
    holds: Holds
    choices: dict[str, str] = field(default_factory=dict)  # code in the file → code here
    picks: str = ""


class Fitting:
    """One condition: `find` gives the target of a name, or None."""

    def __init__(self, find: Callable[[str], Target | None]) -> None:
        self.find = find

    def fit(self, tree: Tree) -> Tree:  # noqa: PLR0911 - one line for each form
        if not isinstance(tree, list):
            return tree
        head = tree[0]
        if head == "var":
            return self.variable(tree)
        if head == "selected":
            return self.picked(tree[1], [tree[2]], "contains")
        if head in {"anyof", "allof", "noneof", "contains", "notcontains"}:
            wanted = tree[2][1:] if _is(tree[2], "list") else [tree[2]]
            return self.picked(tree[1], wanted, head)
        if head in {"empty", "notempty"} and _is(tree[1], "var"):
            return self.answered(tree[1], head)
        if head == "not" and _is(tree[1], "empty"):
            return self.fit(["notempty", tree[1][1]])
        if head in _TURNED:
            return self.compared(head, tree[1], tree[2])
        first = first_operand(tree)
        return [*tree[:first], *map(self.fit, tree[first:])]

    def target(self, tree: Tree) -> Target | None:
        """Of a name; None for everything else. Raises Untranslatable for one that is unknown."""
        if not _is(tree, "var") or tree[1] == "today":
            return None
        found = self.find(tree[1])
        if found is None:
            raise Untranslatable(
                _("It names “%(name)s”, which is not asked before.") % {"name": tree[1]}
            )
        return found

    def variable(self, tree: Tree) -> Tree:
        target = self.target(tree)
        if target is None:
            return tree
        if target.picks:
            return ["contains", ["var", target.code], target.picks]
        return ["var", target.code]

    def answered(self, tree: Tree, head: str) -> Tree:
        target = self.target(tree)
        if target is not None and target.picks:
            verb = "contains" if head == "notempty" else "notcontains"
            return [verb, ["var", target.code], target.picks]
        return [head, self.fit(tree)]

    def picked(self, name: Tree, wanted: list[Any], head: str) -> Tree:
        target = self.target(name)
        if target is None:
            raise Untranslatable(_("It asks for choices of something that is no question."))
        codes = [self.literal(target, one) for one in wanted]
        if target.holds.many or (target.holds.kind is Kind.TEXT and len(codes) == 1):
            value = codes[0] if head in {"contains", "notcontains"} else ["list", *codes]
            return [head, ["var", target.code], value]
        equal = [["=", ["var", target.code], code] for code in codes]
        tree = equal[0] if len(equal) == 1 else ["or", *equal]
        return ["not", tree] if head in {"notcontains", "noneof"} else tree

    def compared(self, head: str, left: Tree, right: Tree) -> Tree:
        if not _is(left, "var") and _is(right, "var"):
            head, left, right = _TURNED[head], right, left
        target = self.target(left) if _is(left, "var") else None
        if target is None or (isinstance(right, list) and right[0] != "list"):
            return [head, self.fit(left), self.fit(right)]
        if right == "" and head in {"=", "!="}:
            return self.answered(left, "empty" if head == "=" else "notempty")
        if target.picks:
            is_asked = (head == "=") == (str(right) in _TRUE)
            return [
                "contains" if is_asked else "notcontains", ["var", target.code], target.picks
            ]  # fmt: skip
        name = ["var", target.code]
        if _is(right, "list"):
            return [head, name, ["list", *(self.literal(target, one) for one in right[1:])]]
        if target.holds.kind is Kind.CODE and head in _ORDERS:
            return self.enumerated(target, head, right)
        value = self.literal(target, right)
        return [head, name, ["list", value] if target.holds.many else value]

    @staticmethod
    def enumerated(target: Target, head: str, right: Any) -> Tree:
        """Codes are no numbers: q >= 3 is one of those whose code is 3 or more."""
        limit = _number(right)
        fitting = [
            ["=", ["var", target.code], ours]
            for theirs, ours in target.choices.items()
            if (number := _number(theirs)) is not None
            and limit is not None
            and _ORDERS[head](number, limit)
        ]
        if not fitting or target.holds.many:
            raise Untranslatable(_("It compares codes of choices that are no numbers."))
        return fitting[0] if len(fitting) == 1 else ["or", *fitting]

    @staticmethod
    def literal(target: Target, value: Any) -> Any:
        if isinstance(value, list):
            raise Untranslatable(_("It works out which choice is meant."))
        kind = target.holds.kind
        if value is None:
            return None
        if kind is Kind.CODE:
            code = target.choices.get(str(value)) or target.choices.get(str(value).lower())
            if code is None:
                raise Untranslatable(
                    _("It names the choice “%(choice)s”, which does not exist.")
                    % {"choice": str(value)[:60]}
                )
            return code
        if kind is Kind.NUMBER:
            number = _number(value)
            if number is None:
                raise Untranslatable(
                    _("It compares a number with “%(text)s”.") % {"text": str(value)[:60]}
                )
            return int(number) if number.is_integer() else number
        return value if isinstance(value, str) else str(value)


def _is(tree: Tree, head: str) -> bool:
    return isinstance(tree, list) and bool(tree) and tree[0] == head


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
