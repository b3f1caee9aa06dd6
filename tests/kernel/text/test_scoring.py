"""Reading with a finished model, against the formula written out."""

import json
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from config.kernel.text.model import Model, part
from config.kernel.text.model_file import NotAModel, load, packed, save, unpacked
from config.kernel.text.reasons import reasons
from config.kernel.text.scoring import Scorer
from config.kernel.text.tokens import Analysis, grams

WORDS = {"好": (0, 2.0), "不": (1.5, 0), "不好": (3.0, -1.0), "slow": (2.0, -2.0), "!": (0.1, 0.1)}
PIECES = {"#<slo": (1.0, 0), "#low>": (0.5, 0)}


def a_part(weights):
    return part(
        list(weights), [1 + 0.5 * at for at in range(len(weights))], list(weights.values())
    )


@pytest.fixture(scope="module")
def mood():
    return Model(
        labels=("bad", "good"),
        parts=(a_part(WORDS), a_part(PIECES)),
        bias=np.array([0.1, -0.1], np.float32),
        analysis=Analysis(pieces=(4, 4)),
        temperature=0.7,
    )


@pytest.fixture(scope="module")
def topic():
    weights = {"slow": (1.0, 0.2, 0), "app": (0, 3.0, 0), "价": (0, 0, 2.0)}
    return Model(
        labels=("speed", "app", "price"),
        parts=(a_part(weights),),
        bias=np.zeros(3, np.float32),
        exclusive=False,
        thresholds=np.array([0.55, 0.5, 0.6], np.float32),
    )


def by_hand(model, text):
    scores = model.bias.astype(float)
    counts = Counter(grams(text, model.analysis))
    for one in model.parts:
        values = {
            at: (1 + math.log(counts[term])) * one.scale[at]
            for at, term in enumerate(one.terms)
            if counts[term]
        }
        length = math.sqrt(sum(value**2 for value in values.values())) or 1
        for at, value in values.items():
            scores = scores + value / length * one.weights[at]
    return scores


def test_probabilities_follow_the_formula_for_all_models_at_once(mood, topic):
    texts = ["不好!", "APP so SLOW, slow", "好好好 价", "", "完全陌生"]

    read = Scorer({"mood": mood, "topic": topic}).read(texts)

    for at, text in enumerate(texts):
        scores = by_hand(mood, text.lower()) / mood.temperature
        expected = np.exp(scores) / np.exp(scores).sum()
        assert read["mood"].probabilities[at] == pytest.approx(expected, abs=1e-5)
        several = 1 / (1 + np.exp(-by_hand(topic, text.lower())))
        assert read["topic"].probabilities[at] == pytest.approx(several, abs=1e-5)


def test_many_labels_are_summed_like_few(mood):
    generator = np.random.default_rng(3)
    wide = Model(
        labels=tuple(f"label {at}" for at in range(40)),
        parts=(part(list(WORDS), np.ones(5), generator.normal(size=(5, 40))),),
        bias=np.zeros(40, np.float32),
    )
    texts = ["", "不好 slow", "好"]

    probabilities = Scorer({"wide": wide}).read(texts)["wide"].probabilities

    for at, text in enumerate(texts):
        powers = np.exp(by_hand(wide, text))
        assert probabilities[at] == pytest.approx(powers / powers.sum(), abs=1e-5)


def test_people_are_offered_the_likeliest_labels(mood, topic):
    read = Scorer({"mood": mood, "topic": topic}).read(["不好", "app 价"])

    assert [guess.label for guess in read["mood"].top(0)] == ["bad", "good"]
    assert read["mood"].labels[0] == "bad"
    assert [guess.label for guess in read["topic"].chosen(1)] == ["app", "price"]
    assert read["mood"].known.tolist() == pytest.approx([1, 0])
    assert read["topic"].known.tolist() == pytest.approx([0, 0.5])


def test_no_texts_are_no_scores(mood):
    assert Scorer({"mood": mood}).read([])["mood"].probabilities.shape == (0, 2)


def test_reasons_are_the_words_that_decided_as_written(mood):
    text = "真的不好，ＳＬＯＷ"

    told = reasons(mood, text, "bad")

    assert [reason.words for reason in told] == ["ＳＬＯＷ", "不好"]
    assert [text[slice(*reason.spans[0])] for reason in told] == ["ＳＬＯＷ", "不好"]
    assert [reason.words for reason in reasons(mood, "很好", "good")] == ["好"]


@given(st.text(alphabet="不好吃ab d1!", min_size=1, max_size=25))
@settings(max_examples=80)
def test_every_reason_adds_up_what_its_grams_add_and_stands_where_it_is_shown(text):
    how = Analysis(letters=3, pieces=(2, 5), negation=True)
    terms = sorted({*grams(text, how)})
    assume(terms)
    model = Model(
        labels=("yes",),
        parts=(part(terms, [1.0] * len(terms), [[1.0]] * len(terms)),),
        bias=np.zeros(1, np.float32),
        analysis=how,
    )
    counts = Counter(grams(text, how))
    length = math.sqrt(sum((1 + math.log(times)) ** 2 for times in counts.values())) or 1

    for reason in reasons(model, text, "yes"):
        starts = [start for start, _ in reason.spans]
        assert starts == sorted({*starts})
        assert all(text[start:end] == reason.words for start, end in reason.spans)
        alone = (1 + math.log(counts[reason.words])) / length if reason.words in counts else 0
        pieces_or_denied = any(gram[0] in "#¬" and len(gram) > 1 for gram in counts)
        assert reason.weight >= alone - 1e-5
        assert pieces_or_denied or reason.weight == pytest.approx(alone, abs=1e-5)


def test_a_model_comes_back_from_its_file(tmp_path, mood, topic):
    for model in (mood, topic):
        save(model, tmp_path / "model")
        back = load(tmp_path / "model")

        text = ["app 不好 slow"]
        assert back.labels == model.labels
        assert (
            Scorer({"m": back}).read(text)["m"].probabilities.tolist()
            == Scorer({"m": model}).read(text)["m"].probabilities.tolist()
        )


def test_what_is_not_the_model_that_was_written_is_refused(tmp_path, mood):
    numbers, description = packed(mood)

    with pytest.raises(NotAModel):
        unpacked(numbers[:-1] + b"x", description)
    with pytest.raises(NotAModel):
        unpacked(numbers, {**description, "labels": ["good", "bad"]})
    save(replace(mood, facts={"n": 3}), tmp_path / "model")
    (tmp_path / "model.json").write_text("[]")
    with pytest.raises(NotAModel):
        load(tmp_path / "model")
    assert json.loads(json.dumps(description)) == description


def test_a_model_without_all_its_weights_is_none():
    with pytest.raises(ValueError, match="label"):
        Model(("a", "b"), (a_part(WORDS),), np.zeros(3, np.float32))
