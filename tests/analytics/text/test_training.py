import itertools

import numpy as np
import pytest

from analytics.text.fitting import Recipe, fit
from analytics.text.folds import folds_of
from analytics.text.seeds import places_by_seeds
from analytics.text.space import space_of
from analytics.text.training import NothingToLearn, model_of, train, train_several
from config.kernel.text.model_file import packed, unpacked
from config.kernel.text.scoring import Scorer
from config.kernel.text.tokens import Analysis
from tests.analytics.text.corpus import corpus

SEEDS = {
    "delivery": ["快递", "物流", "包裹", "parcel", "courier"],
    "quality": ["坏", "死机", "划痕", "broken", "stopped"],
    "price": ["贵", "降价", "优惠", "cost", "coupon"],
}


def said(model, texts):
    return Scorer({"m": model}).read(texts)["m"]


def share_right(model, number=30):
    texts, labels = corpus(number, seed=9)
    return np.mean(
        [one == other for one, other in zip(said(model, texts).labels, labels, strict=True)]
    )


def test_what_is_taught_is_what_a_finished_model_computes():
    texts, labels = corpus(20)
    names = sorted(set(labels))
    truth = np.array([[label == name for name in names] for label in labels])
    space = space_of(texts, Analysis(letters=3, pieces=(2, 4), negation=True))
    plane = fit(space.matrix, truth, Recipe(bayes=True, balanced=True))

    model = model_of(space, plane, names, 0.8)

    expected = model.probabilities(plane.scores(space.matrix))
    assert said(model, texts).probabilities == pytest.approx(expected, abs=1e-5)


def test_a_model_learns_from_examples_and_says_how_good_it_is():
    texts, labels = corpus(60)

    trained = train(texts, labels, seconds=5)

    assert share_right(trained.model) > 0.95
    assert trained.figures["accuracy"] > 0.9
    assert trained.figures["n"] == len(texts)
    assert set(trained.figures["per_label"]) == set(SEEDS)
    assert trained.figures["coverage"]["95"]["coverage"] > 0.9
    assert trained.figures["ece"] < 0.15
    assert trained.model.facts["figures"] == trained.figures
    assert unpacked(*packed(trained.model)).labels == trained.model.labels


def test_names_and_seed_words_alone_are_enough_to_begin_with():
    trained = train([], [], seeds=SEEDS)

    assert share_right(trained.model) > 0.6
    assert trained.figures == {}


def test_seed_words_and_a_backlog_are_a_better_beginning():
    backlog, _ = corpus(40, seed=5)

    trained = train([], [], seeds=SEEDS, unlabelled=backlog)

    assert share_right(trained.model) > 0.9
    assert trained.model.facts["by_seeds"] > 90


def test_seed_words_that_contradict_each_other_make_a_model_doubt():
    backlog, _ = corpus(60, seed=5)
    first = {
        "delivery": ["快递", "courier"],
        "quality": ["屏幕", "stopped"],
        "price": ["贵", "coupon"],
    }
    second = {
        "delivery": ["包裹", "parcel"],
        "quality": ["按键", "broken"],
        "price": ["降价", "cost"],
    }
    asked = list(second.values())

    def sure(turned):
        mixed = {
            label: [
                word for pair in zip(words, asked[(at + turned) % 3], strict=True) for word in pair
            ]
            for at, (label, words) in enumerate(first.items())
        }
        return train([], [], seeds=mixed, unlabelled=backlog).model.temperature

    assert sure(0) < 0.5 * sure(1)


def test_seed_words_that_mislead_are_not_learnt_from_once_there_are_labels():
    texts, labels = corpus(12)
    backlog, _ = corpus(30, seed=5)
    wrong = {"delivery": SEEDS["price"], "quality": SEEDS["delivery"], "price": SEEDS["quality"]}

    trained = train(texts, labels, seeds=wrong, unlabelled=backlog)

    assert trained.model.facts["by_seeds"] == 0
    assert share_right(trained.model) > 0.9


def test_a_new_label_without_texts_is_found_by_its_seed_words():
    texts, labels = corpus(12)
    known = [(text, label) for text, label in zip(texts, labels, strict=True) if label != "price"]

    trained = train(*zip(*known, strict=True), seeds=SEEDS, unlabelled=texts)

    assert said(trained.model, ["优惠券用不了"]).labels == ["price"]


def test_of_few_labels_the_backlog_helps_only_when_cross_validation_says_so():
    texts, labels = corpus(4)
    backlog, _ = corpus(40, seed=5)

    helped = train(texts, labels, unlabelled=backlog)
    alone = train(texts, labels)

    assert helped.model.facts["unlabelled"] in {0, 120}
    assert share_right(helped.model) >= share_right(alone.model)


def test_a_text_can_have_several_labels():
    texts, labels = corpus(40)
    both = [f"{one} {other}" for one, other in itertools.pairwise(texts)]
    sets = [{one, other} for one, other in itertools.pairwise(labels)]

    trained = train_several(both, sets, seconds=4)

    read = said(trained.model, ["快递太慢了 等了很久 价格太贵了", "屏幕有划痕"])
    assert {guess.label for guess in read.chosen(0)} == {"delivery", "price"}
    assert {guess.label for guess in read.chosen(1)} == {"quality"}
    assert trained.figures["micro_f1"] > 0.9


def test_a_label_without_texts_is_known_and_never_said():
    texts, labels = corpus(20)

    trained = train(texts, labels, names=["praise"], seconds=3)

    read = said(trained.model, texts)
    assert "praise" in trained.model.labels
    assert "praise" not in read.labels


@pytest.mark.parametrize("labels", [[], ["only"] * 3])
def test_one_label_is_nothing_to_learn(labels):
    with pytest.raises(NothingToLearn):
        train(["a", "b", "c"][: len(labels)], labels)


def test_equal_texts_are_in_one_fold_and_every_label_is_in_each():
    texts = ["好 1", "好 2", "好 3", "坏 1", "坏 2", "坏 3", "坏 3", "坏 ３"]
    truth = np.array([[text[0] == "好", text[0] == "坏"] for text in texts])

    fold = folds_of(texts, truth)

    assert len(set(fold[5:])) == 1
    for label in (0, 1):
        assert set(fold[truth[:, label]]) == {0, 1, 2}


def test_seed_words_are_found_where_they_mean_something():
    texts = ["快遞很慢", "It was delivered late", "Undelivered", "快递又贵", "!"]
    seeds = {"delivery": ["快递", "deliver"], "price": ["贵了", "贵的价"]}

    assert places_by_seeds(texts, ["delivery", "price"], seeds).tolist() == [0, 0, -1, 0, -1]


def test_a_model_that_is_there_already_is_leant_on():
    prior = train(*corpus(60), seconds=2).model
    texts, labels = corpus(5, seed=3)
    names = {"delivery": "courier", "quality": "thing", "price": "money"}
    own = [names[label] for label in labels]

    leaning = train(texts, own, prior=prior, seconds=3)

    assert leaning.recipe.leaning
    asked, truth = corpus(30, seed=9)
    found = said(leaning.model, asked)
    assert found.labels == [names[label] for label in truth]


def test_leaning_is_folded_into_the_finished_model():
    texts, labels = corpus(10)
    prior = train(*corpus(30, seed=2), seconds=1).model
    names = sorted(set(labels))
    truth = np.array([[label == name for name in names] for label in labels])
    scores = Scorer({"prior": prior}).scores("prior", texts)
    space = space_of(texts, Analysis(letters=3)).leaning_on(scores)
    plane = fit(space.matrix, truth, Recipe(bayes=True, leaning=True))

    model = model_of(space, plane, names, 0.8, prior=prior)

    expected = model.probabilities(plane.scores(space.matrix))
    assert said(model, texts).probabilities == pytest.approx(expected, abs=1e-4)
