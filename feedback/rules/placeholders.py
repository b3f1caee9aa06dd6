"""Variables in reply templates: a fixed list, looked up, never evaluated."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VARIABLES: dict[str, Promise] = {
    "customer.name": _("Name of the customer"),
    "feedback.number": _("Number of the record"),
    "feedback.subject": _("Subject of the record"),
    "product.name": _("Product"),
    "order_number": _("Order number"),
    "agent.name": pgettext_lazy("of the staff member", "Your name"),
    "team.name": _("Your team"),
    "company.name": _("Name of the company"),
    "status_link": _("Link to the customer's status page"),
}

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][\w.]{0,60})\s*\}\}")
_VARIABLE_AND_SPACE = re.compile(r"( ?)" + _VARIABLE.pattern)
_LEFTOVER = re.compile(r"\{\{[^{}\n]{0,80}\}\}")


@dataclass(frozen=True, slots=True)
class Filled:
    text: str
    unfilled: list[str]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put values in place of `{{ name }}`. A name that is unknown or has no value stays as it
    was and is reported in `unfilled`; values are inserted as they are and not looked at again."""
    unfilled: list[str] = []

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        value = values.get(name, "") if name in VARIABLES else ""
        if not value and name not in unfilled:
            unfilled.append(name)
        return value or match.group(0)

    return Filled(_VARIABLE.sub(replace, text), unfilled)


def fill_quietly(text: str, values: Mapping[str, str]) -> str:
    """As `fill`, for mail that nobody reads before it goes: what has no value is left out, with
    the space before it ("Hello {{ customer.name }}," becomes "Hello,")."""
    known = {name: value for name, value in values.items() if name in VARIABLES and value}

    def replace(match: re.Match[str]) -> str:
        space, name = match.groups()
        return space + known[name] if name in known else ""

    return _VARIABLE_AND_SPACE.sub(replace, text)


def in_words(names: Iterable[str]) -> list[str]:
    """What people call variables: "Product" for product.name; unknown ones stay as they are."""
    return [str(VARIABLES.get(name, name)) for name in names]


def unfilled_in(text: str) -> list[str]:
    """The variables still standing in a text that somebody wants to send."""
    return sorted({found.strip("{} ") for found in _LEFTOVER.findall(text)})


def unknown_in(text: str) -> list[str]:
    """What stands in double braces in a template and is none of VARIABLES."""
    return [name for name in unfilled_in(text) if name not in VARIABLES]
