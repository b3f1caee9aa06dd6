import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from config.kernel.text.similarity import (
    DUPLICATE,
    Recent,
    common_letters,
    copies,
    cosine,
    duplicates,
    fingerprint,
    packed,
    similarity,
    unpacked,
)
from tests.kernel.text.copies import edited

CHINESE = [
    "送餐太慢了，等了一个半小时，汤都凉了",
    "房间很干净，前台的服务态度也好，下次还来",
    "充电器用了两天就坏了，客服一直不回复我",
    "发票抬头写错了，请帮我重新开一张",
    "耳机左边没有声音，申请换货已经三天没人理",
    "这本书印刷很差，有几页是空白的",
    "快递小哥很有礼貌，包装也很结实",
    "会员积分什么时候到账，页面上一直显示处理中",
]
ENGLISH = [
    "My flight was cancelled and nobody at the desk could tell me when the next one leaves.",
    "The jacket arrived with a broken zip, I would like my money back please.",
    "How long does a transfer to an account in another country take?",
    "Great service, the technician came on time and fixed the washing machine at once.",
    "I was charged twice for the same order and still wait for a refund.",
    "The app closes by itself whenever I open the list of my invoices.",
]


def test_common_letters_are_counted_by_the_longest_common_subsequence():
    # By hand: "abcbdab" and "bdcaba" share 4 letters in order (bcba), 13 letters in all.
    assert common_letters("abcbdab", "bdcaba") == pytest.approx(2 * 4 / 13)


def test_the_cosine_is_that_of_the_sets_of_runs():
    # By hand: abcd has ab bc cd abc bcd, abce has ab bc ce abc bce; 3 of 5 and 5 are common.
    assert cosine(fingerprint("abcd"), fingerprint("abce")) == pytest.approx(3 / 5)


@pytest.mark.parametrize("texts", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_copies_with_a_fifth_of_their_letters_edited_are_found_and_nothing_else(texts):
    copies = [edited(text, 0.2, seed=seed) for text in texts for seed in range(5)]
    pairs = [(text, copy) for at, text in enumerate(texts) for copy in copies[5 * at : 5 * at + 5]]

    found = [similarity(text, copy) >= DUPLICATE for text, copy in pairs]
    others = [similarity(one, other) for one in texts for other in texts if one != other]

    assert sum(found) / len(found) >= 0.95
    assert max(others) < DUPLICATE


def test_capitals_width_tradition_and_punctuation_make_no_difference():
    assert similarity("客服態度很差！！！", "客服态度很差") == 1
    assert similarity("ＲＥＦＵＮＤ please", "Refund, please.") == 1


def test_sentences_that_change_places_stay_a_copy():
    one, other = CHINESE[0] + "。", CHINESE[4] + "。"

    assert similarity(one + other, other + one) >= DUPLICATE


@pytest.mark.parametrize(
    ("one", "other"), [("", "好"), ("👍", "👎"), ("好评", "差评"), ("a", "b")]
)
def test_what_is_hardly_a_text_is_a_copy_of_the_same_only(one, other):
    assert similarity(one, one) == 1
    assert similarity(one, other) < DUPLICATE


def test_all_pairs_of_a_batch_are_found_once():
    texts = [*CHINESE, edited(CHINESE[2], 0.1, seed=3), *ENGLISH, ENGLISH[4].upper()]

    pairs = [(pair.one, pair.other) for pair in duplicates(texts)]

    assert pairs == [(2, 8), (13, 15)]


def test_the_last_texts_are_remembered_and_older_ones_forgotten():
    recent = Recent(limit=300)
    recent.extend((number, fingerprint(text)) for number, text in enumerate(CHINESE))
    near = fingerprint(edited(CHINESE[5], 0.1, seed=1))

    assert [match.key for match in recent.nearest(near)] == [5]
    for number in range(1000, 1700):
        recent.add(number, fingerprint(f"{number * 7919 % 100_003} {ENGLISH[number % 6]}"))

    assert recent.nearest(near) == []
    assert recent.last_key == 1699
    assert recent.nearest(fingerprint("1005 " + ENGLISH[5])) != []


def test_later_copies_hide_no_earlier_one_and_fewer_hashes_find_long_texts():
    recent = Recent(hashes=96)
    texts = ["".join(CHINESE), " ".join(ENGLISH)]
    recent.extend((number, fingerprint(text)) for number, text in enumerate(texts))
    recent.extend((number, fingerprint(texts[0])) for number in [*range(100, 130), 0])

    assert len(recent) == 32
    for number, text in enumerate(texts):
        near = recent.nearest(fingerprint(edited(text, 0.2, seed=4)), before=50)
        assert [match.key for match in near] == [number]


def test_a_long_text_has_a_fingerprint_of_one_kilobyte_that_comes_back_as_it_was():
    print_ = fingerprint("".join(CHINESE + ENGLISH) * 2)

    assert len(packed(print_)) == 1024
    assert np.array_equal(unpacked(memoryview(packed(print_))), print_)


def test_the_command_compares_pairs_and_says_how_right_it_is(tmp_path):
    file = tmp_path / "pairs.csv"
    rows = [
        "text_a,text_b,label",
        f"{CHINESE[0]},{edited(CHINESE[0], 0.1, seed=2)},1",
        f"{CHINESE[0]},{CHINESE[1]},0",
        f'"{ENGLISH[1]}","{ENGLISH[1].lower()}",yes',
        f'"{ENGLISH[1]}",{CHINESE[3]},1',
    ]
    file.write_text("\n".join(rows), encoding="utf-8-sig")
    out = StringIO()

    call_command("compare_texts", file, json=True, stdout=out)

    said = json.loads(out.getvalue())
    assert [one["duplicate"] for one in said["results"]] == [True, False, True, False]
    assert (said["precision"], said["recall"], said["accuracy"]) == (1.0, 0.6667, 0.75)


@pytest.mark.parametrize(
    ("text", "said"),
    [("one,two\na,b", "lacks: text_a, text_b"), ("text_a,text_b,label\na,b,perhaps", "Line 2")],
)
def test_a_file_that_does_not_fit_is_refused_in_words(tmp_path, text, said):
    file = tmp_path / "pairs.csv"
    file.write_text(text)

    with pytest.raises(CommandError, match=said):
        call_command("compare_texts", file)


def test_the_copies_among_others_are_those_whose_similarity_says_so() -> None:
    others = dict(
        enumerate([*CHINESE, *ENGLISH, edited(CHINESE[3], 0.15, seed=1), ENGLISH[0].upper()])
    )

    for text in (CHINESE[3], ENGLISH[0], ENGLISH[5]):
        told = {key: similarity(text, other) for key, other in others.items()}
        expected = {key: value for key, value in told.items() if value >= DUPLICATE}
        prints = {key: (other, fingerprint(other)) for key, other in others.items()}
        found = copies(text, fingerprint(text), prints)
        assert {one.key: one.similarity for one in found} == expected
        assert expected
