import numpy as np
import pytest

from analytics.metrics.discoveries import adjusted
from analytics.text.keywords import Terms, Wording, log_odds, singular, telling

TEXTS = [
    ["屏幕", "坏", "客服", "态度", "差"],
    ["客服", "态度", "好", "的"],
    ["客服", "态度", "很", "冷"],
    ["屏幕", "清楚", "物流", "快"],
    ["the", "refunds", "customer", "service", "late"],
    ["customer", "service", "refund"],
    ["customer", "service", "kind"],
]


def counted(terms, counts):
    return {term.label: int(count) for term, count in zip(terms.terms, counts, strict=True)}


def test_words_are_counted_in_texts_without_stop_words_and_in_one_number():
    found = counted(terms := Terms(TEXTS), terms.of())

    assert found["屏幕"] == 2
    assert found["refund"] == 2
    assert {"的", "很", "the"}.isdisjoint(found)


def test_words_that_stand_beside_each_other_are_a_phrase_and_its_parts_step_back():
    terms = Terms(TEXTS)
    counts = terms.of()

    shown = {terms.terms[at].label for at in np.flatnonzero(telling(terms.terms, counts))}

    assert counted(terms, counts)["客服态度"] == 3
    assert {"客服态度", "customer service", "屏幕"} <= shown
    assert shown.isdisjoint({"客服", "态度", "customer", "service"})


def test_three_words_that_stay_together_are_one_phrase():
    texts = [["lost", "baggage", "claim", f"word{number}"] for number in range(4)]

    assert counted(terms := Terms([*texts, *TEXTS]), terms.of())["lost baggage claim"] == 4


def test_the_admin_takes_words_out_and_makes_words_one():
    wording = Wording(stop={"清楚"}, synonyms={"荧幕": "屏幕", "显示屏": "屏幕"})
    terms = Terms([["荧幕", "显示屏", "清楚"], ["屏幕"]], wording)

    assert counted(terms, terms.of()) == {"屏幕": 2}
    assert wording.written("屏幕") == ["屏幕", "显示屏", "荧幕"]
    assert wording.written("清楚") == []
    assert wording.keyword("cy261161153") is None


@pytest.mark.parametrize(
    ("written", "counted_as"),
    [
        ("refunds", "refund"),
        ("batteries", "battery"),
        ("boxes", "box"),
        ("jetblue's", "jetblue"),
        ("glass", "glass"),
        ("status", "status"),
        ("series", "series"),
        ("客服", "客服"),
    ],
)
def test_plurals_count_as_their_word_and_are_found_again(written, counted_as):
    assert singular(written) == counted_as
    assert written in Wording().written(counted_as)


def test_groups_are_counted_beside_each_other():
    terms = Terms(TEXTS)

    by_group = terms.by_group(np.array([0, 0, 0, 0, 1, 1, -1]), 2)

    at = [term.label for term in terms.terms].index("refund")
    assert by_group[:, at].tolist() == [0, 2]
    assert terms.of(np.array([True] * 3 + [False] * 4))[0] == 1


def test_log_odds_with_a_prior_are_those_of_the_formula():
    """By hand: α₀ = 10, both groups hold 30 words, the first word 12 of them, so α = 4.
    δ = ln(14/(20+10-14)) - ln(6/(10+10-6)) = ln(14/16) - ln(6/14) = 0.71376;
    z = δ / √(1/14 + 1/6) = 0.71376 / 0.48795 = 1.4628."""
    first, second = np.array([10, 10]), np.array([2, 8])

    word, other = log_odds(first, second, prior=10)

    assert (word.first, word.second) == (10, 2)
    assert word.log_odds == pytest.approx(0.71376, abs=1e-5)
    assert word.z == pytest.approx(1.4628, abs=1e-4)
    assert other.log_odds == pytest.approx(-word.log_odds)


def test_a_rare_word_does_not_win_against_a_frequent_one():
    first, second = np.array([2, 60, 938]), np.array([0, 20, 980])

    rare, frequent, _rest = log_odds(first, second)

    assert frequent.z > 3 > abs(rare.z)


def test_false_discoveries_are_held_down():
    assert adjusted([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])
    assert adjusted([0.04] + [0.5] * 19)[0] > 0.05
    assert adjusted([]) == []


def test_no_texts_have_no_terms():
    assert Terms([]).terms == []
    assert Terms([[], ["的"]]).of().tolist() == []


def test_the_only_word_of_all_texts_sets_nothing_apart():
    assert [one.z for one in log_odds(np.array([9]), np.array([1]))] == [0.0]
