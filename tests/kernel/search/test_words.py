"""What a text can be found by, and what a query asks for. Pure."""

import pytest

from config.kernel.search.folding import fold
from config.kernel.search.queries import understand
from config.kernel.search.simplified import SIMPLIFIED
from config.kernel.search.snippets import Part, snippet
from config.kernel.search.tokens import tokens


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("退貨與運費", "退货与运费"),
        ("Straße\u00ad\u200b", "strasse"),
        ("two\u3000 \n words", "two words"),
        ("cafe\u0301", "café"),
        ("ｶﾞ", "カ゛".replace("゛", "\u3099")),
    ],
)
def test_the_same_word_has_one_form(written, folded):
    assert fold(written) == folded


def test_a_simplified_letter_is_never_turned_into_another():
    assert not set(SIMPLIFIED) & set(SIMPLIFIED.values())


def test_chinese_gives_pairs_and_words_give_themselves():
    assert set(tokens("快递太慢 late 5571")) == {
        *("快递", "递太", "太慢", "慢", "late"),
        *("5571", "571", "71"),
    }


def test_a_query_is_words_phrases_and_what_must_not_be_there():
    query = understand('退款申请 "Late  delivery" -快递 －自提 “五 天”')

    assert [term.text for term in query.wanted] == ["退款申请", "late delivery", "五 天"]
    assert [term.text for term in query.unwanted] == ["快递", "自提"]


@pytest.mark.parametrize("typed", ["", "-", '"', "!!!", "\0", "“”", "-“", "' | ! & :*"])
def test_what_has_no_letters_asks_for_nothing(typed):
    assert understand(typed).tsquery == ""


@pytest.mark.parametrize(
    ("typed", "number"),
    [("#1042", 1042), (" 1042 ", 1042), ("＃1042", 1042), ("1042 退款", None), ("9" * 30, None)],
)
def test_a_number_and_nothing_else_is_a_record(typed, number):
    assert understand(typed).number == number


def test_a_snippet_marks_what_was_found_as_it_was_written():
    text = "您好！" * 30 + "我要ＲＥＦＵＮＤ，<b>退貨</b>" + "谢谢。" * 60

    parts = snippet(text, understand("refund 退货").wanted)

    assert [part.text for part in parts if part.found] == ["ＲＥＦＵＮＤ", "退貨"]
    assert parts[0] == Part("… ")
    assert parts[-1] == Part(" …")


def test_a_snippet_without_a_place_is_the_beginning():
    assert snippet("Nothing here", understand("退款").wanted) == [Part("Nothing here")]


def test_a_word_is_not_marked_in_the_middle_of_another():
    assert not any(part.found for part in snippet("start", understand("art").wanted))
