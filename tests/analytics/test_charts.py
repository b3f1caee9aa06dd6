"""What holds for every kind of chart."""

import re
from functools import partial
from xml.etree import ElementTree as ET

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.charts.bars import BarChart
from analytics.charts.data import Mark, Series, Tone
from analytics.charts.figure import VARIANTS, figure, svg
from analytics.charts.line import LineChart
from analytics.charts.table import table
from tests.analytics.chart_samples import (
    HOSTILE,
    SVG,
    days,
    every_kind,
    links,
    read,
    series,
    texts,
    with_class,
    without_values,
)

WIDTHS = sorted(VARIANTS.values())


def named(charts):
    return [pytest.param(c, id=f"{i}-{type(c).__name__}") for i, c in enumerate(charts)]


@pytest.mark.parametrize("chart", named(every_kind() + without_values()))
@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("standalone", [False, True])
def test_every_chart_is_well_formed_and_free_of_style_script_and_nan(chart, size, standalone):
    picture = svg(chart, *size, standalone=standalone)

    read(picture)
    assert " style=" not in picture
    assert not re.search(r"<script|<style|\son\w+=|\bnan\b|\binf\b", picture, re.IGNORECASE)
    assert "None" not in picture


@pytest.mark.parametrize("chart", named(every_kind()))
def test_every_chart_has_a_name_and_a_description(chart):
    tree = read(svg(chart))

    labels = {one.get("id"): one.text for one in tree if one.get("id")}
    assert labels[tree.get("aria-labelledby")] == "E-mail"
    assert len(labels[tree.get("aria-describedby")]) > 5


@pytest.mark.parametrize("chart", named(every_kind()))
def test_a_chart_with_links_is_a_group_whose_links_can_be_reached(chart):
    tree = read(svg(chart))

    assert tree.get("role") == "group"
    assert links(tree)
    for href, title in links(tree):
        assert href.startswith("/feedback/")
        assert title


@pytest.mark.parametrize("kind", [LineChart, partial(BarChart, stacked=True)])
def test_marks_too_thin_to_hit_leave_their_links_to_the_table(kind):
    chart = kind("Volume", days(31), (series(*[3] * 31), series(*[2] * 31, name="b")))
    narrow, wide = read(svg(chart, *VARIANTS["narrow"])), read(svg(chart, *VARIANTS["medium"]))

    assert (len(links(narrow)), narrow.get("role")) == (0, "img")
    assert (len(links(wide)), wide.get("role")) == (62, "group")
    assert table(chart).count("<a ") == 62


def test_a_chart_without_links_is_one_image():
    tree = read(svg(LineChart("Volume", days(2), (Series("All", (Mark(1), Mark(2))),))))

    assert tree.get("role") == "img"
    assert not links(tree)


@pytest.mark.parametrize("chart", named(without_values()))
def test_an_empty_chart_says_so(chart):
    words = " ".join(read(svg(chart)).itertext())

    assert "No data for this choice" in words or "No answers yet" in words


@pytest.mark.parametrize("chart", named(every_kind(HOSTILE)))
@pytest.mark.parametrize("standalone", [False, True])
def test_names_of_strangers_stay_text(chart, standalone):
    picture = svg(chart, standalone=standalone)
    tree = read(picture)

    assert "<script" not in picture
    assert not list(tree.iter(f"{SVG}script"))
    assert tree.find(f"{SVG}title").text == '</text><script>alert("x")</script>&'


@pytest.mark.parametrize("chart", named(every_kind(HOSTILE)))
def test_names_of_strangers_stay_text_in_the_table(chart):
    html = figure(chart)

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "feedback", "/\\evil.example"],
)
def test_a_mark_links_only_to_pages(href):
    with pytest.raises(ValueError, match="cannot link"):
        Mark(1, href)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_a_number_is_missing(number):
    mark = Mark(number, low=number, high=1)

    assert mark.value is None
    assert mark.interval is None


def test_series_must_fit_the_axis():
    with pytest.raises(ValueError, match="2 marks for 3 positions"):
        LineChart("Volume", days(3), (series(1, 2),))


@pytest.mark.parametrize("chart", named(every_kind()))
def test_a_standalone_picture_carries_its_own_colours(chart):
    tree = read(svg(chart, standalone=True))

    assert not [one for one in tree.iter() if one.get("class")]
    assert "PingFang SC" in tree.get("font-family")
    assert float(tree.get("width")) > 0
    assert float(tree.get("height")) > 0
    painted = {one.get("fill") for one in tree.iter()} | {one.get("stroke") for one in tree.iter()}
    assert any(colour and colour.startswith("#") for colour in painted)


@pytest.mark.parametrize("chart", named(every_kind()))
def test_references_inside_a_picture_find_their_target(chart):
    for standalone in (False, True):
        picture = svg(chart, standalone=standalone)
        ids = {one.get("id") for one in read(picture).iter() if one.get("id")}

        assert set(re.findall(r"url\(#([^)]+)\)", picture)) <= ids


@pytest.mark.parametrize("chart", named(every_kind()))
def test_ids_differ_between_the_variants_of_a_figure(chart):
    ids = re.findall(r' id="([^"]+)"', figure(chart, wide=True))

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("chart", named(every_kind()))
def test_the_same_chart_is_the_same_text_every_time(chart):
    assert figure(chart) == figure(chart)


@pytest.mark.parametrize("chart", named(every_kind()[:-3]))
def test_the_table_links_to_the_same_lists_as_the_marks(chart):
    drawn = {href for href, _ in links(read(svg(chart)))}
    listed = set(re.findall(r'href="([^"]+)"', table(chart).replace("&amp;", "&")))

    assert drawn <= listed


def test_the_table_has_headings_for_both_directions():
    html = table(LineChart("Volume", days(2), (series(1, None),)))

    tree = ET.fromstring(html)  # noqa: S314 - our own output
    assert tree.find("caption").text == "Volume"
    assert [th.text for th in tree.iter("th")] == [
        "Day",
        "E-mail",
        "Sat 21 Nov 2026",
        "Sun 22 Nov 2026",
    ]
    assert [td.findtext("a") or td.text for td in tree.iter("td")] == ["1", "no data"]


def test_small_pictures_hide_their_table_from_the_eye_only():
    for chart in every_kind()[-2:]:
        html = figure(chart)
        assert '<div class="visually-hidden"><table' in html
        assert "<a " not in html.partition("<table")[2]


def test_a_figure_has_a_picture_for_each_width():
    chart = every_kind()[0]

    assert figure(chart).count("<svg") == 2
    assert figure(chart, wide=True).count("<svg") == 3


def test_many_marks_are_no_longer_stops_of_the_tab_key():
    few = read(svg(LineChart("Few", days(30), (series(*range(30)),))))
    many = read(svg(LineChart("Many", days(41), (series(*range(41)),))))

    assert {a.get("tabindex") for a in few.iter(f"{SVG}a")} == {None}
    assert {a.get("tabindex") for a in many.iter(f"{SVG}a")} == {"-1"}


def test_series_are_told_apart_without_colour():
    chart = LineChart(
        "Volume", days(3), tuple(series(1, 2, 3, name=name) for name in ("a", "b", "c"))
    )

    strokes = with_class(read(svg(chart)), "chart-line")
    assert len({one.get("stroke-dasharray") for one in strokes}) == 3


@pytest.mark.parametrize("tone", list(Tone))
def test_a_tone_has_its_own_class(tone):
    drawn = svg(LineChart("Volume", days(2), (series(1, 2, tone=tone),)))

    assert (f"chart-tone-{tone.value}" if tone else "chart-series-1") in drawn


@given(
    st.lists(
        st.none() | st.floats(allow_nan=True, allow_infinity=True, width=32),
        min_size=1,
        max_size=40,
    )
)
def test_any_values_make_a_line_without_nan(values):
    picture = svg(LineChart("Any", days(len(values)), (series(*values),)))

    read(picture)
    assert not re.search(r"\b(nan|inf)\b", picture.lower())


@settings(max_examples=20)  # each draws every kind twice
@given(st.text(max_size=60))
def test_any_name_makes_a_well_formed_picture(name):
    for chart in every_kind(name):
        read(svg(chart))
        read(svg(chart, 340, 210, standalone=True))


def test_words_follow_the_language():
    chart = every_kind()[0]
    with override("zh-hans"):
        titles = [title for _, title in links(read(svg(chart)))]
        assert "11月22日" in texts(read(svg(chart)))

    assert titles[0].startswith("2026年11月20日")
