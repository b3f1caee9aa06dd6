"""The controls of a dashboard: periods, comparison, filters; all of them links or one form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from analytics.selectors.boards.asking import BEFORE, Asking
from analytics.selectors.boards.files import filter_words
from analytics.selectors.choice import PRESETS
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.views.choosing import Chip, Option, write_days
from feedback.enums import CUSTOMER_CHANNELS, JourneyStage, Mood, Priority
from feedback.models import Category, Product
from feedback.selectors.queue_filters import NONE


@dataclass(frozen=True, slots=True)
class Menu:
    """One select: (value, name, whether it is chosen)."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class BoardChoosing:
    """`carried` are hidden fields of the filter form, `days_carried` those of one's own range."""

    periods: list[Option]
    chips: list[Chip]
    menus: list[Menu]
    carried: list[tuple[str, str]]
    days_carried: list[tuple[str, str]]
    compare_url: str
    compares: bool
    days: str


def board_choosing(
    user: User, asking: Asking, address: str, teams: Sequence[Team], today: date
) -> BoardChoosing:
    def url(other: Asking) -> str:
        return f"{address}?{other.query}" if other.query else address

    periods = [
        Option(
            _("12 months")
            if days == 365
            else ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
            url(asking.of_days(days, today)),
            asking.choice.preset == days,
        )
        for days in PRESETS
    ]
    days = write_days(asking.period)
    chips = []
    if not asking.choice.preset:
        chips.append(Chip(_("Period"), days, url(asking.of_days(asking.plan.days, today))))
    for name, texts in asking.texts.items():
        label, words = str(DIMENSIONS[name].label), filter_words(asking, name)
        chips.append(Chip(label, " · ".join(words) or ", ".join(texts), url(asking.without(name))))
    menus = menus_of(asking.texts, teams)
    shown = {menu.name for menu in menus}
    hidden = [(n, text) for n, texts in asking.texts.items() for text in texts]
    compare = [("compare", BEFORE if asking.compares else "")]
    return BoardChoosing(
        periods=periods,
        chips=chips,
        menus=menus,
        carried=[*_days(asking), *compare, *(one for one in hidden if one[0] not in shown)],
        days_carried=[*compare, *hidden],
        compare_url=url(asking.compared(compares=not asking.compares)),
        compares=asking.compares,
        days=days,
    )


def _days(asking: Asking) -> list[tuple[str, str]]:
    if asking.choice.preset:
        return [("period", str(asking.choice.preset))]
    return [("from", str(asking.period.first)), ("to", str(asking.period.last))]


def menus_of(texts: Mapping[str, Sequence[str]], teams: Sequence[Team]) -> list[Menu]:
    """The filters of the form. What has several values is left to a chip."""
    choices: dict[str, list[tuple[Any, Any]]] = {
        "team": [*((one.pk, one.name) for one in teams), (NONE, _("No team"))],
        "branch": [(one.code, one.name) for one in Category.objects.filter(parent=None)],
        "channel": [(one.value, one.label) for one in CUSTOMER_CHANNELS],
        "product": [(one.code, one.name) for one in Product.objects.all()],
        "mood": [(one.value, one.label) for one in Mood],
        "priority": list(Priority.choices),
        "stage": list(JourneyStage.choices),
    }
    menus = []
    for name, offered in choices.items():
        chosen = texts.get(name, ())
        known = {str(value) for value, _words in offered}
        if len(chosen) > 1 or not offered or not known.issuperset(chosen):
            continue
        options = [(str(v), str(words), str(v) in chosen) for v, words in offered]
        label = str(DIMENSIONS[name].label)
        menus.append(Menu(name, label, [("", _("All"), not chosen), *options]))
    return menus
