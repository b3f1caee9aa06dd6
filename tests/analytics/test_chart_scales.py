"""Ticks, dates, numbers and letters under the charts, and their colours."""

import math
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics.charts import theme
from analytics.charts.data import Mark, Step, TimeAxis, Unit
from analytics.charts.dates import date_labels
from analytics.charts.lettering import shorten, text_width
from analytics.charts.scale import Scale, nice_step, nice_ticks, ticks_within
from analytics.charts.wording import write_mark, write_number, write_position
from tests.analytics.chart_samples import days, months, weeks

STYLES = Path(__file__).parents[2] / "static/css"
CSS, TOKENS = STYLES / "components/chart.css", STYLES / "tokens.css"


@pytest.mark.parametrize(
    ("low", "high", "count", "ticks"),
    [
        (0, 48, 5, [0, 10, 20, 30, 40, 50]),
        (0, 7, 4, [0, 2, 4, 6, 8]),
        (0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-22, 33, 6, [-30, -20, -10, 0, 10, 20, 30, 40]),
        (0, 0, 4, [0, 0.5, 1]),
        (0, 123456, 4, [0, 50000, 100000, 150000]),
    ],
)
def test_ticks_are_round_and_hold_the_values(low, high, count, ticks):
    assert nice_ticks(low, high, count) == ticks


def test_counts_have_no_half_ticks():
    assert nice_ticks(0, 1, 5, whole=True) == [0, 1]
    assert nice_ticks(0, 3, 5, whole=True) == [0, 1, 2, 3]


def test_ticks_of_a_fixed_scale_stay_on_it():
    assert ticks_within(1, 5, 5) == [1, 2, 3, 4, 5]
    assert ticks_within(-100, 100, 4) == [-100, -50, 0, 50, 100]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 12))
def test_ticks_hold_for_any_range(low, span, count):
    assume(span > abs(low) * 1e-6)  # else the digits of a float are used up
    ticks = nice_ticks(low, low + span, count)
    step = nice_step(span, count)

    assert 2 <= len(ticks) <= count + 2
    assert ticks[0] <= low + step * 1e-6
    assert ticks[-1] >= low + span - step * 1e-6
    assert all(b - a == pytest.approx(step, rel=1e-3) for a, b in pairwise(ticks))
    assert round(step / 10 ** math.floor(math.log10(step) + 1e-9), 6) in {1, 2, 5}


def test_a_scale_keeps_strangers_at_its_border():
    scale = Scale(0, 10, 100, 0)

    assert [scale.at(value) for value in (-5, 0, 5, 10, 99)] == [100, 100, 50, 0, 0]


@pytest.mark.parametrize(
    ("axis", "slot", "labels"),
    [
        (days(3), 60, ["20 Nov", "21 Nov", "22 Nov"]),
        (days(5), 28, ["18 Nov", "20 Nov", "22 Nov"]),
        (days(30), 10, ["26 Oct", "2 Nov", "9 Nov", "16 Nov"]),
        (days(90), 3, ["Sep", "Oct", "Nov"]),
        (weeks(3), 60, ["2 Nov", "9 Nov", "16 Nov"]),
        (weeks(9), 14, ["21 Sep", "19 Oct", "16 Nov"]),
        (weeks(20), 10, ["Aug", "Sep", "Oct", "Nov"]),
        (months(4, 2025, 11), 60, ["Nov", "Dec", "2026", "Feb"]),
        (months(12), 15, ["2026", "Apr", "Jul", "Oct"]),
        (months(48, 2023), 4, ["2023", "2024", "2025", "2026"]),
        (days(1), 500, ["22 Nov"]),
        (days(0), 500, []),
    ],
)
def test_dates_thin_out_until_they_fit(axis, slot, labels):
    found = [text for _, text in date_labels(axis, slot, 12)]

    assert found == labels


def test_dates_in_chinese():
    with override("zh-hans"):
        assert [text for _, text in date_labels(days(2), 99, 12)] == ["11月21日", "11月22日"]
        assert [text for _, text in date_labels(months(3), 99, 12)] == ["2026年", "2月", "3月"]
        assert write_position(days(1), 0) == "2026年11月22日 周日"
        assert write_position(months(1, 2026, 3), 0) == "2026年3月"
        assert write_position(weeks(1), 0) == "2026年11月16日–11月22日"


def test_dates_in_english():
    assert write_position(days(1), 0) == "Sun 22 Nov 2026"
    assert write_position(months(1, 2026, 3), 0) == "March 2026"
    assert write_position(weeks(1), 0) == "16–22 Nov 2026"
    assert write_position(weeks(1, date(2026, 9, 28)), 0) == "28 Sep–4 Oct 2026"
    assert write_position(weeks(1, date(2026, 12, 28)), 0) == "28 Dec 2026–3 Jan 2027"


@given(st.integers(1, 500), st.sampled_from(Step), st.floats(1, 200))
def test_labels_of_any_axis_never_touch(count, step, slot):
    axis = {Step.DAY: days, Step.WEEK: weeks, Step.MONTH: months}[step](count)
    labels = date_labels(axis, slot, 12)

    assert isinstance(axis, TimeAxis)
    assert labels
    for (one, text), (other, following) in pairwise(labels):
        taken = (text_width(text, 12) + text_width(following, 12)) / 2
        assert (other - one) * slot > taken


@pytest.mark.parametrize(
    ("value", "unit", "language", "text"),
    [
        (1284, Unit.COUNT, "en", "1,284"),
        (0.7543, Unit.SHARE, "en", "75.4%"),
        (4, Unit.RATING, "en", "4.0"),
        (33.33, Unit.POINTS, "en", "+33.3"),
        (-14, Unit.POINTS, "en", "−14"),
        (0, Unit.POINTS, "en", "0"),
        (30.5, Unit.HOURS, "en", "30.5 h"),
        (1284, Unit.COUNT, "zh-hans", "1,284"),
    ],
)
def test_numbers_are_written_with_their_unit(value, unit, language, text):
    with override(language):
        assert write_number(value, unit) == text


def test_large_ticks_are_short_in_the_way_of_the_language():
    assert write_number(12_000, Unit.COUNT, short=True) == "12K"
    with override("zh-hans"):
        assert write_number(12_000, Unit.COUNT, short=True) == "1.2万"


def test_a_missing_value_is_said_in_words():
    assert write_mark(Mark(None), Unit.COUNT) == "no data"


def test_chinese_letters_are_as_wide_as_they_are_high():
    assert text_width("产品质量", 12) == 48
    assert text_width("Quality", 12) < 60


@given(st.text(max_size=80), st.floats(0, 400))
def test_shortened_text_fits_or_is_one_letter(text, room):
    short = shorten(text, room, 12)

    assert len(short) <= 2 or text_width(short, 12) <= room + 1e-6
    assert short == text or short.endswith("…")


def pairs(sheet):
    """{name: (light, dark)} of the custom properties of a style sheet."""
    pattern = r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)"
    return {name: (light, dark) for name, light, dark in re.findall(pattern, sheet.read_text())}


def colours(theme_index):
    """{name: colour} of the charts in the light (0) or the dark (1) theme."""
    tokens = pairs(TOKENS)
    borrowed = re.findall(r"--chart-([\w-]+): var\(--([\w-]+)\)", CSS.read_text())
    found = {f"chart-{name}": tokens[token] for name, token in borrowed} | pairs(CSS)
    return {name.removeprefix("chart-"): pair[theme_index] for name, pair in found.items()}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


MARKS = [*(str(i) for i in range(1, 9)), "good", "neutral", "bad"]


@pytest.mark.parametrize("theme_index", [0, 1], ids=["light", "dark"])
def test_marks_stand_out_three_to_one_and_words_four_and_a_half(theme_index):
    palette = colours(theme_index)

    for name in MARKS:
        assert contrast(palette[name], palette["surface"]) >= 3, name
    for name in ("ink", "quiet", "1"):
        assert contrast(palette[name], palette["surface"]) >= 4.5, name


def mixed(colour, ground, share):
    """`colour` laid over `ground` with an opacity of `share`."""
    channels = [
        round(int(colour[i : i + 2], 16) * share + int(ground[i : i + 2], 16) * (1 - share))
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{channel:02x}" for channel in channels)


@pytest.mark.parametrize("theme_index", [0, 1], ids=["light", "dark"])
def test_numbers_are_read_on_the_strongest_ground(theme_index):
    palette = colours(theme_index)

    for name, share in (("1", 0.5), ("2", 0.5), ("3", 0.5), ("bad", 0.48)):
        ground = mixed(palette[name], palette["surface"], share)
        assert contrast(palette["ink"], ground) >= 4.5, name


def test_pictures_that_travel_have_the_light_colours_of_the_sheet():
    palette = colours(0)

    assert tuple(palette[str(i)] for i in range(1, 9)) == theme.SERIES
    assert {name: palette[name] for name in theme.TONES} == theme.TONES
    assert [palette[n] for n in ("surface", "ink", "quiet", "grid", "axis", "track")] == [
        theme.SURFACE,
        theme.INK,
        theme.QUIET,
        theme.GRID,
        theme.AXIS,
        theme.TRACK,
    ]


def test_every_part_that_is_drawn_has_a_rule_in_the_sheet():
    from analytics.charts.figure import figure
    from tests.analytics.chart_samples import every_kind

    used = {
        name
        for chart in every_kind()
        for classes in re.findall(r'class="([^"]+)"', figure(chart, wide=True))
        for name in classes.split()
        if name.startswith("chart-")
    }
    assert not [name for name in sorted(used) if f".{name}" not in CSS.read_text()]
