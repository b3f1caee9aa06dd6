"""Pareto, fish bone, matrix: what leads from feedback to a problem."""

import math
from itertools import pairwise

import pytest

from analytics.charts.data import Item, Mark, Unit
from analytics.charts.field import Dot, Ruler
from analytics.charts.ishikawa import Ishikawa, ishikawa
from analytics.charts.lettering import text_width, wrap
from analytics.charts.matrix import Matrix, Zones, matrix
from analytics.charts.pareto import ParetoChart, pareto
from analytics.charts.places import RADIUS, in_cells, kept_apart
from analytics.charts.table import table, table_of
from analytics.metrics.pareto import pareto as find
from tests.analytics.chart_samples import SVG, links, read, texts, with_class

LONG = "交接班时没有说明正在处理的投诉，导致客户需要重复描述问题三次以上，还要等"
LEVELS = ("1", "2", "3", "4", "5")


def paretos(*amounts, last=None):
    found = find({f"cause {index}": one for index, one in enumerate(amounts)}, last=last)
    return ParetoChart("Causes", tuple(found), tuple(f"/{one.name[-1]}" for one in found))


def of_levels(*places):
    dots = tuple(Dot(f"problem {i}", a, u, f"/{i}") for i, (a, u) in enumerate(places))
    return Matrix(
        "Problems", dots, Ruler("Reach", levels=LEVELS), Ruler("Severity", levels=LEVELS)
    )


def circles(tree):
    return [(float(one.get("cx")), float(one.get("cy"))) for one in with_class(tree, "chart-dot")]


@pytest.mark.parametrize("width", [340, 600])
def test_a_pareto_says_for_each_cause_what_it_makes_up_alone_and_together(width):
    tree = read(pareto(paretos(20, 70, 10, last="cause 0"), width=width))

    assert links(tree) == [
        ("/1", "cause 1: 70, 70%, together 70%"),
        ("/2", "cause 2: 10, 10%, together 80%"),
        ("/0", "cause 0: 20, 20%, together 100%"),
    ]
    assert {"70%", "80%", "100%"} <= set(texts(tree))
    assert "2 of 3 causes make up 80%." in tree.findtext("{*}desc")


def test_the_vital_few_of_a_pareto_are_told_without_colour():
    tree = read(pareto(paretos(80, 20)))

    fills = [one.get("fill") for one in tree.iter(f"{SVG}rect")]
    assert len([fill for fill in fills if fill and fill.startswith("url(")]) == 2  # legend, cause


def test_many_causes_of_a_pareto_stand_in_rows():
    few, many = read(pareto(paretos(5, 4))), read(pareto(paretos(*range(20, 0, -1))))

    assert float(few.get("viewBox").split()[3]) < float(many.get("viewBox").split()[3])


def test_a_fish_bone_has_its_problem_its_kinds_and_its_causes():
    chart = Ishikawa(
        "Root cause",
        (("Method", (Item("No one calls back", Mark(42, "/evidence")),)), ("Machine", ())),
        problem="Waiting",
    )
    tree = read(ishikawa(chart, width=900))

    assert {"Waiting", "Method", "Machine", "No one calls back (42)"} <= set(texts(tree))
    assert links(tree) == [("/evidence", "No one calls back (42)")]
    assert [name for name, _cells in table_of(chart).rows] == ["Method", "Machine"]


@pytest.mark.parametrize("width", [340, 600, 1040])
def test_causes_of_a_fish_bone_keep_to_their_room(width):
    kinds = tuple((f"Kind {i}", (LONG, "long words of a cause " * 4) * 4) for i in range(6))
    tree = read(ishikawa(Ishikawa("Why?", kinds), width=width))

    spans = []
    for one in tree.iter(f"{SVG}text"):
        start = float(one.get("x"))
        words = "".join(child.tail or "" for child in one) or one.text
        wide = text_width(words, float(one.get("font-size")))
        if one.get("text-anchor") == "middle":
            start -= wide / 2
        assert start >= 0
        assert start + wide <= width + 1, words
        spans.append((float(one.get("y")), start, start + wide))
    for row in {y for y, _start, _end in spans}:
        beside = sorted((start, end) for y, start, end in spans if y == row)
        assert all(end <= start for (_, end), (start, _) in pairwise(beside))


def test_a_problem_stands_in_the_cell_of_its_two_levels():
    tree = read(matrix(of_levels((1, 1), (5, 5))))

    low, high = (circles(tree)[at] for at in (1, 3))  # each after that of the list
    assert low[0] < high[0]
    assert low[1] > high[1]
    assert links(tree)[1] == ("/1", "problem 1: Reach: 5, Severity: 5")


def test_a_crowded_cell_says_how_many_more_there_are():
    places = in_cells([(0, 0)] * 9, lambda _a, _u: (0.0, 0.0, 50.0, 50.0))

    assert [one.at is not None for one in places] == [True] * 3 + [False] * 6
    assert places[2].more == 6
    assert "+6" in texts(read(matrix(of_levels(*[(2, 2)] * 9), width=340)))


def test_zones_have_names_and_cells():
    rows = tuple(tuple(min(a * u // 5, 3) for a in range(1, 6)) for u in range(1, 6))
    zones = Zones(("Low", "Medium", "High", "Critical"), rows)
    one = of_levels((1, 1))
    tree = read(matrix(Matrix("M", one.dots, one.across, one.up, zones)))

    assert {"Low", "Medium", "High", "Critical"} <= set(texts(tree))
    assert len(with_class(tree, "chart-tone-bad")) == 25 + 4


@pytest.mark.parametrize("count", [2, 12, 40])
def test_points_in_one_place_do_not_cover_each_other(count):
    placed = kept_apart([(150.0, 150.0)] * count, (0.0, 0.0, 300.0, 300.0))

    found = [one.at for one in placed]
    assert found == [one.at for one in kept_apart([(150.0, 150.0)] * count, (0, 0, 300, 300))]
    for index, one in enumerate(found):
        assert all(math.dist(one, other) >= 2 * RADIUS for other in found[:index])


def test_points_by_two_figures_keep_their_numbers():
    dots = (Dot("Delivery", 120, 0.8, "/a"), Dot("Nobody asked", None, 0.5, "/b"))
    chart = Matrix("Topics", dots, Ruler("Feedback", cut=100), Ruler("Satisfied", Unit.SHARE))

    assert links(read(matrix(chart))) == [("/a", "Delivery: Feedback: 120, Satisfied: 80%")]
    assert '<a href="/b">50%</a>' in table(chart)
    assert "no data" in table(chart)


def test_very_many_points_are_dots_without_numbers():
    dots = tuple(Dot(str(at), at, at % 7, "/a") for at in range(60))
    tree = read(matrix(Matrix("Topics", dots, Ruler("a"), Ruler("b"))))

    assert len(links(tree)) == 60
    assert not with_class(tree, "chart-inverse")


def test_levels_on_one_side_only_make_no_matrix():
    with pytest.raises(ValueError, match="both directions"):
        Matrix("M", (), Ruler("a", levels=LEVELS), Ruler("b"))


def test_words_are_wrapped_between_words_and_between_chinese_characters():
    assert wrap("one two three", 55, 12, 3) == ["one two", "three"]
    assert wrap("产品质量，与稳定性", 60, 12, 3) == ["产品质量，", "与稳定性"]
    assert wrap("one two three four", 45, 12, 1) == ["one t…"]
    assert wrap("  ", 45, 12, 2) == []
