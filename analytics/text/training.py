"""Teaches models: one label for each text, or several.

From labelled texts, from texts nobody has labelled yet, from seed words, or from the names of
categories alone; what is found out about itself comes along as figures.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.text.calibration import weights_of_shares
from analytics.text.course import FEW, Clock, Course
from analytics.text.fitting import Plane, Recipe
from analytics.text.fusion import second_half
from analytics.text.seed_calibration import temperature_by_seeds
from analytics.text.seeds import Seeds, places_by_seeds, texts_of_seeds
from analytics.text.space import LEANING, Space
from analytics.text.unseen import measured
from config.kernel.text.language import Language, language_of
from config.kernel.text.model import Model, part
from config.kernel.text.vectors import Encoder

SECONDS = 15.0  # of processor time that learning may take
MOST_HIDDEN = 5_000  # texts without labels that are learnt from
FEWEST_FOR_FIGURES = 6  # labelled texts below which nothing can be said about a model
TRUST_IN_SEEDS = 0.3
TRUST_IN_HINTS = 0.5
TEMPERATURE_UNKNOWN = 0.5
ASKED = 400  # texts by which the languages are told
SEED = 17
# Figures that are kept of the grams alone where a model hears vectors, too.
SHORT = ("n", "accuracy", "macro_f1", "micro_f1", "ece", "coverage")


class NothingToLearn(ValueError):
    """Fewer than two labels have a text, a name or a seed word."""


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """`figures`: how the model did on texts it had not seen (analytics.text.measures), by
    three-fold cross-validation on the labelled texts; empty where there are too few of them. Of a
    model that hears vectors, those of both halves; `without_vectors` are those of the grams."""

    model: Model
    recipe: Recipe
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt from; `labels`: those of each text, one each where `exclusive`."""

    texts: Sequence[str]
    labels: Sequence[Collection[str]]
    names: tuple[str, ...]
    unlabelled: Sequence[str] = ()
    seeds: Seeds | None = None
    exclusive: bool = True
    prior: Model | None = None
    hints: Sequence[tuple[str, str]] = ()
    encoder: Encoder | None = None
    drawn: Sequence[bool] = ()


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    names: Sequence[str] = (),
    unlabelled: Sequence[str] = (),
    seeds: Seeds | None = None,
    prior: Model | None = None,
    hints: Sequence[tuple[str, str]] = (),
    encoder: Encoder | None = None,
    drawn: Sequence[bool] = (),
    seconds: float = SECONDS,
) -> Trained:
    """A model that gives each text one label.

    `texts` and `unlabelled` are as `config.kernel.text.normalising.essence` gives them. `names`
    are all labels, also such without texts. With fewer than 50 labelled texts for each label
    cross-validation says whether seed words and `unlabelled` help.

    `prior` is a model that is there already, of any labels: its scores are learnt from like grams
    where cross-validation is better with them (some 50 labelled texts then do what 1,000 would),
    and it becomes part of the new model.

    `hints` are texts with the label that somebody gave them who need not know: they count half,
    are never measured by, and are left out where cross-validation is not better with them.

    `encoder` makes vectors of the texts, which are heard beside the grams where cross-validation
    is half a point better with them (analytics.text.fusion); without them the model is the same.

    `drawn`: which texts were drawn at random; of 30 or more there are figures of their own.

    NothingToLearn where fewer than two labels can be told apart.
    """
    every = (*names, *sorted({*labels, *(label for _, label in hints)}), *sorted(seeds or ()))
    lesson = Lesson(
        texts=texts,
        labels=[(label,) for label in labels],
        names=tuple(dict.fromkeys(every)),
        unlabelled=unlabelled,
        seeds=seeds,
        prior=prior,
        hints=hints,
        encoder=encoder,
        drawn=drawn,
    )
    return learnt(lesson, seconds)


def train_several(
    texts: Sequence[str],
    labels: Sequence[Collection[str]],
    *,
    names: Sequence[str] = (),
    encoder: Encoder | None = None,
    seconds: float = SECONDS,
) -> Trained:
    """A model that gives each text any number of labels, each with a threshold of its own."""
    every = (*names, *sorted({label for some in labels for label in some}))
    lesson = Lesson(texts, labels, tuple(dict.fromkeys(every)), exclusive=False, encoder=encoder)
    return learnt(lesson, seconds)


def learnt(lesson: Lesson, seconds: float = SECONDS) -> Trained:
    """See `train`, which is this with fewer words."""
    clock = Clock(seconds)
    course = _course(lesson, clock)
    known = np.concatenate([course.given, course.guessed])
    if course.truth[known].any(axis=0).sum() < (2 if lesson.exclusive else 1):
        raise NothingToLearn("At least two labels need a text or a seed word.")
    recipe = course.choose()
    with_hidden = course.settle(recipe)
    plane = course.plane(recipe, with_hidden=with_hidden)
    first_hint = len(course.texts) - len(lesson.hints)
    facts = {
        "n": len(lesson.texts),
        "labels": len(lesson.texts),
        "recipe": str(recipe),
        "unlabelled": len(course.hidden) if with_hidden else 0,
        "by_seeds": int((course.guessed < first_hint).sum()),
        "by_hints": int((course.guessed >= first_hint).sum()),
        "tried": {str(one): worth for one, worth in course.tried.items()},
    }
    model, found = _finished(course, recipe, plane, lesson, with_hidden=with_hidden)
    model.facts.update(facts, seconds=clock.used, figures=found)
    return Trained(model, recipe, found)


def _course(lesson: Lesson, clock: Clock) -> Course:
    texts, names, seeds = lesson.texts, lesson.names, lesson.seeds
    place = {name: at for at, name in enumerate(names)}
    hidden = list(lesson.unlabelled)
    if len(hidden) > MOST_HIDDEN:
        hidden = random.Random(SEED).sample(hidden, MOST_HIDDEN)  # noqa: S311 - a sample
    named = texts_of_seeds(names, seeds) if seeds is not None else []
    by_seeds = places_by_seeds(hidden, names, seeds) if seeds else np.full(len(hidden), -1)
    told = [*named, *lesson.hints]
    first_told = len(texts) + len(hidden)
    truth = np.zeros((first_told + len(told), len(names)), bool)
    for row, some in enumerate(lesson.labels):
        truth[row, [place[label] for label in some]] = True
    guessed = np.flatnonzero(by_seeds >= 0)
    truth[len(texts) + guessed, by_seeds[guessed]] = True
    for row, (_, label) in enumerate(told, first_told):
        truth[row, place[label]] = True
    trust = np.ones(len(truth))
    trust[len(texts) :] = TRUST_IN_SEEDS
    trust[first_told + len(named) :] = TRUST_IN_HINTS
    chinese, latin = _languages([*texts, *hidden])
    return Course(
        texts=[*texts, *hidden, *(text for text, _ in told)],
        truth=truth,
        trust=trust,
        given=np.arange(len(texts)),
        hidden=np.arange(len(texts), first_told),
        guessed=np.concatenate([len(texts) + guessed, np.arange(first_told, len(truth))]),
        exclusive=lesson.exclusive,
        clock=clock,
        prior=lesson.prior,
        chinese=chinese,
        latin=latin,
    )


def _languages(texts: Sequence[str]) -> tuple[float, float]:
    """Shares of texts with Chinese letters, and of texts that are English or mixed."""
    some = random.Random(SEED).sample(list(texts), min(ASKED, len(texts)))  # noqa: S311
    read = [language_of(text) for text in some]
    latin = sum(one.language in (Language.ENGLISH, Language.MIXED) for one in read)
    number = max(len(read), 1)
    return sum(one.zh > 0 for one in read) / number, latin / number


def _finished(
    course: Course,
    recipe: Recipe,
    plane: Plane,
    lesson: Lesson,
    *,
    with_hidden: bool,
) -> tuple[Model, dict[str, Any]]:
    """The model with its temperature and thresholds, and its figures."""
    space, exclusive, names = course.space(recipe), course.exclusive, lesson.names
    prior = course.prior if recipe.leaning else None
    labelled = course.truth[course.given]
    if len(labelled) < FEWEST_FOR_FIGURES or labelled.any(axis=0).sum() < 2:
        warm = _temperature_of_words(course, recipe, lesson, with_hidden=with_hidden)
        return model_of(space, plane, names, warm, exclusive=exclusive, prior=prior), {}
    scores, truth = course.out_of_fold(recipe, with_hidden=with_hidden)
    weights = _weights(course, space, plane, truth.argmax(axis=1)) if exclusive else None
    drawn = lesson.drawn
    alone = measured(scores, truth, names, exclusive=exclusive, weights=weights, drawn=drawn)
    model = model_of(space, plane, names, alone.temperature, exclusive=exclusive, prior=prior)
    model = replace(model, thresholds=alone.thresholds)
    half = None
    if lesson.encoder is not None:
        half = second_half(
            course, scores, names, lesson.encoder,
            balanced=recipe.balanced, weights=weights, drawn=drawn,
        )  # fmt: skip
    if half is None:
        return model, alone.figures
    without = {name: alone.figures[name] for name in SHORT if name in alone.figures}
    found = half.measured.figures | {"without_vectors": without}
    return replace(model, semantic=half.semantic), found


def _weights(
    course: Course, space: Space, plane: Plane, truth: NDArray[np.intp]
) -> NDArray[np.floating[Any]] | None:
    """Few labels are rarely as common as in the backlog; many are taken as they are."""
    if not course.few or len(course.hidden) < FEW:
        return None
    said = plane.scores(space.matrix[course.hidden]).argmax(axis=1)
    return weights_of_shares(truth, said, course.truth.shape[1])


def _temperature_of_words(
    course: Course, recipe: Recipe, lesson: Lesson, *, with_hidden: bool
) -> float:
    """Where too few texts have a label: what the seed words say of each other."""
    seeds, hidden = lesson.seeds, course.hidden
    if not seeds or not len(hidden) or not course.exclusive:
        return TEMPERATURE_UNKNOWN
    matrix, first_named = course.space(recipe).matrix, hidden[-1] + 1
    named = texts_of_seeds(lesson.names, seeds)

    def scores_of(half: Seeds, told: NDArray[np.intp]) -> NDArray[np.float32]:
        kept = set(texts_of_seeds(lesson.names, half))
        guessed = [at for at, one in enumerate(named, first_named) if one in kept]
        truth = course.truth.copy()
        truth[hidden] = False
        truth[hidden[told >= 0], told[told >= 0]] = True
        rows = np.concatenate([hidden[told >= 0], np.array(guessed, np.intp)])
        plane = replace(course, truth=truth, guessed=rows).plane(recipe, with_hidden=with_hidden)
        return plane.scores(matrix[hidden])

    texts = [course.texts[at] for at in hidden]
    return temperature_by_seeds(texts, lesson.names, seeds, scores_of) or TEMPERATURE_UNKNOWN


def model_of(
    space: Space,
    plane: Plane,
    names: Sequence[str],
    temperature: float,
    *,
    exclusive: bool = True,
    prior: Model | None = None,
) -> Model:
    """A finished model of a plane in its space: the words are one part, pieces another, and the
    parts of the model it leans on are weighed by what they were found worth."""
    parts = [
        part([space.terms[at] for at in rows], space.scale[rows], plane.weights[rows])
        for rows in (np.flatnonzero(~space.pieces), np.flatnonzero(space.pieces))
        if len(rows)
    ]
    bias, analysis = plane.bias, space.analysis
    if prior is not None and space.leaning:
        worth = LEANING * plane.weights[len(space.terms) :]
        parts += [part(one.terms, one.scale, one.weights @ worth) for one in prior.parts]
        bias = np.asarray(bias + prior.bias @ worth, np.float32)
        analysis |= prior.analysis
    return Model(
        labels=tuple(names),
        parts=tuple(parts),
        bias=bias,
        analysis=analysis,
        temperature=temperature,
        exclusive=exclusive,
    )
