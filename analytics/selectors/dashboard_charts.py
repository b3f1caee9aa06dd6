"""The dashboard's numbers as charts, whose marks lead to the lists they count."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.charts.bars import BarChart
from analytics.charts.data import Item, Mark, Series, TimeAxis, Unit
from analytics.charts.hbars import HBarChart
from analytics.charts.line import LineChart
from analytics.metrics.csat import Csat
from analytics.metrics.satisfaction import Dimension
from analytics.selectors.dashboard import Counted, Cut, PeriodFigures, Ratings, Timing

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class DashboardCharts:
    """In the order of the page."""

    volume: BarChart
    satisfaction: LineChart
    response: LineChart
    categories: HBarChart
    four: HBarChart


def dashboard_charts(figures: PeriodFigures) -> DashboardCharts:
    return DashboardCharts(
        volume=BarChart(
            _("Received, by channel"),
            _axis(figures.cut, figures),
            tuple(
                Series(
                    _("Other channels") if one.is_rest else str(one.channels[0].label),
                    tuple(_counted(part) for part in one.parts),
                )
                for one in figures.volume.channels
            ),
            stacked=True,
        ),
        satisfaction=LineChart(
            _("Customer satisfaction over time"),
            _axis(figures.ratings.cut, figures),
            (
                Series(
                    _("Satisfied customers"),
                    tuple(_share(one, url) for one, url in figures.ratings.parts),
                ),
            ),
            unit=Unit.SHARE,
            bounds=_upper_part(figures.ratings),
        ),
        response=LineChart(
            _("Time to the first answer"),
            _axis(figures.cut, figures),
            _times(figures.first_response),
            unit=Unit.HOURS,
        ),
        categories=HBarChart(
            _("Received, by category"),
            tuple(
                Item(
                    one.category.name if one.category else _("No category"), _counted(one.received)
                )
                for one in figures.categories
            ),
            of_total=True,
        ),
        four=HBarChart(
            _("The four satisfactions"),
            tuple(
                Item(name, _share(figures.four[dimension].csat, figures.four[dimension].url))
                for dimension, name in dimension_names().items()
            ),
            unit=Unit.SHARE,
            bounds=(0, 1),
        ),
    )


def dimension_names() -> dict[Dimension, str]:
    return {
        Dimension.OVERALL: pgettext("satisfaction with", "Everything"),
        Dimension.FUNCTIONAL: pgettext("satisfaction with", "Product and function"),
        Dimension.SERVICE: pgettext("satisfaction with", "Service"),
        Dimension.EMOTIONAL: pgettext("satisfaction with", "The feeling"),
    }


def _axis(cut: Cut, figures: PeriodFigures) -> TimeAxis:
    return TimeAxis(
        dates=tuple(one.first for one in cut.buckets),
        step=cut.step,
        unfinished=figures.is_running,
        ends=tuple(one.last for one in cut.buckets),
    )


def _counted(one: Counted) -> Mark:
    return Mark(one.count, one.url if one.count else "")


def _share(one: Csat, url: str) -> Mark:
    if one.share is None:
        return Mark(None)
    return Mark(one.share.value, url, low=one.share.low, high=one.share.high, n=one.n)


def _upper_part(ratings: Ratings) -> tuple[float, float]:
    """The axis of satisfaction: from 0 or, where nothing is lower, from half."""
    lows = [one.share.low for one, _url in ratings.parts if one.share is not None]
    return (0.5 if min(lows, default=0) >= 0.5 else 0.0), 1.0


def _times(timing: Timing) -> tuple[Series, ...]:
    median, p90 = [], []
    for one, url in timing.parts:
        link = url if one.n else ""
        median.append(Mark(_hours(one.median), link, n=one.n))
        p90.append(Mark(_hours(one.p90), link, n=one.n))
    return (
        Series(_("Half of them within"), tuple(median)),
        Series(_("Nine of ten within"), tuple(p90)),
    )


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / _HOUR, 2)
