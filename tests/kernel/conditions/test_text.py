"""Text and tree: each makes the other, and mistakes are named with their place."""

from random import Random

import pytest

from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.writing import write
from tests.kernel.conditions.randomly import CASES, random_tree
from tests.kernel.conditions.things import THINGS


def tree_of(text, **more):
    return parse(text, THINGS, **more).tree


def problem_in(text, **more):
    with pytest.raises(ConditionInvalid) as caught:
        parse(text, THINGS, **more)
    return caught.value.problems[0]


def marked(text):
    """The problem in words, and the part of the text that it is about."""
    problem = problem_in(text)
    return problem.message, text[slice(*problem.span)]


def test_random_trees_survive_being_written():
    rng = Random(3)
    for _ in range(CASES):
        condition = read_tree(random_tree(rng, THINGS, None, depth=4), THINGS)
        text = write(condition)

        assert parse(text, THINGS).tree == condition.tree, text
        assert write(parse(text, THINGS)) == text


def test_the_longest_tree_can_be_written_and_read():
    values = ['"\\' * 49 + f"{n:02}" for n in range(100)]
    tree = ["and", *[["contains", "words", values], ["starts_with", "parent.words", values]]]

    assert tree_of(write(read_tree(tree, THINGS))) == tree
    with pytest.raises(ConditionInvalid, match="too many values"):
        read_tree(["or", tree, ["is", "words", "a"]], THINGS)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", ["and"]),
        ("  \n", ["and"]),
        ("kind = red", ["is", "kind", "red"]),
        ("Kind IS Red", ["is", "kind", "red"]),
        ("kind != red", ["is_not", "kind", "red"]),
        ("kind is not empty", ["not_empty", "kind"]),
        ('kind = "is"', ["is", "kind", "is"]),
        ("kind in (red, blue, red)", ["in", "kind", ["red", "blue"]]),
        ("kind not in blue", ["not_in", "kind", ["blue"]]),
        ("level >= two", ["ge", "level", "2"]),
        ('words contains "退款"', ["contains", "words", ["退款"]]),
        ("words contains 退款", ["contains", "words", ["退款"]]),
        ("words does not contain (a, b)", ["contains_none", "words", ["a", "b"]]),
        ('words = "say \\"no\\" \\\\"', ["is", "words", 'say "no" \\']),
        (
            "count between -3 and 7 and flag = no",
            ["and", ["between", "count", [-3, 7]], ["is", "flag", False]],
        ),
        ("share < 0.25", ["lt", "share", 0.25]),
        ("share < 2.0", ["lt", "share", 2]),
        ("at within the last 3 days", ["within_last", "at", [3, "days"]]),
        ("at older than 1 week", ["older_than", "at", [1, "weeks"]]),
        ("at is past", ["past", "at"]),
        ("at after 2026-11-01T14:30", ["after", "at", "2026-11-01T14:30"]),
        ("day = 2026-11-01", ["on", "day", "2026-11-01"]),
        ("took between 2 hours and 3 days", ["between", "took", [[2, "hours"], [3, "days"]]]),
        ("note_kinds has all (red, blue)", ["has_all", "note_kinds", ["red", "blue"]]),
        ("note_kinds has red", ["has_any", "note_kinds", ["red"]]),
        ("line changed", ["changed", "line"]),
        ("kind changed to red", ["changed_to", "kind", "red"]),
        ("parent.kind = red", ["is", "parent.kind", "red"]),
        # "and" binds closer than "or"; parentheses are kept.
        (
            "flag = yes or flag = no and count = 1",
            ["or", ["is", "flag", True], ["and", ["is", "flag", False], ["is", "count", 1]]],
        ),
        ("not (flag = yes)", ["not", ["is", "flag", True]]),
        ("not not flag = yes", ["not", ["not", ["is", "flag", True]]]),
        # As a Chinese keyboard writes it.
        (
            "（kind ＝ red） or words contains “退款”",
            ["or", ["is", "kind", "red"], ["contains", "words", ["退款"]]],
        ),
        ("kind in （red，blue、is）", ["in", "kind", ["red", "blue", "is"]]),
    ],
)
def test_people_write(text, tree):
    assert tree_of(text) == tree


@pytest.mark.parametrize(
    ("text", "message", "part"),
    [
        ("knid = red", "There is no field “knid”. Did you mean kind?", "knid"),
        ("xyzzy = red", "There is no field “xyzzy”.", "xyzzy"),
        ("kind = rad", "Kind: “rad” is no value here. Did you mean red?", "rad"),
        ("kind in (red, 7)", "Kind: Write one of: red, blue, is.", "7"),
        ("kind >= red", "“>=” cannot be asked of Kind. It knows: is, is not, in, not in,", ">="),
        ("kind almost red", "After kind I expected one of: is, is not, in, not in,", "almost"),
        ("kind", "After kind I expected one of: is, is not, in, not in,", ""),
        ("kind =", "Here I expected a value.", ""),
        ("kind = and", "Here I expected a value.", "and"),
        ("= red", "Here I expected a field, such as words.", "="),
        ("(kind = red", "This parenthesis is not closed.", "("),
        ("(kind = red = blue)", "Here I expected “and”, “or” or “)”, not “=”.", "="),
        ("kind = red blue", "Here I expected “and”, “or” or the end, not “blue”.", "blue"),
        ("kind in (red", "Here I expected “,” or “)” in the list.", ""),
        ("kind in ()", "Here I expected a value.", ")"),
        ('words = "abc', "The quotation mark is not closed.", '"abc'),
        ("kind = red ! kind = blue", "“!” has no meaning here.", "!"),
        ("count = many", "Count: Write a number.", "many"),
        ("count = 1.5", "Count: Write a whole number.", "1.5"),
        ("share = 0.123", "Share: Write at most 2 digits after the point.", "0.123"),
        ("count = 9999999999999", "Count: The number is too large.", "9999999999999"),
        ("count between 5 and 2", "Count: The lowest value comes first.", "5 and 2"),
        ("count between 5", "Between what? Write “between 2 and 5”.", ""),
        ("flag = perhaps", "Flag: Write yes or no.", "perhaps"),
        ("at before 2026-02-30", "At: There is no such day.", "2026-02-30"),
        ("at before 22.11.2026", "At: Write a day as year-month-day, such as", "22.11.2026"),
        ("at before 0001-01-01", "At: Write a day as year-month-day, such as", "0001-01-01"),
        ("at within last 3 moons", "At: Write a number and a unit (minutes,", "3 moons"),
        ("at within last 0 days", "At: Write a whole number above 0", "0 days"),
        ("at within last 99999 weeks", "At: That is longer than a hundred years.", "99999 weeks"),
        ("day within last 3 hours", "Day: Write a number and a unit (days, weeks),", "3 hours"),
        ("words = “”", "Words: Give some text.", "“”"),
        ("parent.parent = 1", "There is no field “parent.parent”.", "parent.parent"),
    ],
)
def test_a_mistake_is_named_with_its_place(text, message, part):
    said, shown = marked(text)

    assert said.startswith(message)
    assert shown == part


def test_every_wrong_value_is_named_at_once():
    with pytest.raises(ConditionInvalid) as caught:
        parse("kind = rad and (count = x or flag = 3)", THINGS)

    assert [problem.span for problem in caught.value.problems] == [(7, 10), (24, 25), (36, 37)]


def test_a_change_can_only_be_asked_where_an_event_is():
    allowed = frozenset({Needs.ACTOR})

    problem = problem_in("line changed", allowed=allowed)

    assert problem.message.startswith("“changed” can only be asked when a record changes")
    assert tree_of("line changed") == ["changed", "line"]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "not " * 5000 + "flag = yes",
        "(" * 30 + "flag = yes" + ")" * 30,
        " and ".join(["flag = yes"] * 300),
        f"kind in ({', '.join(['red'] * 600)})",
        "a" * 160_000,
        '"' + "\\" * 50_000,
        "\0",
        'words = "a\0b"',
        "words = \ud800",
        "words contains \u202eevil",
        "__class__ = 1",
        "words__isnull = yes",
        "parent.words__contains = 1",
        "parent.. = 1",
        "kind = red; drop table kernel_thing",
        "kind = red -- ",
        "words = {{ secret }} or",
        "count = 1e309",
        "count = \u0661",
        "count = NaN",
        "share = inf",
        "\uff4bind = red",
    ],
)
def test_hostile_text_is_refused_in_words(text):
    problem = problem_in(text)

    assert 0 < len(problem.message) < 400
