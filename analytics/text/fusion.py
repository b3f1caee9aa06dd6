"""The half of a model that reads vectors of sentences beside the grams: taught where an encoder is
installed, and kept where cross-validation says that both together are better.

Late fusion: the scores of the grams and the log odds of a logistic regression over the vectors,
each divided by its own temperature, are added with a share that cross-validation chooses.
"""

import random
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.text.course import FEWEST, Course
from analytics.text.fitting import NEVER, Plane
from analytics.text.folds import Rows, folds_of, scores_out_of_fold
from analytics.text.unseen import Measured, measured, warmth
from config.kernel.text.vectors import Encoder, Numbers, Semantic

MOST = 8_000  # texts whose vectors are learnt from
SECONDS = 20.0  # of processor time that making them may take
AT_ONCE = 128
WORTH_IT = 0.005  # by which both must be better than the grams alone, for vectors take time
STRENGTHS = (10.0, 2.0)  # C of the regression: 1 / (weight of its penalty)
SHARES = (0.25, 0.5, 0.75)  # of the vectors
ROUNDS = 200
SEED = 17

# Vectors of texts, their labels, and how far these are trusted.
_Guessed = tuple[Numbers, NDArray[np.bool_], NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class SecondHalf:
    """`measured`: how both halves did together on texts they had not seen."""

    semantic: Semantic
    measured: Measured


@dataclass(frozen=True, slots=True, eq=False)
class _Blend:
    worth: float
    strength: float
    factor: float
    scores: Numbers


def second_half(
    course: Course,
    scores: Numbers,
    names: Sequence[str],
    encoder: Encoder,
    *,
    balanced: bool,
    weights: NDArray[np.floating[Any]] | None = None,
    drawn: Sequence[bool] = (),
    seconds: float = SECONDS,
) -> SecondHalf | None:
    """The half of the vectors, or None where it is not worth its time. `scores`: those of the
    grams for the labelled texts of the course, by models that had not seen them; `weights`: of
    these texts for the temperature; `drawn`: which of them were drawn at random."""
    chosen = random.Random(SEED).sample(range(len(course.given)), len(course.given))  # noqa: S311
    vectors = _encoded([course.texts[course.given[at]] for at in chosen[:MOST]], encoder, seconds)
    places = np.array(chosen[: len(vectors)], np.intp)
    truth, scores = course.truth[course.given[places]], scores[places]
    if len(places) < FEWEST or truth.any(axis=0).sum() < 2:
        return None
    texts = [course.texts[course.given[at]] for at in places]
    guessed = _guessed(course, encoder)
    pupil = _Pupil(vectors, truth, guessed, course.exclusive, balanced)
    best = _best(course, pupil, scores, folds_of(texts, truth))
    if best.factor == 0:
        return None
    plane = pupil.taught(np.arange(len(places)), best.strength)
    of_texts = None if weights is None else weights[places]
    found = measured(
        best.scores, truth, names, exclusive=course.exclusive, weights=of_texts,
        drawn=[drawn[at] for at in places] if drawn else (),
    )  # fmt: skip
    half = Semantic(
        encoder=encoder.name,
        weights=plane.weights * np.float32(best.factor),
        bias=plane.bias * np.float32(best.factor),
        temperature=found.temperature,
        thresholds=found.thresholds,
    )
    return SecondHalf(half, found)


def _encoded(texts: Sequence[str], encoder: Encoder, seconds: float) -> Numbers:
    """Of as many of the first texts as the time allows."""
    end = time.process_time() + seconds
    found: list[Numbers] = []
    for first in range(0, len(texts), AT_ONCE):
        found.append(encoder.encode(texts[first : first + AT_ONCE]))
        if time.process_time() > end:
            break
    return np.concatenate(found) if found else np.zeros((0, 0), np.float32)


def _guessed(course: Course, encoder: Encoder) -> _Guessed:
    """Texts whose label was only guessed, as far as the course learns from them."""
    rows = course.guessed[:MOST]
    if not len(rows):
        return np.zeros((0, 0), np.float32), course.truth[:0], course.trust[:0]
    vectors = _encoded([course.texts[at] for at in rows], encoder, SECONDS / 4)
    rows = rows[: len(vectors)]
    return vectors, course.truth[rows], course.trust[rows]


@dataclass(frozen=True, slots=True, eq=False)
class _Pupil:
    vectors: Numbers
    truth: NDArray[np.bool_]
    guessed: _Guessed
    exclusive: bool
    balanced: bool

    def taught(self, rows: Rows, strength: float) -> Plane:
        vectors, truth = self.vectors[rows], self.truth[rows]
        trust = np.ones(len(rows))
        if len(self.guessed[0]):
            vectors = np.concatenate([vectors, self.guessed[0]])
            truth = np.concatenate([truth, self.guessed[1]])
            trust = np.concatenate([trust, self.guessed[2]])
        weights = np.zeros((vectors.shape[1], truth.shape[1]), np.float32)
        bias = np.full(truth.shape[1], NEVER, np.float32)
        if self.exclusive:
            self._together(vectors, truth.argmax(axis=1), (strength, trust), weights, bias)
        else:
            for at in np.flatnonzero(truth.any(axis=0) & ~truth.all(axis=0)):
                machine = self._machine(vectors, truth[:, at], strength, trust)
                weights[:, at], bias[at] = machine.coef_[0], machine.intercept_[0]
        return Plane(weights, bias)

    def out_of_fold(self, fold: Rows, strength: float) -> Numbers:
        return scores_out_of_fold(
            self.vectors, self.truth, fold, lambda rows: self.taught(rows, strength)
        )

    def _together(
        self,
        vectors: Numbers,
        labels: Rows,
        how: tuple[float, NDArray[np.floating]],
        weights: Numbers,
        bias: Numbers,
    ) -> None:
        known = np.unique(labels)
        if len(known) < 2:
            bias[known] = 0
            return
        machine = self._machine(vectors, labels, *how)
        if len(known) == 2:
            half = machine.coef_[0] / 2
            weights[:, known] = np.stack([-half, half], axis=1)
            bias[known] = machine.intercept_[0] / 2 * np.array([-1, 1])
        else:
            weights[:, known], bias[known] = machine.coef_.T, machine.intercept_

    def _machine(self, vectors: Numbers, labels: Any, strength: float, trust: Any) -> Any:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        with warnings.catch_warnings():  # the last rounds change nothing that counts
            warnings.simplefilter("ignore", ConvergenceWarning)
            return LogisticRegression(
                C=strength,
                class_weight="balanced" if self.balanced else None,
                max_iter=ROUNDS,
            ).fit(vectors, labels, sample_weight=trust)


def _best(course: Course, pupil: _Pupil, scores: Numbers, fold: Rows) -> _Blend:
    """The best of all shares; a factor of 0 stands for the grams alone."""
    truth = pupil.truth
    alone = _Blend(course.worth(scores, truth) + WORTH_IT, 0.0, 0.0, scores)
    warm = warmth(scores, truth, exclusive=course.exclusive)
    blends = [alone]
    for strength in STRENGTHS:
        heard = pupil.out_of_fold(fold, strength)
        ratio = warm / warmth(heard, truth, exclusive=course.exclusive)
        for share in SHARES:
            factor = share / (1 - share) * ratio
            both = np.asarray(scores + heard * factor, np.float32)
            blends.append(_Blend(course.worth(both, truth), strength, factor, both))
    return max(blends, key=lambda one: one.worth)
