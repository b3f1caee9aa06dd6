"""The controls of a table: one form for what it shows, the days and filters of dashboards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from analytics.metrics.catalogue.metrics import METRICS
from analytics.selectors.choice import teams_of
from analytics.selectors.cross.asking import LEASTS, MOSTS, CrossAsking
from analytics.selectors.cross.offered import surveys_offered
from analytics.selectors.crosstab import LEVELS
from analytics.selectors.window import today
from analytics.views.boards.choosing import BoardChoosing, Menu, board_choosing
from analytics.views.choosing import Chip, Option
from feedback.selectors.further_filters import SEES_CUSTOMERS

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Grouped:
    """A select with parts: (label, [(value, words, chosen)])."""

    name: str
    label: str
    groups: list[tuple[str, list[tuple[str, str, bool]]]]
    none: str = ""
    is_none: bool = False


@dataclass(frozen=True)
class Controls:
    """`kept` are hidden fields of the form: days and filters."""

    sides: list[Grouped]
    metric: Menu
    survey: Menu | None
    more: list[Menu]
    checks: list[tuple[str, str, bool]]
    kept: list[tuple[str, str]]
    choosing: BoardChoosing
    swap_url: str


def controls_of(user: User, asking: CrossAsking, address: str) -> Controls:
    now = timezone.now()
    groups = asking.offered.groups()
    sides = []
    for place, label in (
        ("rows", _("Rows")),
        ("columns", _("Columns")),
        ("layers", pgettext("of a table", "Layers")),
    ):
        chosen = asking.given[place]
        parts = [
            (str(one.label), [(name, words, name == chosen) for name, words in one.choices])
            for one in groups
        ]
        known = {name for one in groups for name, _words in one.choices}
        if chosen and chosen not in known:  # of another survey than the one that is chosen
            at = ("rows", "columns", "layers").index(place)
            words = str(asking.dimensions[at].label)
            parts.append((_("Answers to the survey"), [(chosen, words, True)]))
        none = _("none") if place == "layers" else ""
        sides.append(Grouped(place, label, parts, none, not chosen))
    surveys = [(str(one.slug), one.title) for one in surveys_offered(user)]
    base = board_choosing(user, asking.base, address, teams_of(user), today(now))
    return Controls(
        sides=sides,
        metric=_menu(asking, "metric", _("Figure"), _metrics()),
        survey=_menu(asking, "answers", _("Answers of"), [("", _("no survey")), *surveys])
        if surveys
        else None,
        more=_more(user, asking),
        checks=[
            ("bonferroni", _("Bonferroni"), asking.bonferroni),
            ("known", _("Leave out what is without any"), asking.only_known),
        ],
        kept=_kept(asking),
        choosing=_with_own(base, asking),
        swap_url=f"{address}?{asking.swapped().query}",
    )


def _metrics() -> Choices:
    return [(one.key, str(one.name)) for one in METRICS.values()]


def _more(user: User, asking: CrossAsking) -> list[Menu]:
    shows: Choices = [
        ("count", _("Number of records")),
        ("rows", _("Shares of each row")),
        ("columns", _("Shares of each column")),
        ("all", _("Shares of the whole")),
    ]
    charts: Choices = [("heat", _("Heat map")), ("stacks", _("Stacked bars"))]
    found = []
    if asking.is_counted:
        found += [
            _menu(asking, "show", _("Cells"), shows),
            _menu(asking, "chart", _("Chart"), charts),
        ]
    may_see_all = user.has_perm(SEES_CUSTOMERS)
    leasts = [
        (str(one), _("none") if not one else _("fewer than %(n)s") % {"n": one})
        for one in LEASTS
        if may_see_all or one >= asking.least or one >= 5
    ]
    orders: Choices = [("size", _("Largest first")), ("name", _("By name"))]
    mosts = [
        (str(one), ngettext("%(n)d group", "%(n)d groups", one) % {"n": one}) for one in MOSTS
    ]
    return [
        *found,
        _menu(asking, "order", _("Order"), orders),
        _menu(asking, "most", _("At most"), mosts),
        _menu(asking, "least", _("Hide cells"), leasts),
        _menu(asking, "level", _("Confidence"), [(str(one), f"{one}%") for one in LEVELS]),
    ]


def _menu(asking: CrossAsking, name: str, label: str, choices: Choices) -> Menu:
    chosen = asking.given[name]
    return Menu(name, label, [(value, words, value == chosen) for value, words in choices])


def _kept(asking: CrossAsking) -> list[tuple[str, str]]:
    base: list[tuple[str, Any]] = []
    if asking.base.choice.preset:
        base.append(("period", asking.base.choice.preset))
    else:
        period = asking.base.period
        base += [("from", period.first), ("to", period.last)]
    base += [(name, text) for name, texts in asking.base.texts.items() for text in texts]
    return [(name, str(value)) for name, value in base]


def _with_own(choosing: BoardChoosing, asking: CrossAsking) -> BoardChoosing:
    """Every link and form of the days and filters keeps what the table shows."""
    own = asking.own

    def url(there: str) -> str:
        if not own:
            return there
        return f"{there}{'&' if '?' in there else '?'}{urlencode(own)}"

    return replace(
        choosing,
        periods=[Option(one.label, url(one.url), one.is_current) for one in choosing.periods],
        chips=[Chip(one.name, one.words, url(one.without_url)) for one in choosing.chips],
        carried=[*choosing.carried, *own],
        days_carried=[*choosing.days_carried, *own],
        compare_url="",
    )
