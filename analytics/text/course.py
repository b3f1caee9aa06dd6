"""One course of learning: what is known, what is tried, and how good each try is."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.text.calibration import (
    temperature_of_decisions,
    thresholds_of,
)
from analytics.text.fitting import Plane, Recipe, fit
from analytics.text.folds import Rows, folds_of, scores_out_of_fold
from analytics.text.measures import confusion, figures_of_several, macro_f1
from analytics.text.self_training import teach
from analytics.text.space import Space, space_of
from config.kernel.text.model import Model, probabilities_of
from config.kernel.text.scoring import Scorer
from config.kernel.text.tokens import Analysis

SAMPLE = 6_000  # texts by which recipes are compared
GAIN = 0.001  # by which a recipe has to be better
FEW = 50  # labelled texts for each label, below which there is no choosing among recipes
FEWEST = 12  # labelled texts below which cross-validation says nothing
FEW_RECIPE = Recipe(strength=1.0, balanced=True)
MOST_LABELS_FOR_BAYES = 30
SKEWED = 1.5  # times as many texts of the commonest label as of the rarest
LATIN = 0.1  # share of texts with Latin words from which pieces of words are tried
SEED = 17


class Clock:
    """Seconds of processor time that may still be used."""

    def __init__(self, seconds: float) -> None:
        self.began = time.process_time()
        self.end = self.began + seconds

    @property
    def used(self) -> float:
        return time.process_time() - self.began

    def allows(self, seconds: float) -> bool:
        return time.process_time() + seconds < self.end


@dataclass(slots=True, eq=False)
class Course:
    """`texts`: first the `given` labelled ones, then those that are `hidden` (not labelled), then
    such whose label was `guessed` by seed words. `truth`: texts × labels, `trust`: of each
    text's labels, 0..1. `chinese`, `latin`: shares of texts with letters of the two.
    `prior`: a model that is there already."""

    texts: Sequence[str]
    truth: NDArray[np.bool_]
    trust: NDArray[np.floating]
    given: Rows
    hidden: Rows
    guessed: Rows
    exclusive: bool
    chinese: float
    latin: float
    clock: Clock
    prior: Model | None = None
    tried: dict[Recipe, float] = field(default_factory=dict)
    making: float = 0.0  # seconds that the last space took
    _space: tuple[Analysis, bool, Space] | None = None

    def space(self, recipe: Recipe) -> Space:
        """The last one is kept; others are made anew."""
        wanted = recipe.analysis, recipe.leaning
        if self._space is None or self._space[:2] != wanted:
            began = time.process_time()
            space = space_of(self.texts, recipe.analysis)
            if recipe.leaning and self.prior is not None:
                said = Scorer({"prior": self.prior}).scores("prior", self.texts)
                space = space.leaning_on(said)
            self._space = (*wanted, space)
            self.making = time.process_time() - began
        return self._space[2]

    @property
    def few(self) -> bool:
        return len(self.given) < FEW * self.truth.shape[1]

    def first_recipe(self) -> Recipe:
        """What is tried first, and taken where there is too little to compare."""
        counts = self.truth[self.given].sum(axis=0)
        counts = counts[counts > 0]
        skewed = bool(len(counts)) and counts.max() > SKEWED * counts.min()
        analysis = Analysis(pieces=(2, 5) if self.latin > LATIN else None)
        leaning = self.prior is not None
        if self.few:
            return replace(FEW_RECIPE, analysis=analysis, leaning=leaning)
        many = self.truth.shape[1] > MOST_LABELS_FOR_BAYES
        strength = 1.0 if many else 0.5  # each of many labels has little to be punished for
        return Recipe(analysis, strength, balanced=skewed, leaning=leaning)

    def plane(self, recipe: Recipe, *, with_hidden: bool, rows: Rows | None = None) -> Plane:
        """Learns from these rows of the labelled ones (all where none are named)."""
        matrix = self.space(recipe).matrix
        known = np.concatenate([self.given if rows is None else rows, self.guessed])
        if with_hidden:
            return teach(
                matrix,
                self.truth,
                recipe,
                labelled=known,
                unlabelled=self.hidden,
                trust=self.trust,
            )
        return fit(
            matrix[known],
            self.truth[known],
            recipe,
            exclusive=self.exclusive,
            trust=self.trust[known],
        )

    def out_of_fold(
        self, recipe: Recipe, *, with_hidden: bool = False, rows: Rows | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Scores of labelled texts by models that have not seen them, and what is true."""
        rows = self.given if rows is None else rows
        fold = folds_of([self.texts[at] for at in rows], self.truth[rows])
        matrix = self.space(recipe).matrix
        scores = scores_out_of_fold(
            matrix[rows],
            self.truth[rows],
            fold,
            lambda known: self.plane(recipe, with_hidden=with_hidden, rows=rows[known]),
        )
        return scores, self.truth[rows]

    def worth(self, scores: NDArray[np.float32], truth: NDArray[np.bool_]) -> float:
        """What recipes are compared by: the mean of accuracy and macro F1, or of micro and macro
        F1 where a text may have several labels."""
        if self.exclusive:
            table = confusion(scores, truth.argmax(axis=1))
            return (float(table.trace() / table.sum()) + macro_f1(table)) / 2
        temperature = temperature_of_decisions(scores, truth)
        warm = probabilities_of(scores, temperature, exclusive=False)
        names = [str(at) for at in range(truth.shape[1])]
        found = figures_of_several(warm, truth, thresholds_of(warm, truth), names)
        return float(found["micro_f1"] + found["macro_f1"]) / 2

    def choose(self) -> Recipe:
        """The best recipe that can be found in the time: one thing after the other is changed and
        kept when cross-validation is better by a tenth of a point. Half of the time is left."""
        rows = self.given
        if len(rows) > SAMPLE:
            rows = np.sort(np.array(random.Random(SEED).sample(list(rows), SAMPLE)))  # noqa: S311
        if not self.few:
            self.guessed = self._guessed_for_empty_labels()
        best = self.first_recipe()
        changes = self._changes(best)
        if not changes or len(rows) < FEWEST:
            return best
        best_worth, seconds = self._try(best, rows)
        for change in changes:
            tried = replace(best, **change)
            ahead = 2 * (seconds + self.making) + self._rest(seconds, rows)
            if tried in self.tried or not self.clock.allows(ahead):
                continue
            worth, took = self._try(tried, rows)
            seconds = max(seconds, took)
            if worth > best_worth + GAIN:
                best, best_worth = tried, worth
        return best

    def _rest(self, seconds: float, rows: Rows) -> float:
        """What learning from all texts will take after choosing."""
        return 1.5 * seconds * len(self.given) / max(len(rows), 1)

    def _changes(self, first: Recipe) -> list[dict[str, Any]]:
        leaning: list[dict[str, Any]] = [{"leaning": False}] if first.leaning else []
        if self.few:
            return leaning
        changes = [*leaning, {"strength": first.strength * 2}, {"strength": first.strength / 2}]
        changes += [{"strength": 0.1}, {"balanced": not first.balanced}]
        if self.truth.shape[1] <= MOST_LABELS_FOR_BAYES:
            changes.append({"bayes": True})
        if self.chinese > LATIN:
            changes.append({"analysis": replace(first.analysis, letters=3, negation=True)})
        return changes

    def _try(self, recipe: Recipe, rows: Rows) -> tuple[float, float]:
        self.space(recipe)
        began = time.process_time()
        self.tried[recipe] = self.worth(*self.out_of_fold(recipe, rows=rows))
        return self.tried[recipe], time.process_time() - began

    def settle(self, recipe: Recipe) -> bool:
        """Decides whether to learn from texts that were only guessed by seed words, and gives
        back whether to learn from those that nobody has labelled: whatever cross-validation says
        is best. Labels without any text keep what was guessed for them."""
        has_hidden = self.exclusive and self.few and len(self.hidden) >= FEW
        if len(self.given) < FEWEST:
            return has_hidden
        seeded, needed = self.guessed, self._guessed_for_empty_labels()
        ways = [(needed, False), (needed, True)] if has_hidden else [(needed, False)]
        if self.few and len(seeded) > len(needed):
            ways += [(seeded, with_hidden) for _, with_hidden in ways]
        if len(ways) == 1:
            self.guessed = needed
            return False
        worths = []
        for self.guessed, with_hidden in ways:
            worths.append(self.worth(*self.out_of_fold(recipe, with_hidden=with_hidden)))
        best = int(np.argmax(worths)) if max(worths) > worths[0] + GAIN else 0
        self.guessed, with_hidden = ways[best]
        return with_hidden

    def _guessed_for_empty_labels(self) -> Rows:
        empty = ~self.truth[self.given].any(axis=0)
        return self.guessed[self.truth[self.guessed][:, empty].any(axis=1)]
