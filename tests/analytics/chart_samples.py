"""Charts to look at, and a reader of what was drawn."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

from analytics.charts.bars import BarChart
from analytics.charts.context import Goal, Note
from analytics.charts.data import Item, Mark, NameAxis, Series, Step, TimeAxis, Unit
from analytics.charts.donut import DonutChart
from analytics.charts.field import Dot, Ruler
from analytics.charts.funnel import FunnelChart
from analytics.charts.gauge import Gauge
from analytics.charts.hbars import HBarChart
from analytics.charts.heatmap import Heatmap
from analytics.charts.ishikawa import Ishikawa
from analytics.charts.line import LineChart
from analytics.charts.matrix import Matrix
from analytics.charts.pareto import ParetoChart
from analytics.charts.reliability import Level, ReliabilityChart
from analytics.charts.sparkline import Sparkline
from analytics.charts.tornado import Swing, TornadoChart
from analytics.metrics.pareto import pareto

HOSTILE = '</text><script>alert("x")</script>&\x00\u202e\ud800'
SVG = "{http://www.w3.org/2000/svg}"


def days(count, last=date(2026, 11, 22), *, unfinished=False):
    first = last - timedelta(days=count - 1)
    return TimeAxis(
        tuple(first + timedelta(days=i) for i in range(count)), Step.DAY, unfinished=unfinished
    )


def weeks(count, last=date(2026, 11, 16)):
    return TimeAxis(tuple(last - timedelta(weeks=count - 1 - i) for i in range(count)), Step.WEEK)


def months(count, year=2026, month=1):
    start = year * 12 + month - 1
    return TimeAxis(
        tuple(date((start + i) // 12, (start + i) % 12 + 1, 1) for i in range(count)), Step.MONTH
    )


def marks(*values, path="/feedback/?at="):
    return tuple(Mark(value, f"{path}{index}") for index, value in enumerate(values))


def series(*values, name="E-mail", **rest):
    return Series(name, marks(*values, path=f"/feedback/?of={name}&at="), **rest)


def causes(name, *amounts):
    """What the metric finds, the first cause being called `name`."""
    return tuple(pareto({f"{name}{index or ''}": one for index, one in enumerate(amounts)}))


def every_kind(name="E-mail"):
    """One chart of each kind, its texts being `name`, each mark with a link."""
    items = tuple(Item(name, mark) for mark in marks(5, 3, 0))
    axis = days(3)
    return [
        LineChart(name, axis, (series(1, 2, 3, name=name), series(3, None, 1, name=name + "2"))),
        BarChart(name, axis, (series(1, 2, 3, name=name),)),
        BarChart(name, NameAxis((name, "b", "c")), (series(1, -2, 3, name=name),)),
        BarChart(
            name, axis, (series(1, 2, 3, name=name), series(3, 4, 1, name="b")), stacked=True
        ),
        HBarChart(name, items, of_total=True),
        DonutChart(name, items),
        LineChart(
            name,
            axis,
            (series(1, 9, 3, name=name),),
            expected=(Mark(2, low=0, high=4),) * 3,
            goal=Goal(5, name),
            notes=(Note(axis.dates[1], name, "/feedback/?at=1"),),
        ),
        BarChart(name, axis, (series(1, 2, 0, name=name), series(3, 4, 0)), of_total=True),
        Heatmap(name, (name,), ("a", name), (marks(4, None),)),
        Heatmap(name, (name,), ("a", name), (marks(4, 2),), residuals=((2.5, -0.3),)),
        FunnelChart(name, items),
        TornadoChart(name, 10, (Swing(name, 5, None, "/feedback/"), Swing("b", -2, 30))),
        ParetoChart(name, causes(name, 5, 3, 1), ("/feedback/?at=0", "/feedback/?at=1", "")),
        Ishikawa(name, ((name, (name, items[0])), ("b", ()), ("c", (name,)))),
        Matrix(
            name,
            (Dot(name, 2, 0.4, "/feedback/?at=0"), Dot("b", None, 1, "/feedback/?at=1")),
            Ruler(name),
            Ruler("b", Unit.SHARE),
        ),
        ReliabilityChart(name, (Level(0.5, Mark(0.4, "/feedback/", low=0.3, high=0.5, n=40)),)),
        Sparkline(name, axis, marks(1, 2, 3), href="/feedback/"),
        Gauge(name, Mark(0.75, "/feedback/", low=0.6, high=0.9, n=20), (0, 1)),
    ]


def without_values():
    """The same kinds with nothing to show."""
    nothing = Mark(None, "/feedback/")
    gaps = (Series("E-mail", (nothing,) * 3),)
    return [
        LineChart("Empty", days(3), gaps),
        LineChart("Empty", days(0), ()),
        BarChart("Empty", days(3), gaps),
        BarChart("Empty", NameAxis(()), ()),
        BarChart("Empty", days(3), gaps, stacked=True),
        HBarChart("Empty", ()),
        HBarChart("Empty", (Item("a", nothing),)),
        DonutChart("Empty", ()),
        DonutChart("Empty", (Item("a", Mark(0)),)),
        Heatmap("Empty", (), (), ()),
        Heatmap("Empty", ("a",), ("b",), ((nothing,),)),
        FunnelChart("Empty", ()),
        FunnelChart("Empty", (Item("a", Mark(0)), Item("b", nothing))),
        TornadoChart("Empty", 1, ()),
        TornadoChart("Empty", float("nan"), (Swing("a", 1, 2),)),
        ParetoChart("Empty", ()),
        Ishikawa("Empty", ()),
        Matrix("Empty", (), Ruler("a"), Ruler("b")),
        Matrix("Empty", (Dot("a", None, float("nan")),), Ruler("a"), Ruler("b")),
        Sparkline("Empty", days(3), (nothing,) * 3),
        Gauge("Empty", nothing, (-100, 100), Unit.POINTS),
    ]


def read(svg):
    """The picture as a tree; fails on anything that is not well-formed XML."""
    return ET.fromstring(svg)  # noqa: S314 - our own output


def links(tree):
    """(href, tooltip) of every link in order."""
    return [(a.get("href"), a.find(f"{SVG}title").text) for a in tree.iter(f"{SVG}a")]


def texts(tree):
    """All visible lines of text, without the tooltips of shortened ones."""
    return [
        (text.text or "") + "".join(child.tail or "" for child in text)
        for text in tree.iter(f"{SVG}text")
    ]


def with_class(tree, name):
    return [one for one in tree.iter() if name in (one.get("class") or "").split()]
