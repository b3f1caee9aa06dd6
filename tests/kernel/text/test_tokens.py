from collections import Counter

import pytest

from config.kernel.text.tokens import Analysis, grams
from config.kernel.text.words import Segmenter, words


def test_chinese_gives_letters_and_pairs_and_latin_gives_words_and_pairs():
    assert Counter(grams("app不好 so slow")) == Counter(
        ["app", "不", "好", "不好", "so", "slow", "so slow"]
    )


def test_marks_emoji_and_emoticons_are_grams_of_their_own():
    assert grams("👍 [爱你] :) !!! <3") == ["👍", "[爱你]", ":)", "!!!", "<3"]


def test_all_addresses_are_one_gram():
    assert grams("https://example.com/a?b www.example.org") == [
        "<url>",
        "<url>",
        "<url> <url>",
    ]


def test_pieces_of_words_know_their_edges():
    assert grams("pay", Analysis(pieces=(4, 5))) == ["pay", "#<pay", "#pay>", "#<pay>"]


def test_a_negation_marks_what_stands_behind_it_in_its_clause():
    marked = [
        gram for gram in grams("i did not like it, ok", Analysis(negation=True)) if "¬" in gram
    ]
    assert marked == ["¬like", "¬it"]
    assert "¬好吃" in grams("真不好吃", Analysis(negation=True))


@pytest.mark.parametrize("wrong", [{"letters": 0}, {"words": 3}])
def test_grams_have_a_length(wrong):
    with pytest.raises(ValueError, match="Grams"):
        Analysis(**wrong)


def test_two_ways_of_cutting_are_put_together():
    both = Analysis(pieces=(3, 4)) | Analysis(letters=3, pieces=(2, 3), negation=True)

    assert both == Analysis(letters=3, pieces=(2, 4), negation=True)


def test_words_of_a_company_are_words():
    text = "回音通真好用 in 2026"

    assert "回音通" not in words(text)
    assert Segmenter(["回音通"]).words(text)[0] == "回音通"
    assert [
        text[start:end] for _, start, end in Segmenter(["回音通"]).words_with_places(text)
    ] == Segmenter(["回音通"]).words(text)
