"""Conditions in words and as rows of a builder."""

import pytest

from surveys.logic.checks import Holds, Kind, check
from surveys.logic.reading import parse
from surveys.logic.rows import LABELS, Row, Rows, operators_for, to_rows, to_tree
from surveys.logic.sentences import Label, say
from surveys.logic.wording import find_faults, names_in_wording, pieces
from surveys.logic.writing import write

LABELLED = {
    "overall": Label("Overall"),
    "solved": Label("Solved", {"yes": "Yes", "no": "No"}),
    "channels": Label("Channels", {"mail": "E-mail", "phone": "Phone"}, many=True),
    "agreed": Label("Agreed"),
}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{agreed}", "“Agreed” is yes"),
        ("{overall} <= 3", "“Overall” is at most 3"),
        (
            "{solved} != 'yes' and ({overall} < 2 or {agreed})",
            "“Solved” is not “Yes” and (“Overall” is below 2 or “Agreed” is yes)",
        ),
        ("{solved} anyof ['yes', 'no']", "“Solved” is “Yes” or “No”"),
        ("{channels} anyof ['mail', 'phone']", "“Channels” contains “E-mail” or “Phone”"),
        ("{channels} allof ['mail', 'phone']", "“Channels” contains “E-mail” and “Phone”"),
        ("{solved} empty", "“Solved” was not answered"),
        ("not ({solved} notempty)", "not (“Solved” was answered)"),
        ("{code} > today()", "{code} is above today"),
        ("({overall} + 1) * 2 >= 4.5", "(“Overall” + 1) × 2 is at least 4.5"),
        ("sum({overall}, 2) = 3", "the sum of “Overall” and 2 is 3"),
        ("iif({agreed}, 1, 0) = -1", "1 if “Agreed” is yes, otherwise 0 is -1"),
        ("round({overall}, 1) = null", "“Overall”, rounded (decimal places: 1) is nothing"),
    ],
)
def test_a_condition_is_said_in_words(text, sentence):
    assert say(parse(text).tree, LABELLED, "en") == sentence


def test_it_is_said_in_chinese_with_the_labels_of_that_language():
    labels = {"overall": Label("总体评价"), "solved": Label("是否解决", {"no": "没有"})}

    said = say(parse("{overall} <= 3 and {solved} = 'no'").tree, labels, "zh-hans")

    assert said == "“总体评价”不高于3，且“是否解决”为“没有”"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "{a} <= 2 and {b} anyof ['x', 'y'] and {c} notempty",
            Rows("and", (Row("a", "<=", 2), Row("b", "anyof", ["x", "y"]), Row("c", "notempty"))),
        ),
        ("{a} = true", Rows("and", (Row("a", "=", True),))),
    ],
)
def test_a_simple_condition_becomes_rows_and_comes_back(text, rows):
    assert to_rows(parse(text).tree) == rows
    assert write(to_tree(rows)) == text


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("{a}", Row("a", "=", True)),
        ("3 > {a}", Row("a", "<", 3)),
        ("not ({a} = 1)", Row("a", "!=", 1)),
        ("not ({a} noneof ['x'])", Row("a", "anyof", ["x"])),
    ],
)
def test_other_ways_to_write_it_are_the_same_row(text, row):
    assert to_rows(parse(text).tree) == Rows("and", (row,))


@pytest.mark.parametrize(
    "text",
    [
        "{a} = 1 and ({b} = 2 or {c} = 3)",
        "{a} + 1 = 2",
        "{a} = {b}",
        "not {a}",
        "not ({a} < 3)",
        "{a} = null",
        "{a} contains ['x', 'y']",
        "true",
    ],
)
def test_what_rows_cannot_show_stays_text(text):
    assert to_rows(parse(text).tree) is None


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("many", [False, True])
def test_a_builder_offers_only_what_publishing_takes(kind, many):
    value = {
        Kind.NUMBER: 1,
        Kind.TRUTH: True,
        Kind.DATE: "2026-11-23",
    }.get(kind, "x")
    holds = Holds(kind, many)

    for operator in operators_for(holds):
        row = Row("a", operator, [value] if operator in {"anyof", "allof", "noneof"} else value)
        assert check(parse(write(to_tree(Rows("and", (row,))))), {"a": holds}) == []
        assert str(LABELS[operator])


def test_wording_is_taken_apart_once():
    text = "{{x}} {service.speed|none} and { name }"

    assert pieces(text, {"service_speed"}) == [
        "{x} ",
        ["service_speed", "none"],
        " and ",
        ["name", ""],
    ]
    assert names_in_wording(text, {"service_speed"}) == ["service_speed", "name"]


def test_braces_that_name_nothing_are_faults_with_their_place():
    faults = find_faults("{nmae|x} {late} {} } {{ok}} {name}", {"name"}, later={"late"})

    assert [(fault.span, fault.message) for fault in faults] == [
        ((0, 8), "There is no {nmae}. Did you mean {name}?"),
        ((9, 15), "{late} comes later: only what was asked before can be named here."),
        ((16, 18), "A brace stands alone: write {{ or }} for a brace, {code} for an answer."),
        ((19, 20), "A brace stands alone: write {{ or }} for a brace, {code} for an answer."),
    ]
