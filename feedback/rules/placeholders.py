"""Variables in reply templates: a fixed list, looked up, never evaluated."""

import re
from collections.abc import Collection, Iterable, Mapping
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
    "category.name": _("Category"),
    "customer.greeting": _("Greeting with the name, or without one"),
    "days_waiting": _("Days since the customer first wrote"),
    "status_link": _("Link to the customer's status page"),
    "commitment.text": _("What the customer reads of a commitment"),
    "commitment.date": _("Promised day"),
    "commitment.decision": _("Decision"),
}

# Before the codes of custom fields: {{ field.colour }}, {{ customer.field.size }}.
MADE = ("field.", "customer.field.")

_NAME = r"[A-Za-z_][\w.]{0,60}"
_FALLBACK = r"""\s*\|\s*fallback\s*:\s*["“”]([^"“”{}\n]{0,80})["“”]"""
_VARIABLE = re.compile(r"\{\{\s*(" + _NAME + r")(?:" + _FALLBACK + r")?\s*\}\}")
_VARIABLE_AND_SPACE = re.compile(r"( ?)" + _VARIABLE.pattern)
_LEFTOVER = re.compile(r"\{\{[^{}\n]{0,160}\}\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Filled:
    text: str
    unfilled: list[str]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put values in place of `{{ name }}`, or of `{{ name|fallback:"…" }}` what stands there when
    there is no value. An optional part `[[ … ]]` drops out when a value in it is missing. Any
    other name that is unknown or has no value stays as it was and is reported in `unfilled`;
    values are inserted as they are and not looked at again."""
    unfilled: list[str] = []

    def replace(match: re.Match[str]) -> str:
        name, fallback = match.groups()
        value = _value(name, fallback, values)
        if not value and fallback is None and name not in unfilled:
            unfilled.append(name)
        return value or ("" if fallback is not None else match.group(0))

    return Filled(_VARIABLE.sub(replace, _without_missing_parts(text, values)), unfilled)


def fill_quietly(text: str, values: Mapping[str, str]) -> str:
    """As `fill`, for mail that nobody reads before it goes: what has no value is left out, with
    the space before it ("Hello {{ customer.name }}," becomes "Hello,")."""

    def replace(match: re.Match[str]) -> str:
        space, name, fallback = match.groups()
        value = _value(name, fallback, values)
        return space + value if value else ""

    return _VARIABLE_AND_SPACE.sub(replace, _without_missing_parts(text, values))


def _value(name: str, fallback: str | None, values: Mapping[str, str]) -> str:
    known = name in VARIABLES or name.startswith(MADE)
    return (values.get(name, "") if known else "") or fallback or ""


def _without_missing_parts(text: str, values: Mapping[str, str]) -> str:
    """Optional parts are kept without their brackets, or dropped: with the line that they fill,
    or with the space before them."""

    def is_complete(part: str) -> bool:
        return all(
            one[2] is not None or _value(one[1], None, values) for one in _VARIABLE.finditer(part)
        )

    kept: list[str] = []
    at = 0
    last = text.rfind("]]") + 2  # behind it nothing closes, so that nothing is looked for
    for match in _OPTIONAL.finditer(text, 0, last):
        before, at = text[at : match.start()], match.end()
        if is_complete(match.group(1)):
            kept += [before, match.group(1).strip(" ")]
            continue
        fills_line = (not before or before.endswith("\n")) and text[at : at + 1] in {"\n", ""}
        if fills_line and at < len(text):
            at += 1
        elif before.endswith(" "):
            before = before[:-1]
        kept.append(before)
    return "".join(kept) + text[at:]


def in_words(names: Iterable[str]) -> list[str]:
    """What people call variables: "Product" for product.name; unknown ones stay as they are."""
    return [str(VARIABLES.get(name, name)) for name in names]


def unfilled_in(text: str) -> list[str]:
    """The variables still standing in a text that somebody wants to send."""
    return sorted({found.strip("{} ") for found in _LEFTOVER.findall(text)})


def leftovers(text: str) -> list[tuple[int, int]]:
    """Where they stand: characters from, up to."""
    return [found.span() for found in _LEFTOVER.finditer(text)]


def unknown_in(text: str, made: Collection[str] = ()) -> list[str]:
    """What stands in double braces in a template and is neither one of VARIABLES nor of `made`,
    the variables of custom fields."""
    known = {
        found[0].strip("{} ")
        for found in _VARIABLE.finditer(text)
        if found[1] in VARIABLES or found[1] in made
    }
    return [name for name in unfilled_in(text) if name not in known]


def brackets_match(text: str) -> bool:
    """Whether every optional part `[[ … ]]` is closed, and none stands inside another."""
    marks = re.findall(r"\[\[|\]\]", text)
    return marks == ["[[", "]]"] * (len(marks) // 2)
