"""The words that decided are found in the text as it was written."""

import pytest

from config.kernel.text.marking import mark_reasons


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("退款还没到,退款!", ["退款"], ["退款", "退款"]),
        ("My REFUND is late", ["refund"], ["REFUND"]),
        ("Prefund or refunds", ["refund"], []),
        ("it does not\nwork", ["not work"], ["not\nwork"]),
        ("ＡＢＣ is wide", ["abc"], ["ＡＢＣ"]),
        ("nothing", ["", " "], []),
    ],
)
def test_words_are_found_whatever_their_width_and_case(text, words, marked):
    pieces = mark_reasons(text, {"category": words})
    assert "".join(one.words for one in pieces) == text
    assert [one.words for one in pieces if one.why] == marked


def test_the_kind_named_first_wins_where_two_meet():
    pieces = mark_reasons("太慢退款", {"category": ["退款"], "sentiment": ["慢退"]})
    assert [(one.words, one.why) for one in pieces] == [
        ("太", ""),
        ("慢", "sentiment"),
        ("退款", "category"),
    ]
