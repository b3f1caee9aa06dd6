"""Trains and asks a model as the product would, and says how it did."""

import random
import resource
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.text.measures import figures, figures_of_several
from analytics.text.seeds import Seeds
from analytics.text.training import SECONDS, SHORT, Lesson, Trained, learnt
from config.kernel.text.model import Model
from config.kernel.text.scoring import Scorer
from config.kernel.text.vectors import Encoder

KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Trial:
    """Texts and their labels to learn from and to be asked about. `per_class`: so many texts of
    each label are learnt from, drawn by `seed`; the rest is a backlog without labels."""

    texts: Sequence[str]
    labels: Sequence[Collection[str]]
    asked: Sequence[str]
    truth: Sequence[Collection[str]]
    exclusive: bool = True
    per_class: int | None = None
    seed: int = 0
    seeds: Seeds | None = None
    prior: Model | None = None
    encoder: Encoder | None = None

    def lesson(self) -> Lesson:
        """What is learnt from. Labels that only the asked texts have are not known."""
        names = sorted({label for some in self.labels for label in some} | set(self.seeds or ()))
        chosen = list(range(len(self.texts)))
        if self.per_class is not None:
            chosen = self._drawn(self.per_class)
        rest = set(range(len(self.texts))) - set(chosen)
        return Lesson(
            texts=[self.texts[at] for at in chosen],
            labels=[self.labels[at] for at in chosen],
            names=tuple(names),
            unlabelled=[self.texts[at] for at in sorted(rest)],
            seeds=self.seeds,
            exclusive=self.exclusive,
            prior=self.prior,
            encoder=self.encoder,
        )

    def _drawn(self, per_class: int) -> list[int]:
        by_label: defaultdict[str, list[int]] = defaultdict(list)
        for at, some in enumerate(self.labels):
            for label in some:
                by_label[label].append(at)
        generator = random.Random(self.seed)  # noqa: S311 - a sample, no secret
        drawn = [
            generator.sample(places, min(per_class, len(places)))
            for _, places in sorted(by_label.items())
        ]
        return sorted({at for places in drawn for at in places})


def evaluate(trial: Trial, seconds: float = SECONDS) -> dict[str, Any]:
    """Figures of the asked texts (analytics.text.measures), and what it cost: texts for each
    second of processor time while learning and while reading, and the most memory in MiB."""
    lesson = trial.lesson()
    began = time.process_time()
    trained = learnt(lesson, seconds)
    learning = time.process_time() - began
    return {
        "n_train": len(lesson.texts),
        "n_unlabelled": len(lesson.unlabelled),
        "n_test": len(trial.asked),
        "labels": list(trained.model.labels),
        "recipe": str(trained.recipe),
        "hears_vectors": trained.model.semantic is not None,
        **asked(trained.model, trial.asked, trial.truth, trial.encoder),
        **_cost(trained, trial, learning, len(lesson.texts)),
        "out_of_fold": _short(trained.figures),
    }


def asked(
    model: Model,
    texts: Sequence[str],
    truth: Sequence[Collection[str]],
    encoder: Encoder | None = None,
) -> dict[str, Any]:
    """How a finished model does on texts whose labels are known. A label that the model does not
    know is always wrong. Without the encoder that it was taught with it is asked by its grams."""
    model = model.read_with(encoder)
    names = [*model.labels, *sorted({one for some in truth for one in some} - {*model.labels})]
    place = {name: at for at, name in enumerate(names)}
    probabilities = Scorer({"asked": model}, encoder).read(texts)["asked"].probabilities
    unknown = np.zeros((len(texts), len(names) - len(model.labels)), np.float32)
    probabilities = np.concatenate([probabilities, unknown], axis=1)
    if model.exclusive:
        places = np.array([place[next(iter(some))] for some in truth], np.intp)
        return figures(probabilities, places, names)
    several = np.zeros(probabilities.shape, bool)
    for row, some in enumerate(truth):
        several[row, [place[label] for label in some]] = True
    limits = np.full(len(names), 0.5) if model.thresholds is None else model.thresholds
    limits = np.concatenate([limits, np.ones(len(names) - len(limits))])
    return figures_of_several(probabilities, several, limits, names)


def _cost(trained: Trained, trial: Trial, learning: float, learnt_from: int) -> dict[str, Any]:
    texts = trial.asked
    scorer = Scorer({"asked": trained.model}, trial.encoder)
    scorer.read(texts[:100])
    # An encoder remembers texts: with a mark behind them they are new to it.
    anew = [f"{text} ." for text in texts] if trained.model.semantic else texts
    began = time.process_time()
    scorer.read(anew)
    reading = time.process_time() - began
    letters = sum(map(len, texts))
    return {
        "docs_per_cpu_second": {
            "train": round(learnt_from / max(learning, 1e-6)),
            "predict": round(len(texts) / max(reading, 1e-6)),
        },
        "letters_per_cpu_second": round(letters / max(reading, 1e-6)),
        "letters_of_a_text": round(letters / max(len(texts), 1), 1),
        "train_cpu_seconds": round(learning, 2),
        "terms": sum(len(part.terms) for part in trained.model.parts),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTE, 1),
    }


def _short(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in (*SHORT, "without_vectors") if name in found}
