"""Every operator: its name in a tree, how it is written, what it is called.

An operator that `negates` another is true exactly when the other is false; so "is not x" is true
of what is empty. `joined` says how several values stand in a sentence: any of them, or all.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Shape(Enum):
    """What follows an operator."""

    NONE = "none"
    ONE = "one"
    MANY = "many"  # a list with at least one value
    PAIR = "pair"  # lowest and highest, both included
    SPAN = "span"  # a length of time: [3, "days"]


class Needs(Enum):
    """What only some contexts have."""

    ACTOR = "actor"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Operator:
    """`phrases` is how it is written, the usual way first; `words` what the builder calls it;
    `sentence` the sentence with %(field)s and %(value)s (for a pair %(low)s and %(high)s)."""

    code: str
    phrases: tuple[str, ...]
    shape: Shape
    words: Promise
    sentence: Promise
    negates: str = ""
    needs: Needs | None = None
    joined: str = "or"


_EACH = (
    Operator(
        "is",
        ("is", "="),
        Shape.ONE,
        pgettext_lazy("condition", "is"),
        _("%(field)s is %(value)s"),
    ),
    Operator(
        "is_not",
        ("is not", "!=", "≠"),
        Shape.ONE,
        pgettext_lazy("condition", "is not"),
        _("%(field)s is not %(value)s"),
        negates="is",
    ),
    Operator(
        "in",
        ("in", "is one of"),
        Shape.MANY,
        pgettext_lazy("condition", "is one of"),
        _("%(field)s is %(value)s"),
    ),
    Operator(
        "not_in",
        ("not in", "is none of"),
        Shape.MANY,
        pgettext_lazy("condition", "is none of"),
        _("%(field)s is not %(value)s"),
        negates="in",
    ),
    Operator(
        "lt",
        ("<",),
        Shape.ONE,
        pgettext_lazy("condition", "is below"),
        _("%(field)s is below %(value)s"),
    ),
    Operator(
        "le",
        ("<=", "≤"),
        Shape.ONE,
        pgettext_lazy("condition", "is at most"),
        _("%(field)s is at most %(value)s"),
    ),
    Operator(
        "gt",
        (">",),
        Shape.ONE,
        pgettext_lazy("condition", "is above"),
        _("%(field)s is above %(value)s"),
    ),
    Operator(
        "ge",
        (">=", "≥"),
        Shape.ONE,
        pgettext_lazy("condition", "is at least"),
        _("%(field)s is at least %(value)s"),
    ),
    Operator(
        "between",
        ("between",),
        Shape.PAIR,
        pgettext_lazy("condition", "is between"),
        _("%(field)s is between %(low)s and %(high)s"),
    ),
    Operator(
        "contains",
        ("contains", "contains any"),
        Shape.MANY,
        pgettext_lazy("condition", "contains"),
        _("%(field)s contains %(value)s"),
    ),
    Operator(
        "contains_all",
        ("contains all",),
        Shape.MANY,
        pgettext_lazy("condition", "contains all of"),
        _("%(field)s contains %(value)s"),
        joined="and",
    ),
    Operator(
        "contains_none",
        ("contains none", "does not contain", "not contains"),
        Shape.MANY,
        pgettext_lazy("condition", "does not contain"),
        _("%(field)s does not contain %(value)s"),
        negates="contains",
    ),
    Operator(
        "starts_with",
        ("starts with",),
        Shape.MANY,
        pgettext_lazy("condition", "starts with"),
        _("%(field)s starts with %(value)s"),
    ),
    Operator(
        "empty",
        ("is empty", "empty"),
        Shape.NONE,
        pgettext_lazy("condition", "is empty"),
        _("%(field)s is empty"),
    ),
    Operator(
        "not_empty",
        ("is not empty", "not empty"),
        Shape.NONE,
        pgettext_lazy("condition", "is not empty"),
        _("%(field)s is not empty"),
        negates="empty",
    ),
    Operator(
        "on",
        ("on", "is", "="),
        Shape.ONE,
        pgettext_lazy("condition", "is on"),
        _("%(field)s is on %(value)s"),
    ),
    Operator(
        "before",
        ("before", "<"),
        Shape.ONE,
        pgettext_lazy("condition", "is before"),
        _("%(field)s is before %(value)s"),
    ),
    Operator(
        "after",
        ("after", ">"),
        Shape.ONE,
        pgettext_lazy("condition", "is after"),
        _("%(field)s is after %(value)s"),
    ),
    Operator(
        "within_last",
        ("within last", "within the last", "in the last"),
        Shape.SPAN,
        pgettext_lazy("condition", "is within the last"),
        _("%(field)s is within the last %(value)s"),
    ),
    Operator(
        "within_next",
        ("within next", "within the next", "in the next"),
        Shape.SPAN,
        pgettext_lazy("condition", "is within the next"),
        _("%(field)s is within the next %(value)s"),
    ),
    Operator(
        "older_than",
        ("older than",),
        Shape.SPAN,
        pgettext_lazy("condition", "is longer ago than"),
        _("%(field)s is more than %(value)s ago"),
    ),
    Operator(
        "later_than",
        ("later than",),
        Shape.SPAN,
        pgettext_lazy("condition", "is further ahead than"),
        _("%(field)s is more than %(value)s ahead"),
    ),
    Operator(
        "past",
        ("is past", "past"),
        Shape.NONE,
        pgettext_lazy("condition", "has passed"),
        _("%(field)s has passed"),
    ),
    Operator(
        "future",
        ("is future", "future"),
        Shape.NONE,
        pgettext_lazy("condition", "is still to come"),
        _("%(field)s is still to come"),
    ),
    Operator(
        "is_me",
        ("is me", "= me"),
        Shape.NONE,
        pgettext_lazy("condition", "is me"),
        _("%(field)s is me"),
        needs=Needs.ACTOR,
    ),
    Operator(
        "is_not_me",
        ("is not me", "!= me"),
        Shape.NONE,
        pgettext_lazy("condition", "is not me"),
        _("%(field)s is not me"),
        negates="is_me",
        needs=Needs.ACTOR,
    ),
    Operator(
        "is_my_team",
        ("is my team", "= my team"),
        Shape.NONE,
        pgettext_lazy("condition", "is my team"),
        _("%(field)s is one of my teams"),
        needs=Needs.ACTOR,
    ),
    Operator(
        "is_not_my_team",
        ("is not my team", "!= my team"),
        Shape.NONE,
        pgettext_lazy("condition", "is not my team"),
        _("%(field)s is none of my teams"),
        negates="is_my_team",
        needs=Needs.ACTOR,
    ),
    Operator(
        "under",
        ("under", "is under"),
        Shape.MANY,
        pgettext_lazy("condition", "is, or is below"),
        _("%(field)s is %(value)s or below"),
    ),
    Operator(
        "not_under",
        ("not under", "is not under"),
        Shape.MANY,
        pgettext_lazy("condition", "is not, nor is below"),
        _("%(field)s is neither %(value)s nor below"),
        negates="under",
    ),
    Operator(
        "has_any",
        ("has", "has any"),
        Shape.MANY,
        pgettext_lazy("condition", "include any of"),
        _("%(field)s include %(value)s"),
    ),
    Operator(
        "has_all",
        ("has all",),
        Shape.MANY,
        pgettext_lazy("condition", "include all of"),
        _("%(field)s include %(value)s"),
        joined="and",
    ),
    Operator(
        "has_none",
        ("has none", "has no"),
        Shape.MANY,
        pgettext_lazy("condition", "include none of"),
        _("%(field)s do not include %(value)s"),
        negates="has_any",
    ),
    Operator(
        "changed",
        ("changed",),
        Shape.NONE,
        pgettext_lazy("condition", "has changed"),
        _("%(field)s has changed"),
        needs=Needs.EVENT,
    ),
    Operator(
        "changed_to",
        ("changed to",),
        Shape.ONE,
        pgettext_lazy("condition", "has changed to"),
        _("%(field)s has changed to %(value)s"),
        needs=Needs.EVENT,
    ),
    Operator(
        "changed_from",
        ("changed from",),
        Shape.ONE,
        pgettext_lazy("condition", "has changed from"),
        _("%(field)s has changed from %(value)s"),
        needs=Needs.EVENT,
    ),
)
OPERATORS: dict[str, Operator] = {operator.code: operator for operator in _EACH}

AND, OR, NOT = "and", "or", "not"
# Words of the language: as values they stand in quotes.
RESERVED = frozenset({AND, OR, NOT}) | {
    word for operator in _EACH for phrase in operator.phrases for word in phrase.split()
}
