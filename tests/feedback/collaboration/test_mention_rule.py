"""Whom a text mentions: the pure rule."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.rules.mentions import find_mentions, handles_of

PEOPLE = [
    (1, "王敏", "min@huiyin.test"),
    (2, "王敏之", "minzhi@huiyin.test"),
    (3, "Ada King", "ada@huiyin.test"),
    (4, "Ann", "ann@huiyin.test"),
    (5, "Ann", "ann.two@huiyin.test"),
]


def mentioned(text):
    return [sorted(one.people) for one in find_mentions(text, handles_of(PEOPLE))]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@王敏请看一下", [[1]]),
        ("@王敏之请看", [[2]]),
        ("请@王敏 和@王敏之看", [[1], [2]]),
        ("@Ada King, please", [[3]]),
        ("@ada king please", [[3]]),
        ("@ada@huiyin.test please", [[3]]),
        ("@Ann please", [[4, 5]]),
        ("@ann.two@huiyin.test", [[5]]),
        ("Annabel: @Annabel", []),
        ("write to ada@huiyin.test", []),
        ("x@Ada King", []),
        ("@nobody here", []),
        ("@", []),
        ("", []),
        ("@@王敏", [[1]]),
    ],
)
def test_a_name_behind_an_at_sign_is_a_mention(text, who):
    assert mentioned(text) == who


@given(st.text(alphabet="@王敏之AdaKing n.ß", max_size=60))
def test_places_are_in_order_and_say_what_stands_there(text):
    found = find_mentions(text, handles_of(PEOPLE))

    assert all(
        text[one.start] == "@" and text[one.start + 1 : one.end] == one.handle for one in found
    )
    assert all(a.end <= b.start for a, b in pairwise(found))
