"""What a page puts in: the picture for each width of its place, and its table."""

from collections.abc import Callable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.bars import BarChart, bars
from analytics.charts.donut import DonutChart, donut
from analytics.charts.funnel import FunnelChart, funnel
from analytics.charts.gauge import Gauge, gauge
from analytics.charts.hbars import HBarChart, hbars
from analytics.charts.heatmap import Heatmap, heatmap
from analytics.charts.ishikawa import Ishikawa, ishikawa
from analytics.charts.line import LineChart, line
from analytics.charts.matrix import Matrix, matrix
from analytics.charts.pareto import ParetoChart, pareto
from analytics.charts.reliability import ReliabilityChart, reliability
from analytics.charts.sparkline import Sparkline, sparkline
from analytics.charts.table import Chart, table
from analytics.charts.tornado import TornadoChart, tornado

# Width and height in user units. The style sheet shows the one that fits its container, so that
# letters keep their size and labels are thinned for the room there really is.
VARIANTS = {"narrow": (340, 210), "medium": (600, 240), "wide": (1040, 280)}

_DRAWN_BY: dict[type[Chart], Callable[..., SafeString]] = {
    LineChart: line,
    BarChart: bars,
    HBarChart: hbars,
    DonutChart: donut,
    ParetoChart: pareto,
    Ishikawa: ishikawa,
    Matrix: matrix,
    Heatmap: heatmap,
    FunnelChart: funnel,
    TornadoChart: tornado,
    ReliabilityChart: reliability,
    Sparkline: sparkline,
    Gauge: gauge,
}


def figure(chart: Chart, *, wide: bool = False) -> SafeString:
    """A <figure> for a page. Set `wide` where the place may be wider than 820 px.

    Sparklines and gauges come in one size, with their table for screen readers only.
    """
    if isinstance(chart, Sparkline | Gauge):
        picture = sparkline(chart) if isinstance(chart, Sparkline) else gauge(chart)
        kind = "spark" if isinstance(chart, Sparkline) else "gauge"
        return format_html(
            '<div class="chart-figure chart-{}">{}{}</div>',
            kind,
            picture,
            table(chart, hidden=True),
        )
    names = [name for name in VARIANTS if wide or name != "wide"]
    return format_html(
        '<figure class="chart-figure{}">{}'
        '<details class="chart-details"><summary>{}</summary>'
        '<div class="chart-scroll">{}</div></details></figure>',
        " chart-has-wide" if wide else "",
        format_html_join(
            "",
            '<div class="chart-variant chart-{}">{}</div>',
            ((name, svg(chart, *VARIANTS[name])) for name in names),
        ),
        _("Show as table"),
        table(chart),
    )


def svg(
    chart: Chart, width: float = 600, height: float = 240, *, standalone: bool = False
) -> SafeString:
    """Any chart as SVG. Charts that know their own size take what they need of the two."""
    if isinstance(chart, LineChart | BarChart):
        size = {"width": width, "height": height}
    else:
        size = {} if isinstance(chart, Sparkline | Gauge) else {"width": width}
    return _DRAWN_BY[type(chart)](chart, **size, standalone=standalone)
