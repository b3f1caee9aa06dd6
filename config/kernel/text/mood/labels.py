"""The label, the confidence and the score that follow from log odds and the words behind them."""

import math
from collections.abc import Sequence

from config.kernel.text.language import Language, LanguageReading
from config.kernel.text.mood.feelings import ClauseMood, strongest
from config.kernel.text.mood.moods import Label
from config.kernel.text.mood.odds import logistic

STRONG_BOTH, BALANCED, UNDECIDED = 2.0, 0.5, 1.4  # of a mixed text: enough of both, none ahead
NEARLY = 20  # the largest score of a neutral text
A_FEELING, CALM = 2.5, 35  # words that weigh less together tell of facts; the score of those
FULL = 3.0  # log odds that give a score of 76
SHORTEST = 4  # letters below which only a word of the lists tells anything


def is_told(normal: str, moods: Sequence[ClauseMood], language: LanguageReading) -> bool:
    """Whether there is enough to judge by: some words of the lists, or some length in a language
    that is read."""
    if any(mood.feelings for mood in moods):
        return True
    letters = sum(letter.isalnum() for letter in normal)
    return letters >= SHORTEST and language.language not in (
        Language.OTHER,
        Language.UNDETERMINED,
    )


def labelled(
    odds: float, neutral: float, moods: Sequence[ClauseMood], told: bool
) -> tuple[Label, float]:
    if not told:
        return Label.UNDETERMINED, 0.0
    positive = logistic(odds)
    sure = max(positive, 1 - positive)
    good, bad = strongest(moods)
    less, more = sorted((good, -bad))
    if less >= STRONG_BOTH and less / more >= BALANCED and abs(odds) < UNDECIDED:
        return Label.MIXED, less / more
    if neutral > 0.5:
        return Label.NEUTRAL, neutral
    return (Label.POSITIVE if odds > 0 else Label.NEGATIVE), sure * (1 - neutral)


def score_of(odds: float, label: Label, moods: Sequence[ClauseMood]) -> int:
    """The score of a label: what is neutral stays near 0, and what only names a defect or a wish
    (漏水, 退款) is not called furious."""
    if label is Label.UNDETERMINED:
        return 0
    most = 100
    if label is Label.NEUTRAL:
        most = NEARLY
    elif sum(abs(f.value) for mood in moods for f in mood.feelings) < A_FEELING:
        most = CALM
    return max(-most, min(most, round(100 * math.tanh(odds / FULL))))
