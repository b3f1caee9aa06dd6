"""The controls of the pages about texts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.enums import Tier
from accounts.models import CustomerTag, User
from analytics.selectors.choice import PRESETS, teams_of
from analytics.selectors.text_choice import (
    ANSWERS,
    BEFORE,
    GROUP,
    LANGUAGES,
    MESSAGES,
    MOODS,
    OTHER,
    REST,
    SAME,
    SEES_CUSTOMERS,
    WITH_VIEW,
    TextChoice,
)
from analytics.selectors.window import today
from analytics.views.choosing import Option, write_days
from feedback.enums import CUSTOMER_CHANNELS, Mood
from feedback.models import Category, Product, SavedView


@dataclass(frozen=True, slots=True)
class Menu:
    """One select of the form: `options` are (value, name, whether it is chosen)."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class TextChoosing:
    """`carried` are hidden fields of the form, `clear_url` the page without filters, `others`
    the menus of the group that these texts are compared with; `names` what both are called, in
    the words of their filters."""

    periods: list[Option]
    menus: list[Menu]
    carried: list[tuple[str, str]]
    clear_url: str
    others: list[Menu] = field(default_factory=list)
    names: tuple[str, str] = ("", "")


def text_choosing(
    user: User, choice: TextChoice, address: str, *, comparing: bool = False
) -> TextChoosing:
    """`comparing`: the page also counts saved views of the queue, and one group of texts against
    another."""
    days = today(timezone.now())
    periods = []
    for preset in PRESETS:
        chosen = choice.choice.of_last_days(preset, days)
        other = replace(choice, choice=chosen)
        is_current = choice.choice.preset == preset
        periods.append(Option(_last(preset), f"{address}?{other.query()}", is_current))
    carried = []
    if choice.choice.preset:
        carried.append(("period", str(choice.choice.preset)))
    else:
        period = choice.choice.period
        carried += [("from", str(period.first)), ("to", str(period.last))]
    menus = _filters(user, choice)
    if not comparing:
        return TextChoosing(periods, menus, carried, address)
    names = _views_of(user)
    _add_views(menus, names, choice)
    others: list[Menu] = []
    if choice.compare == GROUP and choice.other is not None:
        others = [_days(choice), *_filters(user, choice.other, OTHER)]
        _add_views(others, names, choice.other, OTHER)
        if not choice.other.has_same_days and not choice.other.choice.preset:
            period = choice.other.choice.period
            carried += [(f"{OTHER}from", str(period.first)), (f"{OTHER}to", str(period.last))]
    said = (_said(menus), _said(others))
    menus.insert(0, _comparisons(names, choice))
    return TextChoosing(periods, menus, carried, address, others, said)


def _last(days: int) -> str:
    if days == 365:
        return _("12 months")
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def _said(menus: list[Menu]) -> str:
    """What was chosen, in the words of the menus."""
    chosen = (
        _("%(filter)s: %(value)s") % {"filter": menu.label, "value": name}
        for menu in menus
        for value, name, on in menu.options
        if value and on
    )
    return " · ".join(chosen) or _("All texts")


def _comparisons(views: dict[str, str], choice: TextChoice) -> Menu:
    compared = [
        (MOODS, _("Negative and positive texts")),
        (BEFORE, _("This period and the one before")),
        (REST, _("These texts and all others")),
        (GROUP, _("These texts and another group")),
    ]
    if chosen := choice.narrowed.get("view"):
        compared += [
            (WITH_VIEW + pk, _("With the view “%(view)s”") % {"view": name})
            for pk, name in views.items()
            if pk != chosen
        ]
    return _menu("compare", _("Compare"), compared, choice.compare, "")


def _days(choice: TextChoice) -> Menu:
    """The days of the other group."""
    other = choice.other
    days = [(preset, _last(preset)) for preset in PRESETS]
    chosen = ""
    if other is not None and not other.has_same_days:
        chosen = str(other.choice.preset) if other.choice.preset else "own"
    menu = _menu(f"{OTHER}period", _("Period"), days, chosen, "")
    is_own = chosen == "own"
    menu.options.insert(0, (SAME if is_own else "", _("The same days"), not chosen))
    if other is not None and is_own:  # carried by hidden fields, which any other value outdoes
        menu.options.insert(0, ("", write_days(other.choice.period), True))
    return menu


def _views_of(user: User) -> dict[str, str]:
    saved = SavedView.objects.active().visible_to(user).in_order()
    return {str(view.pk): view.name for view in saved}


def _add_views(
    menus: list[Menu], names: dict[str, str], choice: TextChoice, prefix: str = ""
) -> None:
    if names:
        label, chosen = _("View of the queue"), choice.narrowed.get("view")
        menus.append(_menu(f"{prefix}view", label, names.items(), chosen))


def _filters(user: User, choice: TextChoice, prefix: str = "") -> list[Menu]:
    given = choice.narrowed
    team = choice.choice.team
    chosen_team = str(team.pk) if team else ("none" if choice.choice.is_teamless else "")
    teams = [(str(one.pk), one.name) for one in teams_of(user)]
    sources = [(MESSAGES, _("Messages")), (ANSWERS, _("Answers of surveys"))]
    entries: list[tuple[str, str, Iterable[tuple[Any, Any]]]] = [
        ("category", _("Category"), _named(Category.objects.all())),
        ("channel", _("Channel"), [(one.value, one.label) for one in CUSTOMER_CHANNELS]),
        ("product", _("Product"), _named(Product.objects.all())),
        ("language", _("Language"), LANGUAGES.items()),
        ("mood", pgettext("of a text", "Sentiment"), Mood.choices),
        ("source", pgettext("of a text", "Source"), sources),
    ]
    if user.has_perm(SEES_CUSTOMERS):
        entries += [
            ("tier", _("Tier"), Tier.choices),
            ("customer_tag", _("Tag of the customer"), _named(CustomerTag.objects.all())),
        ]
    menus = [_menu(f"{prefix}team", _("Team"), [*teams, ("none", _("No team"))], chosen_team)]
    menus += [_menu(f"{prefix}{name}", label, of, given.get(name)) for name, label, of in entries]
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
