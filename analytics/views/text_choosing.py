"""The controls of the pages about texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from analytics.selectors.choice import PRESETS, teams_of
from analytics.selectors.text_choice import (
    ANSWERS,
    BEFORE,
    LANGUAGES,
    MESSAGES,
    MOODS,
    REST,
    WITH_VIEW,
    TextChoice,
)
from analytics.selectors.window import today
from analytics.views.choosing import Option
from feedback.enums import Channel, Mood
from feedback.models import Category, Product, SavedView


@dataclass(frozen=True, slots=True)
class Menu:
    """One select of the form: `options` are (value, name, whether it is chosen)."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class TextChoosing:
    """`carried` are hidden fields of the form, `clear_url` the page without filters."""

    periods: list[Option]
    menus: list[Menu]
    carried: list[tuple[str, str]]
    clear_url: str


def text_choosing(
    user: User, choice: TextChoice, address: str, *, views: bool = False
) -> TextChoosing:
    """`views`: the page also counts saved views of the queue, and one against another."""
    days = today(timezone.now())
    periods = []
    for preset in PRESETS:
        label = ngettext("%(n)d day", "%(n)d days", preset) % {"n": preset}
        chosen = choice.choice.of_last_days(preset, days)
        other = TextChoice(chosen, choice.window, choice.narrowed, choice.compare)
        is_current = choice.choice.preset == preset
        name = label if preset < 365 else _("12 months")
        periods.append(Option(name, f"{address}?{other.query()}", is_current))
    carried = []
    if choice.choice.preset:
        carried.append(("period", str(choice.choice.preset)))
    else:
        period = choice.choice.period
        carried += [("from", str(period.first)), ("to", str(period.last))]
    menus = _menus(user, choice)
    if views:
        _add_views(menus, user, choice)
    return TextChoosing(periods, menus, carried, address)


def _add_views(menus: list[Menu], user: User, choice: TextChoice) -> None:
    saved = SavedView.objects.active().visible_to(user).in_order()
    names = {str(view.pk): view.name for view in saved}
    if not names:
        return
    chosen = choice.narrowed.get("view")
    menus.append(_menu("view", _("View of the queue"), names.items(), chosen))
    if chosen:
        menus[0].options.extend(
            (
                value := WITH_VIEW + pk,
                _("With the view “%(view)s”") % {"view": name},
                value == choice.compare,
            )
            for pk, name in names.items()
            if pk != chosen
        )


def _menus(user: User, choice: TextChoice) -> list[Menu]:
    given = choice.narrowed
    team = choice.choice.team
    chosen_team = str(team.pk) if team else ("none" if choice.choice.is_teamless else "")
    teams = [(str(one.pk), one.name) for one in teams_of(user)]
    compared = [
        (MOODS, _("Negative and positive texts")),
        (BEFORE, _("This period and the one before")),
        (REST, _("These texts and all others")),
    ]
    sources = [(MESSAGES, _("Messages")), (ANSWERS, _("Answers of surveys"))]
    menus = [
        _menu("compare", _("Compare"), compared, choice.compare, ""),
        _menu("team", _("Team"), [*teams, ("none", _("No team"))], chosen_team),
        _menu("category", _("Category"), _named(Category.objects.all()), given.get("category")),
        _menu("channel", _("Channel"), Channel.choices, given.get("channel")),
        _menu("product", _("Product"), _named(Product.objects.all()), given.get("product")),
        _menu("language", _("Language"), LANGUAGES.items(), given.get("language")),
        _menu("mood", pgettext("of a text", "Sentiment"), Mood.choices, given.get("mood")),
        _menu("source", pgettext("of a text", "Source"), sources, given.get("source")),
    ]
    return [menu for menu in menus if len(menu.options) > 1]


def _menu(
    name: str,
    label: str,
    choices: Iterable[tuple[Any, Any]],
    chosen: str | None,
    everything: str | None = None,
) -> Menu:
    """Without `everything` the first entry is all of them."""
    options = [(str(value), str(words), str(value) == chosen) for value, words in choices]
    if everything is None:
        options.insert(0, ("", _("All"), not chosen))
    return Menu(name, label, options)


def _named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in rows]
