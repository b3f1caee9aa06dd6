"""Trees of whatever origin: understood, or refused with every reason."""

import json

import pytest

from config.kernel.conditions.condition import always
from config.kernel.conditions.errors import ConditionInvalid, FieldNotKnown, SubjectNotKnown
from config.kernel.conditions.reading import DEEPEST, MOST_NODES, read_tree, read_trees
from config.kernel.conditions.vocabulary import Vocabulary, vocabulary
from tests.kernel.conditions.things import FIELDS, THINGS

YES = ["is", "flag", True]


def problems_of(raw):
    with pytest.raises(ConditionInvalid) as caught:
        read_tree(raw, THINGS)
    return [(problem.path, problem.message) for problem in caught.value.problems]


def nested(depth):
    tree = YES
    for _ in range(depth):
        tree = ["not", tree]
    return tree


def test_everything_fits_the_empty_condition():
    assert read_tree(always(), THINGS).is_always


def test_a_group_of_one_is_what_it_holds():
    assert read_tree(["and", ["or", YES]], THINGS).tree == YES


def test_a_tree_is_plain_json():
    tree = ["and", YES, ["between", "share", [0.25, 3]], ["in", "kind", ["red"]]]

    assert read_tree(json.loads(json.dumps(tree)), THINGS).tree == tree


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        {"and": []},
        [],
        "kind = red",
        1,
        True,
        [[]],
        [None],
        ["or"],
        ["not"],
        ["not", YES, YES],
        ["and", []],
        ["and", ["and"]],
        ["xor", YES, YES],
        ["is"],
        ["is", "flag"],
        ["is", "flag", True, True],
        ["is", ["flag"], True],
        ["is", "flag", 1],
        ["is", "flag", "yes"],
        ["is", "flag", None],
        ["empty", "flag", True],
        ["contains", "words", "text"],
        ["contains", "words", []],
        ["contains", "words", [""]],
        ["contains", "words", ["x" * 201]],
        ["contains", "words", ["a\0b"]],
        ["contains", "words", ["\ud800"]],
        ["contains", "words", [["a"]]],
        ["contains", "words", {"a": 1}],
        ["in", "kind", [[]]],
        ["is", "kind", ["red"]],
        ["is", "count", True],
        ["is", "count", "1"],
        ["is", "count", float("nan")],
        ["is", "count", float("inf")],
        ["is", "count", 10**30],
        ["between", "count", [1]],
        ["between", "count", [1, 2, 3]],
        ["between", "count", "12"],
        ["within_last", "at", 3],
        ["within_last", "at", ["3", "days"]],
        ["within_last", "at", [3, "fortnights"]],
        ["within_last", "at", [True, "days"]],
        ["within_last", "at", [10**30, "days"]],
        ["within_last", "at", [1.5, "days"]],
        ["before", "at", "2026-11-22T10:00:00+08:00"],
        ["before", "at", "2026-11-22T25:00"],
        ["on", "at", "2026-11-22T10:00"],
        ["before", "day", "2026-11-22T10:00"],
        ["gt", "took", 5],
        ["regex", "words", ".*"],
        ["is", "words__startswith", "a"],
        ["is", "pk", 1],
        ["is", "parent", 1],
        ["is", "__class__", 1],
        ["is", "parent.parent.flag", True],
    ],
    ids=repr,
)
def test_what_is_not_known_is_refused(raw):
    assert problems_of(raw)


def test_depth_and_length_have_an_end():
    assert read_tree(nested(DEEPEST), THINGS)
    assert "groups inside each other" in problems_of(nested(DEEPEST + 1))[0][1]
    assert "groups inside each other" in problems_of(nested(100_000))[0][1]
    assert read_tree(["or", *[YES] * (MOST_NODES - 1)], THINGS)
    assert "too long" in problems_of(["or", *[YES] * MOST_NODES])[0][1]
    many = ["in", "kind", ["red"] * 200]
    assert "too many values" in problems_of(["or", many, many, many])[0][1]


def test_all_problems_are_named_with_their_way_through_the_tree():
    tree = [
        "and",
        YES,
        ["or", ["is", "kind", "pink"], ["is", "gone", 1]],
        ["contains", "words", ["a", ""]],
    ]

    assert [path for path, _message in problems_of(tree)] == [(2, 1, 2), (2, 2, 1), (3, 2, 1)]


def test_a_condition_whose_field_has_vanished_is_reported_and_the_others_are_read():
    smaller = Vocabulary("smaller", label="", fields=[f for f in FIELDS if f.name != "kind"])

    gone, still_there = read_trees([["is", "kind", "red"], YES], smaller)

    assert "no field “kind”" in str(gone)
    assert isinstance(gone, ConditionInvalid)
    assert still_there.tree == YES


def test_a_field_added_later_is_known_and_in_the_parts_of_others_too():
    owner = Vocabulary("smaller", label="", fields=FIELDS[:1])
    with pytest.raises(FieldNotKnown):
        owner.field("kind")

    owner.add(next(f for f in FIELDS if f.name == "kind"))

    assert owner.field("kind").label == "Kind"


@pytest.mark.parametrize("name", ["Kind", "1st", "a b", "a.b", "", "x" * 41, "parent"])
def test_a_field_has_a_plain_name(name):
    field = FIELDS[0].__class__(name=name, label="", path="words")

    with pytest.raises(ValueError, match="cannot name a field"):
        Vocabulary("smaller", label="", fields=[field], parts={"parent": None})


def test_an_unknown_subject_is_an_error():
    with pytest.raises(SubjectNotKnown):
        vocabulary("nothing")
