"""What people write becomes a tree, and a mistake becomes a sentence with its place."""

import pytest

from surveys.logic.expression import LogicInvalid, names_in
from surveys.logic.reading import parse
from surveys.logic.writing import write

Q = ["var", "q"]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("{q} = 'yes' and {age} >= 18", ["and", ["=", Q, "yes"], [">=", ["var", "age"], 18]]),
        (
            "{q}==1||{q}<>2&&!({q}>3)",
            ["or", ["=", Q, 1], ["and", ["!=", Q, 2], ["not", [">", Q, 3]]]],
        ),
        ("{q} notEmpty AND {q} NotContains 1", ["and", ["notempty", Q], ["notcontains", Q, 1]]),
        ("{q} anyof ['a', \"b\"]", ["anyof", Q, ["list", "a", "b"]]),
        ("not {q} equals 1", ["not", ["=", Q, 1]]),
        ("!{q} = true", ["=", ["not", Q], True]),
        ("1 + 2 - 3 - -4 * {q}", ["-", ["+", 1, 2], 3, ["*", -4, Q]]),
        ("({q} + 1) % 2", ["%", ["+", Q, 1], 2]),
        ("iif({q}, [], null)", ["call", "iif", Q, ["list"], None]),
        ("ROUND(.5, 1) <= 1e3", ["<=", ["call", "round", 0.5, 1], 1000]),
        ("today() > {q}", [">", ["var", "today"], Q]),
        ("{q.length} > 1", [">", ["call", "length", Q], 1]),
        ("{ it's \"#$%! } = 'I\\'m \\\\ \\n'", ["=", ["var", "it's \"#$%!"], "I'm \\ \\n"]),
        ("（{q} ＝ “好的”）", ["=", Q, "好的"]),
        ("{#q} *= undefined", ["contains", Q, None]),
    ],
)
def test_a_text_is_read(text, tree):
    assert parse(text).tree == tree


def test_a_row_of_a_matrix_is_its_leaf_and_a_known_name_comes_first():
    known = {"service_speed", "size.length"}
    text = "{service.speed} + {size.length} + {other.part}"

    assert names_in(parse(text, known).tree) == ["service_speed", "size.length", "other.part"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", (0, 0), "There is nothing here"),
        ("{q} = ", (6, 6), "not “the end”"),
        ("{q} = yes", (6, 9), "{yes} for a question and 'yes'"),
        ("{q} = 007", (6, 9), "“007” is no number"),
        ("{q} = 'yes", (6, 10), "quotation mark is not closed"),
        ("{q = 1", (0, 6), "brace { is not closed"),
        ("{ } = 1", (0, 3), "code of a question"),
        ("({q} = 1", (0, 1), "This “(” is not closed"),
        ("[1, 2) = {q}", (5, 6), "expected “]”"),
        ("{q} = 1 = 2", (8, 9), "Two comparisons in a row"),
        ("{q} ^ 2", (4, 5), "Powers"),
        ("{q} {p}", (4, 7), "“and”, “or” or the end"),
        ("and {q}", (0, 3), "Before “and” something is missing"),
        ("isContainerReady('p')", (0, 16), "no function “isContainerReady”"),
        ("iif({q}, 1)", (0, 11), "iif needs three things"),
        ("today(1)", (0, 8), "takes nothing"),
        ("round(1, 2, 3)", (0, 14), "decimal places"),
        ("{q} = ~1", (6, 7), "“~” has no meaning"),
        ("1e999 = {q}", (0, 5), "too big"),
        ("(" * 60 + "1" + ")" * 60, (51, 52), "more than 50 levels"),
        ("not " * 60 + "{q}", (204, 207), "more than 50 levels"),
        ("+".join(["1"] * 600), None, "at most 500 parts"),
        ("1" * 4001, (4000, 4001), "at most 4000 characters"),
    ],
)
def test_a_mistake_is_said_with_its_place(text, place, words):
    with pytest.raises(LogicInvalid) as refused:
        parse(text)

    (problem,) = refused.value.problems
    assert words in problem.message
    assert place is None or problem.span == place


def test_every_part_knows_where_it_stands():
    expression = parse("{q} = 1 and sum({p}, 2) > 3")

    assert {path: expression.text[slice(*span)] for path, span in expression.spans.items()} == {
        (): expression.text,
        (1,): "{q} = 1",
        (1, 1): "{q}",
        (1, 2): "1",
        (2,): "sum({p}, 2) > 3",
        (2, 1): "sum({p}, 2)",
        (2, 1, 2): "{p}",
        (2, 1, 3): "2",
        (2, 2): "3",
    }


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (["and", ["or", Q, Q], ["not", ["=", Q, "it's"]]], "({q} or {q}) and not {q} = 'it\\'s'"),
        (["-", ["+", 1, 2], ["-", 3, ["-", 4, 5]], -6], "1 + 2 - (3 - (4 - 5)) - -6"),
        (["=", ["=", Q, 1], True], "({q} = 1) = true"),
        (["empty", ["+", Q, ["neg", Q]]], "({q} + -{q}) empty"),
    ],
)
def test_a_tree_is_written_so_that_it_reads_the_same(tree, text):
    assert write(tree) == text
    assert parse(text).tree == tree
