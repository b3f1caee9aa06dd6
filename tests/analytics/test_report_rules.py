"""What a report says: sentences in both languages, markup, charts that come back from JSON."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from analytics.charts.data import Item, Mark, Series, Step, TimeAxis, Tone, Unit
from analytics.charts.hbars import HBarChart
from analytics.charts.line import LineChart
from analytics.enums import PartKind
from analytics.errors import BlocksRefused
from analytics.metrics.intervals import wilson
from analytics.metrics.trend import compare_shares
from analytics.rules.report.blocks import checked
from analytics.rules.report.charts_in_json import chart_from_json, chart_in_json
from analytics.rules.report.document import (
    About,
    Part,
    blanks_of,
    compose,
    linked,
    without_blanks,
)
from analytics.rules.report.drafting import first_blocks
from analytics.rules.report.markup import read_markup
from analytics.rules.report.material import (
    Entry,
    Figure,
    Material,
    Quantity,
    Ranking,
    count_direction,
    from_json,
    in_json,
    share_figure,
)
from analytics.rules.report.refreshing import changes_between
from analytics.rules.report.runs import plain
from analytics.rules.report.sentences import about_figure, about_ranking, findings
from analytics.rules.report.times import last_whole, next_beginning
from analytics.rules.report.values import days

LANGUAGES = ("en", "zh-hans")


def satisfied(hits, n, hits_before, n_before):
    change = compare_shares(hits_before=hits_before, n_before=n_before, hits_after=hits, n_after=n)
    return share_figure("csat", "CSAT", wilson(hits, n), change, url="/feedback/?rated=1")


def said(figure, language):
    with override(language):
        return plain(about_figure(figure))


def test_a_share_rises_only_where_it_is_more_than_chance():
    clear, unclear = satisfied(800, 1000, 700, 1000), satisfied(81, 100, 80, 100)

    assert said(clear, "en") == (
        "Of the customers who rated how their matter was handled, 80% were satisfied "
        "(77.4%–82.4%, 1,000 ratings). It has risen by 10 percentage points since the period "
        "before (70%), which is significant."
    )
    assert said(clear, "zh-hans") == (
        "在对处理结果作出评价的客户中，80% 表示满意（77.4%–82.4%，1,000 份评价）。"
        "比上期（70%）上升 10 个百分点，变化显著。"
    )
    assert "risen" not in said(unclear, "en")
    assert "no more than chance" in said(unclear, "en")
    assert "未超出偶然波动" in said(unclear, "zh-hans")


def test_few_answers_are_said_to_be_few():
    few = satisfied(9, 12, 10, 40)

    assert said(few, "en").endswith("Fewer than 30 answers: an indication and no more.")
    assert said(few, "zh-hans").endswith("样本少于 30，仅供参考。")
    assert said(share_figure("csat", "CSAT", None, None), "en") == (
        "CSAT: nothing was measured in this period."
    )


def test_what_comes_in_waves_must_differ_by_more():
    assert count_direction(1000, 1100, [92] * 12) == "up"
    assert count_direction(1000, 1100, [20, 164] * 6) == "unclear"
    assert count_direction(1100, 900, []) == "down"
    assert count_direction(0, 5, [5]) == ""
    received = Figure(
        "received", "Received", Quantity.COUNT, 1100, 1100, before=1000, direction="up"
    )
    assert said(received, "en") == (
        "Feedback received in this period: 1,100. That is 10% more than in the period before "
        "(1,000), a significant rise."
    )
    assert said(received, "zh-hans") == (
        "本期共收到反馈 1,100 条。比上期（1,000）多 10%，上升显著。"
    )


def test_times_are_set_side_by_side_and_not_judged():
    hours = Figure(
        "first_response", "", Quantity.SECONDS, 11 * 3600, 50,
        second=21 * 3600, before=14 * 3600, second_before=29 * 3600, n_before=60,
    )  # fmt: skip

    assert said(hours, "en") == (
        "Half of the first answers came within 11 hours, nine of ten within 21 hours "
        "(50 records). In the period before it was 14 hours and 29 hours."
    )
    assert said(hours, "zh-hans") == (
        "一半的反馈在 11 小时内得到首次响应，九成在 21 小时内（50 条反馈）。"
        "上期分别为 14 小时和 29 小时。"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ranking_names_the_first_and_what_moved(language):
    entries = (
        Entry("Leaks", 50, 0.5, "/a"),
        Entry("Noise", 30, 0.3, "/b", "up"),
        Entry("Price", 10, 0.1, "/c", "down"),
        Entry("Rest", 5, 0.05),
    )
    ranking = Ranking("topics", "Topics", 100, entries, nameless=5)
    with override(language):
        runs = about_ranking(ranking)
        found = findings(Material(rankings={"topics": ranking}))
    words = plain(runs)

    assert words.index("Leaks") < words.index("Noise")
    assert "Rest" not in words
    assert words.count("Noise") == words.count("Price") == 2
    assert "Noise" in plain(found[0])
    assert [run.url for run in runs if run.url][:3] == ["/a", "/b", "/c"]
    assert ("。" if language == "zh-hans" else ". ") in words


def test_typed_words_become_paragraphs_lists_and_numbers():
    figures = {"csat": satisfied(800, 1000, 700, 1000)}
    text = "## What is **new**\nOne\ntwo [[csat]]\n\n- a\n- b [[csat.n]]\n\n- c\n1. d\n"
    text += "> e <b>\n[[no]]"
    with override("en"):
        blocks = read_markup(text, figures)

    kinds = [one["kind"] for one in blocks]
    assert kinds == ["heading", "paragraph", "list", "list", "list", "quote", "paragraph"]
    assert blocks[0]["runs"][1] == {"t": "new", "b": True}
    assert blocks[1]["runs"] == [
        {"t": "One\ntwo "},
        {"t": "80%", "u": "/feedback/?rated=1", "n": True},
    ]
    assert blocks[2]["items"][1][1] == {"t": "1,000", "n": True}
    assert blocks[5]["runs"] == [{"t": "e <b>"}]
    assert blocks[6]["runs"] == [{"t": "[[no]]"}]


def test_charts_and_figures_come_back_as_they_were():
    axis = TimeAxis(
        (date(2026, 7, 1), date(2026, 8, 1)), Step.MONTH, ends=(date(2026, 7, 31),) * 2
    )
    marks = (Mark(0.5, "/x", 0.4, 0.6, 90), Mark(None))
    line = LineChart(
        "Mood", axis, (Series("Bad", marks, Tone.BAD),), unit=Unit.SHARE, bounds=(0, 1)
    )
    bars = HBarChart("Words", (Item("a", Mark(3.0, "/a")),), of_total=True)
    for chart in (line, bars):
        assert chart_from_json(chart_in_json(chart)) == chart
    material = Material(
        {"csat": satisfied(8, 10, 7, 10)}, {"t": Ranking("t", "T", 9, (Entry("a", 9, 1.0),))}
    )
    again = from_json(in_json(material))
    assert again == material
    with override("en"):
        assert changes_between(material, again) == []
        newer = Material({"csat": satisfied(9, 10, 7, 10)}, material.rankings)
        assert changes_between(material, newer) == [["CSAT", "80%", "90%"]]


def test_a_part_takes_only_what_there_is():
    material = Material({"csat": satisfied(8, 10, 7, 10)})
    text = {"kind": "text", "text": "a", "hint": "", "more": "x"}

    assert checked([text, {"kind": "figure", "key": "csat"}], material) == [
        {"kind": "text", "text": "a", "hint": ""},
        {"kind": "figure", "key": "csat"},
    ]
    for wrong in ({"kind": "script"}, {"kind": "chart", "key": "csat"}, "text", {}):
        with pytest.raises(BlocksRefused):
            checked([wrong], material)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_has_eight_parts_in_the_language_of_the_report(language):
    material = Material({"csat": satisfied(800, 1000, 700, 1000)})
    about = About(
        "Q3", language, date(2026, 7, 1), date(2026, 9, 30),
        datetime(2026, 10, 1, 8, tzinfo=UTC), "Cheyu",
    )  # fmt: skip
    with override(language):
        blocks = first_blocks()
        parts = [Part(kind, "", blocks[kind]) for kind in PartKind]
        document = compose(about, parts, material)

    assert [one["kind"] for one in document["parts"]] == list(PartKind.values)
    assert [one["number"] for one in document["parts"]] == [0, 0, 1, 2, 3, 4, 5, 6]
    titles = [one["title"] for one in document["parts"]]
    assert titles[0] == {"en": "Cover", "zh-hans": "封面"}[language]
    assert (
        document["period"] == {"en": "Quarter 3 of 2026", "zh-hans": "2026 年第 3 季度"}[language]
    )
    headings = [one for one in document["parts"][4]["blocks"] if one["kind"] == "heading"]
    assert len(headings) == 1  # nothing was gathered for the others
    assert len(blanks_of(document)) == 3
    assert blanks_of(without_blanks(document)) == []
    assert "/feedback/?rated=1" not in str(linked(document, None))
    assert "https://a.example/feedback/?rated=1" in str(linked(document, "https://a.example"))


def test_a_schedule_looks_back_at_whole_months_and_quarters():
    day = date(2026, 1, 15)

    assert last_whole("month", day).first == date(2025, 12, 1)
    assert last_whole("quarter", day).last == date(2025, 12, 31)
    assert last_whole("quarter", date(2026, 5, 1)).first == date(2026, 1, 1)
    assert next_beginning("month", day) == date(2026, 2, 1)
    assert next_beginning("quarter", date(2026, 12, 31)) == date(2027, 1, 1)
    with override("en"):
        assert days(date(2026, 2, 1), date(2026, 2, 28)) == "February 2026"
        assert days(date(2026, 2, 1), date(2026, 3, 5)) == "1 Feb 2026 to 5 Mar 2026"
