"""What each kind draws, counted in its SVG."""

import re

import pytest

from analytics.charts.bars import BarChart, bars
from analytics.charts.data import Item, Mark, NameAxis, Series, Unit
from analytics.charts.donut import DonutChart, donut
from analytics.charts.gauge import Gauge, gauge
from analytics.charts.hbars import HBarChart, hbars
from analytics.charts.line import LineChart, line
from analytics.charts.reliability import Level, ReliabilityChart, reliability
from analytics.charts.sparkline import Sparkline, sparkline
from tests.analytics.chart_samples import (
    days,
    links,
    marks,
    months,
    read,
    series,
    texts,
    with_class,
)


def test_each_point_of_a_line_links_to_its_list():
    tree = read(line(LineChart("Volume", days(3), (series(4, 0, 6),))))

    assert links(tree) == [
        ("/feedback/?of=E-mail&at=0", "Fri 20 Nov 2026 · E-mail: 4"),
        ("/feedback/?of=E-mail&at=1", "Sat 21 Nov 2026 · E-mail: 0"),
        ("/feedback/?of=E-mail&at=2", "Sun 22 Nov 2026 · E-mail: 6"),
    ]


def test_points_of_several_lines_share_the_height_between_them():
    both = (series(10, name="a"), series(2, name="b"))
    fields = with_class(read(line(LineChart("Volume", days(1), both))), "chart-hit")

    (upper, lower) = [(float(f.get("y")), float(f.get("height"))) for f in fields]
    assert upper[0] + upper[1] == pytest.approx(lower[0], abs=0.02)
    assert min(upper[1], lower[1]) > 20


def test_a_gap_breaks_the_line():
    strokes = with_class(
        read(line(LineChart("Volume", days(5), (series(1, 2, None, 3, 4),)))), "chart-line"
    )

    assert [one.get("d").count("L") for one in strokes] == [1, 1]


def test_a_single_point_is_a_dot_with_its_number():
    tree = read(line(LineChart("Volume", days(1), (series(7),))))

    assert not with_class(tree, "chart-line")
    assert with_class(tree, "chart-dot")
    assert "7" in [one.text for one in with_class(tree, "chart-value")]


def test_an_unfinished_period_is_dotted_and_says_so():
    tree = read(line(LineChart("Volume", days(3, unfinished=True), (series(4, 5, 1),))))

    dashes = [one.get("stroke-dasharray") for one in with_class(tree, "chart-line")]
    assert dashes == ["1 5", None]
    assert links(tree)[-1][1] == "Sun 22 Nov 2026 (so far) · E-mail: 1"


def test_an_interval_is_a_band_and_part_of_the_tooltip():
    rated = Series("CSAT", (Mark(0.75, "/a", low=0.628, high=0.842, n=60), Mark(0.8, "/b")))
    tree = read(line(LineChart("CSAT", days(2), (rated,), Unit.SHARE, (0, 1))))

    assert len(with_class(tree, "chart-band")) == 1
    assert links(tree)[0][1] == "Sat 21 Nov 2026 · CSAT: 75% (62.8%–84.2%), n = 60"


def test_points_too_thin_to_hit_leave_their_links_to_the_table():
    tree = read(line(LineChart("Volume", days(365), (series(*range(365)),)), width=340))

    assert not links(tree)


def test_several_series_have_a_legend_and_one_has_none():
    one = read(line(LineChart("Volume", days(2), (series(1, 2),))))
    two = read(line(LineChart("Volume", days(2), (series(1, 2), series(2, 1, name="Phone")))))

    assert "E-mail" not in texts(one)
    assert {"E-mail", "Phone"} <= set(texts(two))


def test_nothing_leaves_the_picture_at_any_width():
    chart = LineChart("Volume", days(30), (series(*range(30)), series(*range(30), name="电" * 99)))
    for width in (340, 600, 1040):
        for one in read(line(chart, width=width)).iter():
            if x := one.get("x"):
                assert 0 <= float(x) <= width


def test_each_bar_links_to_its_list_and_wears_its_number():
    tree = read(bars(BarChart("Volume", NameAxis(("Billing", "App")), (series(12, 5),))))

    assert links(tree) == [
        ("/feedback/?of=E-mail&at=0", "Billing · E-mail: 12"),
        ("/feedback/?of=E-mail&at=1", "App · E-mail: 5"),
    ]
    assert {"12", "5", "Billing", "App"} <= set(texts(tree))


def test_a_negative_bar_hangs_below_zero():
    tree = read(bars(BarChart("NPS", days(2), (series(20, -20),), Unit.POINTS)))

    zero = float(next(one for one in with_class(tree, "chart-axis")).get("y1"))
    up, down = [
        [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", one.get("d"))]
        for one in with_class(tree, "chart-bar")
    ]
    assert max(up) == pytest.approx(zero, abs=0.1)
    assert min(down) == pytest.approx(zero, abs=0.1)
    assert {"+20", "−20"} <= set(texts(tree))


def test_a_stack_is_as_high_as_its_sum():
    stack = BarChart("V", days(1), (series(30, name="a"), series(20, name="b")), stacked=True)
    tree = read(bars(stack))

    heights = [float(one.get("height")) for one in with_class(tree, "chart-hit")]
    assert heights[0] / heights[1] == pytest.approx(1.5, abs=0.01)
    assert "50" in texts(tree)
    assert [title for _, title in links(tree)] == [
        "Sun 22 Nov 2026 · a: 30",
        "Sun 22 Nov 2026 · b: 20",
    ]


def test_second_series_has_a_pattern():
    tree = read(bars(BarChart("V", days(1), (series(3), series(2, name="b")))))

    assert [one.get("id") for one in tree.iter() if one.tag.endswith("pattern")] == [
        tree.get("aria-labelledby").replace("-t", "-p1")
    ]


def test_negative_values_cannot_be_stacked():
    with pytest.raises(ValueError, match="cannot be stacked"):
        BarChart("V", days(1), (series(-1),), stacked=True)


def test_long_names_are_shortened_and_keep_their_full_name_as_tooltip():
    long = "最新固件更新之后的产品质量与稳定性问题以及其他许多不幸的事情"
    tree = read(hbars(HBarChart("Categories", (Item(long, Mark(3, "/a")),)), width=480))

    (name,) = with_class(tree, "chart-name")
    assert name.find("{*}title").text == long
    assert texts(tree)[0].endswith("…")
    assert links(tree) == [("/a", f"{long}: 3")]


def test_horizontal_bars_are_as_long_as_their_values():
    items = tuple(Item(str(mark.value), mark) for mark in marks(40, 10, 0))
    tree = read(hbars(HBarChart("Categories", items, of_total=True)))

    widths = [float(one.get("width")) for one in with_class(tree, "chart-bar")]
    assert widths[0] / widths[1] == pytest.approx(4, abs=0.01)
    assert {"40", "80%", "10", "20%", "0", "0%"} <= set(texts(tree))
    assert links(tree)[0] == ("/feedback/?at=0", "40: 40 (80%)")


@pytest.mark.parametrize("width", [340, 600])
def test_value_and_share_do_not_cover_each_other_even_if_they_read_alike(width):
    items = (Item("a", Mark(0.4)), Item("b", Mark(0.6)))
    tree = read(hbars(HBarChart("Parts", items, Unit.SHARE, of_total=True), width=width))

    places = [float(text.get("x")) for text in tree.iter() if text.text == "40%" and text.get("x")]
    assert len(places) == 2
    assert places[1] - places[0] > 25


def test_horizontal_bars_put_names_above_on_a_phone():
    chart = HBarChart("Categories", (Item("Billing", Mark(4)), Item("App", Mark(2))))
    wide, narrow = read(hbars(chart)), read(hbars(chart, width=340))

    def height(tree):
        return float(tree.get("viewBox").split()[3])

    assert height(narrow) > height(wide)
    bar = with_class(narrow, "chart-bar")[0]
    assert (float(bar.get("x")), float(bar.get("width"))) == (0, 340)


def test_an_interval_of_a_category_is_a_whisker():
    items = (Item("Team", Mark(0.8, low=0.7, high=0.9)),)
    tree = read(hbars(HBarChart("CSAT", items, Unit.SHARE, bounds=(0, 1))))

    assert len(with_class(tree, "chart-whisker")) == 1


def test_categories_cannot_be_negative():
    with pytest.raises(ValueError, match="negative"):
        HBarChart("Categories", (Item("a", Mark(-1)),))
    with pytest.raises(ValueError, match="negative"):
        DonutChart("Status", (Item("a", Mark(-1)),))


def test_a_slice_and_its_line_in_the_list_are_one_link():
    items = (Item("New", Mark(30, "/new")), Item("Open", Mark(10, "/open")))
    tree = read(donut(DonutChart("Status", items, centre="open")))

    assert links(tree) == [("/new", "New: 30 (75%)"), ("/open", "Open: 10 (25%)")]
    assert {"40", "open", "New", "30", "75%"} <= set(texts(tree))


def test_a_whole_ring_is_drawn_as_two_circles():
    items = (Item("New", Mark(5)), Item("Open", Mark(0)))
    tree = read(donut(DonutChart("Status", items)))

    (ring,) = [one for one in with_class(tree, "chart-bar") if one.tag.endswith("path")]
    assert ring.get("d").count("A") == 4
    assert ring.get("fill-rule") == "evenodd"


def test_a_sparkline_is_one_link_that_tells_its_course():
    chart = Sparkline("Feedback", days(3), marks(3, 9, 6), href="/feedback/")
    tree = read(sparkline(chart))

    assert links(tree) == [
        (
            "/feedback/",
            "Feedback: Fri 20 Nov 2026 to Sun 22 Nov 2026: from 3 to 6, between 3 and 9.",
        )
    ]


def test_a_level_sparkline_lies_in_the_middle():
    tree = read(sparkline(Sparkline("Feedback", days(3), marks(5, 5, 5)), height=32))

    (stroke,) = with_class(tree, "chart-line")
    assert set(re.findall(r" ([\d.]+)", stroke.get("d"))) == {"16.0"}


def test_a_gauge_shows_value_interval_and_number_of_answers():
    mark = Mark(33.3, "/nps", low=24.9, high=41.1, n=324)
    tree = read(gauge(Gauge("NPS", mark, (-100, 100), Unit.POINTS, origin=0)))

    assert {"+33", "95%: +24.9 to +41.1", "n = 324", "−100", "+100"} <= set(texts(tree))
    assert links(tree) == [("/nps", "NPS: +33.3 (+24.9 to +41.1), n = 324")]


def test_a_gauge_of_few_answers_warns():
    tree = read(gauge(Gauge("CSAT", Mark(0.8, n=7), (0, 1))))

    assert "n = 7: few answers" in texts(tree)


def test_a_gauge_at_its_origin_has_no_arc():
    tree = read(gauge(Gauge("NPS", Mark(0), (-100, 100), Unit.POINTS, origin=0)))

    assert not with_class(tree, "chart-arc")
    assert "0" in texts(tree)


def test_a_gauge_needs_a_scale():
    with pytest.raises(ValueError, match="from low to high"):
        Gauge("NPS", Mark(0), (1, 1))


def test_months_of_a_year_begin_with_the_year():
    tree = read(line(LineChart("Volume", months(12), (series(*range(12)),))))

    assert {"2026", "Feb", "Mar", "Dec"} <= set(texts(tree))


def test_what_is_as_sure_as_it_may_be_lies_on_the_line_from_corner_to_corner():
    levels = (Level(0.5, Mark(0.5, low=0.4, high=0.6, n=100)), Level(0.9, Mark(0.6, n=25)))
    tree = read(reliability(ReliabilityChart("Sure", levels), width=340))

    (diagonal,) = [one for one in with_class(tree, "chart-axis") if one.get("stroke-dasharray")]
    x1, y1, x2, y2 = (float(diagonal.get(name)) for name in ("x1", "y1", "x2", "y2"))
    on, below = [(float(d.get("cx")), float(d.get("cy"))) for d in with_class(tree, "chart-dot")]
    assert on == pytest.approx(((x1 + x2) / 2, (y1 + y2) / 2))
    assert below[1] > y1 + (below[0] - x1) / (x2 - x1) * (y2 - y1)  # it is too sure of itself
    large, small = [float(one.get("r")) for one in with_class(tree, "chart-dot")]
    assert large == 2 * small  # the area counts decisions
    assert "90% sure, 60% right" in texts(tree)[0] + (tree.findtext(".//{*}desc") or "")


def test_without_decisions_the_diagram_of_reliability_says_so():
    tree = read(reliability(ReliabilityChart("Sure", ()), width=340))

    assert "No data for this choice" in texts(tree)
