"""Everything that a report can say about a time, gathered as somebody may see the records. In the
active language, which is that of the report."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.enums import Tier
from accounts.models import User
from analytics.metrics.csat import Csat
from analytics.metrics.intervals import wilson
from analytics.metrics.satisfaction import Dimension
from analytics.metrics.trend import Change, compare_shares
from analytics.rules.report.charts_in_json import chart_in_json
from analytics.rules.report.material import (
    Cell,
    Entry,
    Figure,
    Material,
    Quantity,
    Ranking,
    Table,
    count_direction,
    share_figure,
)
from analytics.rules.report.values import count, write
from analytics.selectors.choice import Choice, read_choice, teams_of
from analytics.selectors.dashboard import (
    PeriodFigures,
    Timing,
    figures_of_period,
    records_of,
)
from analytics.selectors.dashboard_charts import dashboard_charts
from analytics.selectors.four import Rated, four_satisfactions
from analytics.selectors.report_improvement import improved_in
from analytics.selectors.report_metrics import measured_in
from analytics.selectors.report_surveys import Asked, asked_in
from analytics.selectors.report_texts import said_in
from analytics.selectors.window import Window, today
from feedback.selectors.queue import queue_url

Found = tuple[list[Figure], list[Ranking], list[Table], dict[str, Any]]
MOST = 12  # entries that are kept of a ranking


@dataclass(frozen=True, slots=True)
class _Wanted:
    user: User
    query: dict[str, list[str]]
    choice: Choice
    now: datetime

    @property
    def window(self) -> Window:
        return Window(self.choice.period, self.now)


def gather(user: User, query: dict[str, list[str]], now: datetime) -> Material:
    """What `query` (parameters of the dashboard's address) is about. Raises FilterNotKnown for a
    team that `user` does not see."""
    choice = read_choice(query, teams=teams_of(user), today=today(now))
    wanted = _Wanted(user, query, choice, now)
    found = [_of_dashboard(wanted), _of_customers(wanted), _of_surveys(wanted)]
    found.append(said_in(user, query, now))
    found.append(measured_in(user, choice, now))
    found.append(improved_in(user, choice, wanted.window))
    charts: dict[str, Any] = {}
    for one in found:
        charts |= {key: chart_in_json(chart) for key, chart in one[3].items()}
    return Material(
        {figure.key: figure for one in found for figure in one[0]},
        {ranking.key: ranking for one in found for ranking in one[1]},
        {table.key: table for one in found for table in one[2]},
        charts,
    )


def _of_dashboard(wanted: _Wanted) -> Found:
    figures = figures_of_period(wanted.user, wanted.choice, wanted.now)
    charts = dashboard_charts(figures)
    drawn: dict[str, Any] = {"volume": charts.volume, "categories": charts.categories}
    if figures.ratings.whole.n:
        drawn["satisfaction"] = charts.satisfaction
    if figures.first_response.whole.n:
        drawn["response"] = charts.response
    if any(one.csat.n for one in figures.four.values()):
        drawn["four"] = charts.four
    numbers = [*_numbers(figures), *_four(wanted, figures)]
    return numbers, [_channels(wanted, figures), _categories(figures)], [], drawn


def _numbers(figures: PeriodFigures) -> list[Figure]:
    volume, ratings = figures.volume, figures.ratings
    received, reopened = volume.received, volume.reopened
    direction = count_direction(volume.before, received.count, volume.per_bucket)
    return [
        Figure(
            "received",
            _("Received"),
            Quantity.COUNT,
            received.count,
            received.count,
            before=volume.before or None,
            direction=direction,
            url=received.url,
        ),
        _time("first_response", _("Time to the first answer"), figures.first_response),
        _time("resolution", _("Time to the solution"), figures.resolution),
        share_figure(
            "reopened",
            _("Reopened"),
            wilson(reopened.hits.count, reopened.n),
            reopened.change,
            url=reopened.hits.url,
        ),
        share_figure(
            "csat", _("Satisfied customers"), ratings.whole.share, ratings.change, url=ratings.url
        ),
    ]


def _four(wanted: _Wanted, figures: PeriodFigures) -> list[Figure]:
    """The four satisfactions, compared where the period is over."""
    labels = {
        Dimension.OVERALL: _("Overall satisfaction"),
        Dimension.FUNCTIONAL: _("Functional satisfaction"),
        Dimension.SERVICE: _("Service satisfaction"),
        Dimension.EMOTIONAL: _("Emotional satisfaction"),
    }
    asked = [one for one in Dimension if figures.four[one].csat.n]
    before = _four_before(wanted) if asked and not figures.is_running else {}
    return [
        share_figure(
            one.value,
            labels[one],
            figures.four[one].csat.share,
            _compared(before[one].csat, figures.four[one].csat) if one in before else None,
            url=figures.four[one].url,
        )
        for one in asked
    ]


def _four_before(wanted: _Wanted) -> dict[Dimension, Rated]:
    period = wanted.choice.period.before
    choice = replace(wanted.choice, period=period, preset=0)
    return four_satisfactions(wanted.user, choice, Window(period, wanted.now))


def _compared(before: Csat, after: Csat) -> Change | None:
    return compare_shares(
        hits_before=before.satisfied,
        n_before=before.n,
        hits_after=after.satisfied,
        n_after=after.n,
    )


def _time(key: str, label: str, timing: Timing) -> Figure:
    whole, before = timing.whole, timing.before
    return Figure(
        key,
        label,
        Quantity.SECONDS,
        whole.median,
        whole.n,
        second=whole.p90,
        before=before.median,
        second_before=before.p90,
        n_before=before.n,
        url=timing.url,
    )


def _channels(wanted: _Wanted, figures: PeriodFigures) -> Ranking:
    days = {"received_from": wanted.choice.period.first, "received_to": wanted.choice.period.last}
    total = figures.volume.received.count
    entries = []
    for one in figures.volume.channels:
        if one.is_rest:
            continue
        n = sum(part.count for part in one.parts)
        url = queue_url(**days, channel=one.channels, **wanted.choice.in_queue)
        entries.append(Entry(str(one.channels[0].label), n, n / max(total, 1), url))
    return Ranking("channels", pgettext("ways it came", "Channels"), total, tuple(entries))


def _categories(figures: PeriodFigures) -> Ranking:
    total = figures.volume.received.count
    entries, nameless = [], 0
    for one in figures.categories:
        if one.category is None:
            nameless = one.received.count
            continue
        n = one.received.count
        entries.append(Entry(one.category.name, n, n / max(total, 1), one.received.url))
    return Ranking("categories", _("Categories"), total, tuple(entries[:MOST]), nameless)


def _of_customers(wanted: _Wanted) -> Found:
    """Who wrote: key customers and the others, and in which language."""
    window = wanted.window
    rows = (
        records_of(wanted.user, wanted.choice)
        .of_customers()
        .filter(window.inside("received_at"))
        .order_by()
        .values_list("customer__tier")
        .annotate(records=Count("*"), people=Count("customer", distinct=True))
    )
    found = Counter({row[0]: row[1] for row in rows})
    people = {row[0]: row[2] for row in rows}
    total = sum(found.values())
    if not total:
        return [], [], [], {}
    days = {"received_from": wanted.choice.period.first, "received_to": wanted.choice.period.last}
    cells = []
    for tier in Tier:
        url = queue_url(**days, tier=tier, **wanted.choice.in_queue) if found[tier.value] else ""
        cells.append(
            (
                Cell(str(tier.label)),
                Cell(count(people.get(tier.value, 0))),
                Cell(count(found[tier.value]), url),
                Cell(write(found[tier.value] / total, Quantity.SHARE)),
            )
        )
    header = (_("Customers"), _("People"), _("Records"), _("Share"))
    table = Table("customers", _("Who told us"), header, tuple(cells))
    return [], [], [table], {}


def _of_surveys(wanted: _Wanted) -> Found:
    asked = asked_in(wanted.user, wanted.choice, wanted.window)
    if not asked.responses:
        return [], [], [], {}
    numbers = [
        Figure(
            "responses",
            _("Answers to surveys"),
            Quantity.COUNT,
            asked.responses,
            asked.responses,
            before=asked.responses_before or None,
            direction=count_direction(asked.responses_before, asked.responses, asked.per_bucket),
        )
    ]
    if asked.nps.score is not None:
        change = asked.nps_change
        score = asked.nps.score
        numbers.append(
            Figure(
                "nps",
                _("Net promoter score"),
                Quantity.POINTS,
                score.value,
                score.n,
                score.low,
                score.high,
                before=None if change is None else score.value - change.difference,
                n_before=0 if change is None else change.n_before,
                direction="" if change is None else change.direction.value,
            )
        )
    return numbers, [], [_surveys(asked)], {}


def _surveys(asked: Asked) -> Table:
    header = (
        _("Survey"),
        _("Answers"),
        _("Satisfied"),
        _("Net promoter score"),
    )
    rows = tuple(
        (
            Cell(one.title),
            Cell(count(one.responses), one.url),
            Cell(_share(one.csat.share.value if one.csat.share else None)),
            Cell(write(one.nps.score.value if one.nps.score else None, Quantity.POINTS)),
        )
        for one in asked.surveys[:MOST]
    )
    return Table("surveys", _("Surveys in this period"), header, rows)


def _share(value: float | None) -> str:
    return write(value, Quantity.SHARE)
