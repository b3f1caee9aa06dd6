"""Cold start: categories are known by their names and by words that an admin gives for them."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from config.kernel.text.normalising import normalise
from config.kernel.text.tokens import is_chinese

Seeds = Mapping[str, Sequence[str]]


def places_by_seeds(texts: Sequence[str], labels: Sequence[str], seeds: Seeds) -> NDArray[np.intp]:
    """For each text the place of the label whose seed words it has most of, -1 where it has none
    or two labels are even. A Chinese seed is found anywhere, a Latin one at the beginning of a
    word (`deliver` finds delivered); each counts once for a text, a longer one more: its length
    in letters, or three for each Latin word."""
    patterns = [_pattern(seeds.get(label, ())) for label in labels]
    counts = np.zeros((len(texts), max(len(labels), 1)))
    for row, text in enumerate(texts):
        normal = normalise(text)
        for at, pattern in enumerate(patterns):
            if pattern is not None:
                counts[row, at] = sum(map(_weight, set(pattern.findall(normal))))
    if len(labels) < 2:
        return np.where(counts[:, 0] > 0, 0, -1)
    ordered = np.sort(counts, axis=1)
    clear = ordered[:, -1] > ordered[:, -2]
    return np.where(clear, counts.argmax(axis=1), -1)


def texts_of_seeds(labels: Sequence[str], seeds: Seeds) -> list[tuple[str, str]]:
    """(text, label) of each name and each seed word, for a start without any text at all."""
    return [
        (text, label)
        for label in labels
        for text in dict.fromkeys((label, *seeds.get(label, ())))
        if text.strip()
    ]


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    normal = sorted({normalise(word).strip() for word in words} - {""}, key=len, reverse=True)
    if not normal:
        return None
    return re.compile(
        "|".join(re.escape(w) if is_chinese(w) else rf"\b{re.escape(w)}" for w in normal)
    )


def _weight(word: str) -> int:
    return len(word) if is_chinese(word) else 3 * len(word.split())
