"""How the reader of moods does on texts whose feeling is known, by the shipped prior alone."""

import resource
import time
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from analytics.text.measures import figures
from config.kernel.text.mood.reading import MoodReader

KIBIBYTE = 1024
BAD, NEUTRAL, GOOD = 0, 1, 2
_NAMES = {
    "neg": BAD,
    "bad": BAD,
    "负": BAD,
    "neu": NEUTRAL,
    "中": NEUTRAL,
    "pos": GOOD,
    "goo": GOOD,
}
_NAMES |= {"正": GOOD, "消": BAD, "积": GOOD}
_NUMBERS = (
    {"0": BAD, "1": GOOD},
    {"-1": BAD, "1": GOOD},
    {"-1": BAD, "0": NEUTRAL, "1": GOOD},
    {"0": BAD, "1": NEUTRAL, "2": GOOD},
)


class UnknownLabels(ValueError):
    """The labels of a file are no feelings that can be told apart."""


def feelings_of(labels: Collection[str]) -> dict[str, int]:
    """Which feeling each label of a file means: 0 and 1, -1, 0 and 1, 0, 1 and 2, or words that
    begin with neg, neu and pos (负, 中, 正). UnknownLabels for anything else."""
    given = set(labels)
    for numbers in _NUMBERS:
        if given <= set(numbers):
            return {label: numbers[label] for label in given}
    named = {
        label: feeling
        for label in given
        for beginning, feeling in _NAMES.items()
        if label.lower().startswith(beginning)
    }
    if set(named) != given or len(set(named.values())) < len(given):
        raise UnknownLabels(f"These are no feelings: {', '.join(sorted(given)[:10])}.")
    return named


def evaluate_mood(
    reader: MoodReader, texts: Sequence[str], labels: Sequence[str]
) -> dict[str, Any]:
    """Figures of the asked texts (analytics.text.measures). Where no label means neutral, each
    text is read as rather positive or rather negative."""
    feeling = feelings_of(set(labels))
    names = sorted(feeling, key=lambda label: feeling[label])
    reader.read_many(texts[:50])
    began = time.process_time()
    moods = reader.read_many(texts)
    seconds = max(time.process_time() - began, 1e-6)
    positive = np.array([mood.positive for mood in moods])
    neutral = np.array([mood.neutral for mood in moods]) * (NEUTRAL in feeling.values())
    by_feeling = np.stack(
        [(1 - positive) * (1 - neutral), neutral, positive * (1 - neutral)], axis=1
    )
    probabilities = by_feeling[:, [feeling[name] for name in names]]
    truth = np.array([names.index(label) for label in labels], np.intp)
    letters = sum(map(len, texts))
    return {
        "n_train": 0,
        "n_test": len(texts),
        "labels": names,
        "recipe": "prior and words" if any(mood.learned for mood in moods) else "words alone",
        **figures(probabilities, truth, names),
        "docs_per_cpu_second": {"train": 0, "predict": round(len(texts) / seconds)},
        "letters_per_cpu_second": round(letters / seconds),
        "letters_of_a_text": round(letters / max(len(texts), 1), 1),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTE, 1),
    }
