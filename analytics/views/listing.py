"""What lists share: menus and tabs that change the address, and addresses that say nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.errors import FilterNotKnown

# Values of a parameter with their words, the usual one first, which leaves the parameter out.
Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Menu:
    """Links of which one is chosen; `label` names the chosen one, too."""

    name: str
    label: str
    icon: str
    options: Sequence[Mapping[str, Any]]
    is_on: bool = False


def menu(name: str, label: str, icon: str, choices: Choices, given: Mapping[str, str]) -> Menu:
    options = links(name, choices, given)
    return Menu(name, label, icon, options, not options[0]["current"])


def links(name: str, choices: Choices, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """An address for each choice, which keeps what else is `given`, but for the page of the list:
    {label, url, current}, for menus and for tabs."""
    usual = choices[0][0]
    chosen = given.get(name) or usual
    kept = {key: one for key, one in given.items() if one and key not in {name, "page"}}
    found = []
    for value, words in choices:
        query = kept if value == usual else {**kept, name: value}
        found.append({"label": words, "url": f"?{urlencode(query)}", "current": value == chosen})
    return found


def unknown(request: HttpRequest, refusal: FilterNotKnown, page: str) -> HttpResponse:
    context = {
        "refusal": refusal,
        "action": _("Without filters"),
        "action_url": reverse(f"analytics:{page}"),
    }
    return render(request, "layout/unknown_filter.html", context, status=400)
