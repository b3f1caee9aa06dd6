import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.kernel.text.normalising import (
    HEAD,
    TAIL,
    essence,
    head_and_tail,
    head_and_tail_with_places,
    normalise,
    normalise_with_places,
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Ａ４　OK！", "a4 ok!"),
        ("half\ud800 a letter", "half a letter"),
        ("這個產品很差，質量不行", "这个产品很差,质量不行"),
        ("It’s GREAT…", "it's great..."),
        ("👍🏻 ❤️", "👍 ❤"),
        ("a\u200bb\tc\nd", "ab c\nd"),
        ("cafe\u0301", "café"),
    ],
)
def test_what_looks_different_and_means_the_same_becomes_equal(written, normal):
    assert normalise(written) == normal


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_every_letter_of_the_normal_form_has_its_place(text):
    normal, places = normalise_with_places(text)

    assert normal == normalise(text)
    assert len(places) == len(normal) + 1
    assert places == sorted(places)
    assert places[-1] == len(text)


def test_a_place_in_the_normal_form_leads_to_the_text_as_written():
    text = "① ﬁne，質量"

    normal, places = normalise_with_places(text)

    at = normal.index("质")
    assert text[places[at] : places[at + 1]] == "質"


def test_of_long_texts_the_beginning_and_the_end_are_read():
    read = essence("a" * 1_000 + "z" * 200, subject="About it")

    assert read == f"About it\n{'a' * HEAD}\n{'z' * TAIL}"
    assert essence("short") == "short"


def test_of_a_long_text_the_middle_is_left_out_and_places_stay_right():
    text = f"ＡＢ{'中' * 20_000}ＹＺ"

    kept, places = head_and_tail_with_places(*normalise_with_places(text), 8)

    assert kept == "ab中中\n中中yz"
    assert len(places) == len(kept) + 1
    assert [text[places[at]] for at in (0, 1, 7, 8)] == list("ＡＢＹＺ")
    assert places[-1] == len(text)
    assert head_and_tail("short", 8) == "short"
