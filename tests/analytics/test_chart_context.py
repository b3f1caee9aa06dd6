"""Lines in their context, and the kinds that came with dashboards."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.charts.bars import BarChart, bars
from analytics.charts.context import Goal, Note
from analytics.charts.data import Item, Mark, Series, Unit
from analytics.charts.funnel import FunnelChart, funnel
from analytics.charts.heatmap import Heatmap, heatmap
from analytics.charts.line import LineChart, line
from analytics.charts.table import table, table_of
from analytics.charts.tornado import Swing, TornadoChart, tornado
from tests.analytics.chart_samples import days, links, marks, read, series, texts, with_class


def test_a_point_outside_what_was_expected_is_ringed_and_says_so():
    expected = (Mark(5, low=3, high=8),) * 3
    chart = LineChart("Volume", days(3), (series(4, 20, 1),), expected=expected)
    tree = read(line(chart))

    assert len(with_class(tree, "chart-whisker")) == 2
    assert [title.partition("E-mail: ")[2] for _href, title in links(tree)] == [
        "4",
        "20 (above what was expected)",
        "1 (below what was expected)",
    ]
    assert "Expected range" in texts(tree)
    assert table(chart).count("<td>3–8</td>") == 3


def test_what_was_expected_may_have_gaps_but_not_another_length():
    gaps = (Mark(None), Mark(5, low=3, high=8), Mark(5, low=3))
    chart = LineChart("Volume", days(3), (series(4, 5, 6),), expected=gaps)

    assert len(with_class(read(line(chart)), "chart-band")) == 1 + 1  # and the legend
    with pytest.raises(ValueError, match="2 marks for 3"):
        replace(chart, expected=gaps[:2])


def test_notes_fly_their_flag_over_their_day_and_link_to_their_page():
    release, campaign = (
        Note(date(2026, 11, 20), "Release", "/notes/1"),
        Note(date(2026, 11, 20), "Campaign", "/notes/2"),
    )
    elsewhere = Note(date(2025, 1, 1), "Long ago", "/notes/3")
    chart = LineChart(
        "Volume", days(30), (series(*range(30)),), notes=(release, campaign, elsewhere)
    )
    tree = read(line(chart))

    assert links(tree)[:2] == [
        ("/notes/2", "Fri 20 Nov 2026: Campaign"),
        ("/notes/1", "Fri 20 Nov 2026: Release"),
    ]
    assert "/notes/3" not in str(links(tree))
    assert "Release, Campaign" in table(chart)


def test_a_note_leads_to_a_page_only():
    with pytest.raises(ValueError, match="cannot link"):
        Note(date(2026, 1, 1), "x", "javascript:alert(1)")


def test_the_moment_of_a_measure_parts_the_periods():
    before = LineChart("V", days(10), (series(*range(10)),))
    moment = Note(days(10).dates[5], "Measure", is_moment=True)
    tree = read(line(replace(before, notes=(moment,))))

    (upright,) = [one for one in with_class(tree, "chart-series-5") if one.tag.endswith("line")]
    fields = with_class(tree, "chart-hit")
    assert float(upright.get("x1")) == pytest.approx(float(fields[6].get("x")), abs=0.1)


def test_a_goal_is_in_sight_and_in_the_legend():
    tree = read(line(LineChart("V", days(3), (series(1, 2, 3),), goal=Goal(50))))

    assert "Goal: 50" in texts(tree)
    goal = [one for one in with_class(tree, "chart-tone-good") if one.tag.endswith("line")]
    assert all(float(one.get("y1")) > 0 for one in goal)


def test_a_quiet_series_is_dashed_and_grey_and_still_links():
    before = Series("Before", marks(2, 1, 2, path="/before/"), is_quiet=True)
    tree = read(line(LineChart("V", days(3), (series(1, 2, 3), before))))

    grey = [one for one in with_class(tree, "chart-tone-neutral") if one.get("stroke-dasharray")]
    assert len(grey) == 2  # in the legend and in the plot
    assert ("/before/0", "Fri 20 Nov 2026 · Before: 2") in links(tree)


def test_a_stack_in_percent_is_as_high_as_any_other():
    chart = BarChart(
        "V", days(2), (series(30, 1, name="a"), series(10, 0, name="b")), of_total=True
    )
    tree = read(bars(chart))

    assert [title.partition("· ")[2] for _href, title in links(tree)] == [
        "a: 75%, n = 30",
        "b: 25%, n = 10",
        "a: 100%, n = 1",
    ]
    assert "100%" in texts(tree)
    assert "75%, n = 30" in table(chart)


def heat(**rest):
    cells = ((Mark(40, "/a"), Mark(10, "/b")), (Mark(0, "/c"), Mark(None, "/d")))
    return Heatmap("H", ("Phone", "Mail"), ("Good", "Bad"), cells, **rest)


def test_each_cell_of_a_heat_map_has_its_number_and_its_link():
    tree = read(heatmap(heat()))

    assert links(tree) == [
        ("/a", "Phone · Good: 40"),
        ("/b", "Phone · Bad: 10"),
        ("/c", "Mail · Good: 0"),
    ]
    assert {"40", "10", "0", "–"} <= set(texts(tree))
    strengths = [float(one.get("fill-opacity")) for one in with_class(tree, "chart-bar")][-3:]
    assert strengths == [0.5, 0.16, 0.05]


def test_residuals_have_two_colours_and_arrows():
    tree = read(heatmap(heat(residuals=((3.0, -2.5), (1.0, None)))))

    assert len(with_class(tree, "chart-series-3")) == 1 + 2  # legend, more than by chance
    assert len(with_class(tree, "chart-series-2")) == 1 + 1
    arrows = [one for one in with_class(tree, "chart-value") if one.tag.endswith("path")]
    assert len(arrows) == 2 + 2  # legend, beyond chance
    assert links(tree)[1] == ("/b", "Phone · Bad: 10 (residual −2.5)")


def test_columns_that_do_not_fit_stand_in_further_blocks():
    cells = (marks(*range(100, 124)),)
    chart = Heatmap("Hours", ("Monday",), tuple(map(str, range(24))), cells)
    wide, narrow = read(heatmap(chart, width=1040)), read(heatmap(chart, width=340))

    assert texts(wide).count("Monday") == 1
    assert texts(narrow).count("Monday") == 4
    assert {str(one) for one in range(100, 124)} <= set(texts(narrow))
    assert max(float(one.get("x")) for one in with_class(narrow, "chart-hit")) < 340


def test_a_heat_map_needs_all_its_cells():
    with pytest.raises(ValueError, match="2 by 1 cells"):
        Heatmap("H", ("a", "b"), ("c",), ((Mark(1),), ()))


def test_a_funnel_says_how_many_go_on():
    steps = tuple(Item(name, Mark(n, f"/{n}")) for name, n in (("Sent", 200), ("Done", 50)))
    chart = FunnelChart("F", (*steps, Item("Rated", Mark(60))))
    tree = read(funnel(chart))

    assert links(tree) == [
        ("/200", "Sent: 200, 100% of the first step"),
        ("/50", "Done: 50, 25% of the first step"),
    ]
    assert {"↓ 25%", "↓ 120%", "30%"} <= set(texts(tree))
    assert "30% reach the end" in tree.findtext("{*}desc")
    with pytest.raises(ValueError, match="fewer than nobody"):
        FunnelChart("F", (Item("a", Mark(-1)),))


def test_the_largest_swing_stands_on_top():
    swings = (Swing("Rate", 90, 110, "/rate"), Swing("Cost", 200, -20, "/cost"))
    chart = TornadoChart("NPV", 100, swings)
    tree = read(tornado(chart))

    assert links(tree) == [("/cost", "Cost: 200 to −20"), ("/rate", "Rate: 90 to 110")]
    assert {"200", "−20", "As assumed: 100"} <= set(texts(tree))
    assert [name for name, _cells in table_of(chart).rows] == ["Cost", "Rate"]
    assert table_of(chart).units == (Unit.COUNT,)
