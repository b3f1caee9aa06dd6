"""Texts of invitations: the variables in them are looked up, never evaluated. Pure."""

import re
from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VARIABLES: dict[str, Promise] = {
    "customer.name": _("Name of the customer"),
    "customer.greeting": _("Greeting with the name, or without one"),
    "survey.title": _("Title of the survey"),
    "company.name": _("Name of the company"),
    "link_until": _("Day until which the link works"),
}
OF_WINNERS: dict[str, Promise] = {
    **{name: VARIABLES[name] for name in ("customer.name", "customer.greeting", "survey.title")},
    "reward.name": _("Name of the reward"),
    "ticket": _("The ticket that won"),
    "company.name": VARIABLES["company.name"],
}
# Before the name of a column of the list that somebody was invited by: {{ field.order }}.
OF_LISTS = "field."
_VARIABLE = re.compile(
    r"( ?)\{\{\s*([A-Za-z_][\w.]{0,60})"
    r"(?:\s*\|\s*fallback\s*:\s*[\"“”]([^\"“”{}\n]{0,80})[\"“”])?\s*\}\}"
)
_LEFTOVER = re.compile(r"\{\{.*?\}\}|\{\{|\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in place of `{{ name }}`, or of `{{ name|fallback:"…" }}` what stands there
    when there is none. Nothing of either: it is left out with the space before it. Values are
    inserted as they are and not looked at again."""

    def replace(match: re.Match[str]) -> str:
        space, name, fallback = match.groups()
        said = values.get(name, "") or fallback or ""
        return f"{space}{said}" if said else ""

    return _VARIABLE.sub(replace, text)


def unknown_in(text: str, known: Collection[str] = VARIABLES) -> list[str]:
    """What stands in double braces and is no variable, as it was written."""
    found = [
        match.group(0).strip()
        for match in _VARIABLE.finditer(text)
        if match.group(2) not in known and not match.group(2).startswith(OF_LISTS)
    ]
    return found + [one for one in _LEFTOVER.findall(_VARIABLE.sub("", text)) if one]
