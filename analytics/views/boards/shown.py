"""What templates get of a dashboard's tiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from analytics.charts.figure import figure as drawn
from analytics.charts.table import table
from analytics.enums import TileChart, TileSize
from analytics.metrics.catalogue.metric import Metric
from analytics.models import Alert
from analytics.rules.tiles import OVER_TIME, TilePlan
from analytics.selectors.alerts.on_boards import alerts_about
from analytics.selectors.alerts.wording import sentence_of, subject_of
from analytics.selectors.boards.asking import Asking
from analytics.selectors.boards.drawing import chart_of, spark_of
from analytics.selectors.boards.figures import TileFigure, figures_of, filters_of
from analytics.selectors.boards.finding import notes_between
from analytics.selectors.boards.headline import Headline, headline_of
from config.kernel.punctuation import labelled

# Where the one number says what the picture does not.
_WITH_HEADLINE = {TileChart.NUMBER, TileChart.LINE, TileChart.COLUMNS}


@dataclass(frozen=True)
class ShownTile:
    plan: TilePlan
    metric: Metric | None
    title: str
    problem: str
    headline: Headline | None = None
    picture: SafeString | str = ""
    url: str = ""
    # What was out of the ordinary, in words, with its page.
    alerts: Sequence[tuple[str, str]] = ()

    @property
    def is_number(self) -> bool:
        return self.plan.chart == TileChart.NUMBER


def figures_on(
    user: User, plans: Sequence[TilePlan], asking: Asking, now: datetime
) -> list[TileFigure]:
    """With what happened within the period."""
    notes = notes_between(user, asking.period.first, asking.period.last)
    return figures_of(user, plans, asking, now, notes)


def shown_tiles(
    figures: Sequence[TileFigure], asking: Asking, alerts: Sequence[Alert] = ()
) -> list[ShownTile]:
    """With the alerts about each, of those that are given."""
    return [shown_tile(one, asking, alerts) for one in figures]


def shown_tile(figure: TileFigure, asking: Asking, alerts: Sequence[Alert] = ()) -> ShownTile:
    plan = figure.plan
    url = reverse("analytics:board_tile", args=[asking.plan.key, plan.key])
    if asking.query:
        url = f"{url}?{asking.query}"
    headline = headline_of(figure) if plan.chart in _WITH_HEADLINE else None
    return ShownTile(
        plan=plan,
        metric=figure.metric,
        title=figure.title,
        problem=figure.problem,
        headline=headline,
        picture="" if figure.problem else picture_of(figure),
        url=url,
        alerts=_alerts(figure, asking, alerts),
    )


def _alerts(figure: TileFigure, asking: Asking, alerts: Sequence[Alert]) -> list[tuple[str, str]]:
    """Beside what shows days: a number alone has no place for them."""
    plan = figure.plan
    if figure.metric is None or plan.chart not in OVER_TIME or plan.chart == TileChart.NUMBER:
        return []
    found = alerts_about(alerts, figure.metric.key, filters_of(plan, asking))
    return [(_words(one), one.get_absolute_url()) for one in found]


def _words(alert: Alert) -> str:
    """What it counts is said where that is not the figure of the tile."""
    sentence = sentence_of(alert)
    return sentence if alert.metric else labelled(subject_of(alert.kind, ""), sentence)


def picture_of(figure: TileFigure) -> SafeString | str:
    """The chart as it stands on a dashboard."""
    plan = figure.plan
    if plan.chart == TileChart.NUMBER:
        spark = spark_of(figure)
        return drawn(spark) if spark else ""
    chart = chart_of(figure)
    if chart is None:
        return ""
    if plan.chart == TileChart.TABLE:
        return table(chart)
    return drawn(chart, wide=plan.size == TileSize.WIDE)
