"""What the settings of questions are called on the form that sets them."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_AT_LEAST, _AT_MOST = _("Choose at least"), _("Choose at most")
_BY_KIND: dict[tuple[str, str], Promise] = {
    ("multiple_choice", "min"): _AT_LEAST,
    ("multiple_choice", "max"): _AT_MOST,
    ("matrix_multi", "min"): _AT_LEAST,
    ("matrix_multi", "max"): _AT_MOST,
    ("stars", "max"): _("How many stars"),
    ("emoji", "max"): _("How many faces (3 or 5)"),
    ("date", "min"): _("Earliest day"),
    ("date", "max"): _("Latest day"),
}
_LABELS: dict[str, Promise] = {
    "min": _("Lowest"),
    "max": _("Highest"),
    "from": pgettext_lazy("a scale", "From"),
    "to": pgettext_lazy("a scale", "To"),
    "step": _("Step"),
    "low": _("Words at the low end"),
    "high": _("Words at the high end"),
    "dont_know": _("Offer “don't know”"),
    "unit": _("Unit"),
    "decimals": _("Decimal places"),
    "placeholder": _("Example inside the field"),
    "examples": _("Example answers to tap, one a line"),
    "max_length": _("Longest answer in characters"),
    "format": _("What is written"),
    "total": _("Points to share out"),
    "places": _("How many places are given"),
    "label": _("Words beside the box"),
    "parts": _("What is asked for"),
    "needed": _("What must be filled in"),
    "kinds": _("Which files"),
    "megabytes": _("Largest file in MB"),
    "shared": _("Show with the thanks what everybody answered (from 10 answers on)"),
    "value": _("Worked out as"),
    "holds": _("Result"),
}
_OPTIONS: dict[str, Promise] = {
    "any": _("Anything"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "url": _("Web address"),
    "number": pgettext_lazy("kind of question", "Number"),
    "text": _("Text"),
    "link": _("From the link (?code=value)"),
    "customer.name": _("Name of the customer"),
    "customer.organisation": _("Organisation of the customer"),
    "customer.tier": _("Tier of the customer"),
    "name": _("Name"),
    "company": _("Company"),
    "picture": _("Pictures"),
    "document": _("Documents"),
    "audio": _("Sound"),
    "video": _("Films"),
}


def label_of(kind: str, setting: str) -> Any:
    if (kind, setting) == ("hidden", "from"):
        return _("Filled")
    return _BY_KIND.get((kind, setting)) or _LABELS.get(setting, setting)


def option_label(option: str) -> Promise | str:
    return _OPTIONS.get(option, option)
