"""A model that is at work, the one that would follow it, and what comes in meanwhile."""

import numpy as np
import pytest

from analytics.text.comparison import compared, is_frozen
from analytics.text.drift import Profile, drift, profile, stability_index, together
from config.kernel.text.model import Model, part
from config.kernel.text.scoring import Scorer


def model(good, bad):
    """Says good or bad by one gram each."""
    return Model(
        ("bad", "good"),
        (part([good, bad], [1, 1], [[-1, 1], [1, -1]]),),
        np.zeros(2, np.float32),
    )


TEXTS = ["fine day"] * 40 + ["awful day"] * 40
TRUTH = [("good",)] * 40 + [("bad",)] * 40


def test_a_model_that_loses_nothing_is_not_worse():
    found = compared(model("fine", "sour"), model("fine", "awful"), TEXTS, TRUTH)

    assert not found.worse
    assert found.lost == 0
    assert found.new["accuracy"] >= found.old["accuracy"]


def test_a_model_that_loses_more_than_chance_is_worse():
    found = compared(model("fine", "awful"), model("sweet", "awful"), TEXTS, TRUTH)

    assert found.worse
    assert (found.won, found.lost) == (0, 40)
    assert found.chance == pytest.approx(2**-40)
    assert found.as_json()["worse"] is True


def test_a_profile_tells_of_unknown_words_confidence_and_labels():
    found = profile(Scorer({"m": model("fine", "awful")}).read(["fine", "fine x", "awful y"])["m"])

    assert found.n == 3
    assert found.shares == pytest.approx({"bad": 1 / 3, "good": 2 / 3})
    assert found.unknown == pytest.approx(1 - (1 + 1 / 3 + 1 / 3) / 3)
    assert Profile.from_json(found.as_json()) == found


def test_shares_that_stay_are_no_drift_and_shares_that_turn_are():
    then = Profile(500, 0.1, 0.8, {"bad": 0.3, "good": 0.7})

    assert stability_index(then.shares, then.shares) == 0
    assert stability_index({"a": 0.5, "b": 0.5}, {"a": 0.25, "b": 0.75}) == pytest.approx(
        0.2747, abs=1e-4
    )
    assert drift(then, Profile(500, 0.12, 0.79, {"bad": 0.33, "good": 0.67})).signs == ()
    assert drift(then, Profile(500, 0.3, 0.7, {"bad": 0.7, "good": 0.3})).signs == (
        "unknown",
        "confidence",
        "shares",
    )
    assert drift(then, Profile(20, 0.9, 0.1, {"bad": 1.0})).signs == ()


def test_a_tenth_of_all_is_kept_for_comparing_and_always_the_same():
    kept = [key for key in map(str, range(2_000)) if is_frozen(key)]

    assert 150 < len(kept) < 250
    assert kept == [key for key in map(str, range(2_000)) if is_frozen(key)]


def counted(counts, **more):
    number = sum(counts)
    shares = {str(at): one / number for at, one in enumerate(counts)}
    return Profile(number, 0.1, 0.8, shares, **more)


def test_chance_is_no_drift_however_many_labels_there_are():
    draw = np.random.default_rng(7)
    usual = draw.dirichlet(np.ones(40))
    then = [counted(draw.multinomial(150, usual)) for _ in range(60)]
    now = [counted(draw.multinomial(110, usual)) for _ in range(60)]

    found = [drift(*pair) for pair in zip(then, now, strict=True)]
    assert not any(one.signs for one in found)
    turned = counted(draw.multinomial(110, usual[::-1]))
    assert drift(then[0], turned).signs == ("shares",)


def test_what_few_uneven_texts_show_is_no_sign_and_of_many_it_is():
    def of(n, confidence):
        return Profile(n, 0.1, confidence, {"a": 1.0}, confidence_spread=0.25)

    assert drift(of(100, 0.8), of(100, 0.72)).signs == ()
    assert drift(of(1_000, 0.8), of(1_000, 0.72)).signs == ("confidence",)


def test_weeks_are_put_together_as_if_all_their_texts_had_been_read_at_once():
    read = Scorer({"m": model("fine", "awful")}).read
    texts = ["fine", "fine x", "awful y", "awful", "z z z fine"]

    whole = profile(read(texts)["m"]).as_json()
    parts = together([profile(read(texts[:2])["m"]), profile(read(texts[2:])["m"])]).as_json()
    assert parts.pop("shares") == pytest.approx(whole.pop("shares"))
    assert parts == pytest.approx(whole, abs=1e-6)
