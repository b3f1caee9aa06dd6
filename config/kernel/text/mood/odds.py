"""How likely a text is to please: what words and models say of it, weighed against each other.

Method: z = what the prior says (log odds of positive) + RULES_WEIGH · what the words say; where
a company has a model of its own, both are mixed by how many labels it has seen. A model of grams
does not hear "not" and "but", so that the words weigh more where they were turned round.
Probability of positive = logistic(z · SLOPE).
"""

import math
from collections.abc import Mapping, Sequence

from config.kernel.text.language import LanguageReading
from config.kernel.text.mood.feelings import ClauseMood, total
from config.kernel.text.scoring import Scores

RULES_WEIGH_SHORT, RULES_WEIGH, RULES_WEIGH_LONG = 1.3, 0.7, 0.4
RULES_WEIGH_TURNED, PRIOR_WEIGH_TURNED = 1.8, 0.4
SHORT, LONG = 3, 8  # clauses
OF_A_SENTENCE = 0.5  # a model taught by whole texts knows less of one sentence
SLOPE = 0.9
ENGLISH = 1.1  # log odds for one unit of the words where no prior helps
NEUTRAL = (-0.35, 0.35)  # log odds between which nothing is said either way
NEUTRAL_EN = (-0.2, 0.9)  # a denial tells, a word of politeness does not
SOFT = 0.3
SUREST_NEUTRAL = 0.7  # that no word of feeling is known does not prove that there is none
WITHOUT_WORDS = 4.0  # log odds below which a text without any word of feeling is neutral
MAX_ODDS = 6.0


def odds(
    scores: Mapping[str, Scores],
    row: int,
    moods: Sequence[ClauseMood],
    language: LanguageReading,
    *,
    trust: float,
    own_share: float,
) -> tuple[float, float]:
    """The log odds of positive, and the probability of neutral. `row`: of the scores of the
    models; `trust`: what share of their odds counts; `own_share`: how much of the answer is
    that of the company's own model."""
    words = total(moods)
    weigh, heard = _weights(moods)
    trust *= heard
    prior = _odds_of(scores["prior"], row)[0] if "prior" in scores else None
    if prior is None:
        z = ENGLISH * words
    else:
        share = language.zh
        z = share * (trust * prior + weigh * words) + (1 - share) * ENGLISH * words
    neutral = _neutral(z, _between(moods, words, language))
    if "own" not in scores:
        return z, neutral
    own, own_neutral = _odds_of(scores["own"], row)
    return (
        own_share * trust * own + (1 - own_share) * z,
        own_share * own_neutral + (1 - own_share) * neutral,
    )


def logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds * SLOPE))))


def _between(
    moods: Sequence[ClauseMood], words: float, language: LanguageReading
) -> tuple[float, float]:
    """The log odds between which a text is neutral. Without a word of feeling it is a question or
    a report: the prior knows reviews, which always feel."""
    if abs(words) < 1 and not any(mood.feelings for mood in moods):
        return -WITHOUT_WORDS, WITHOUT_WORDS
    return NEUTRAL if language.zh > 0.5 else NEUTRAL_EN


def _neutral(odds: float, between: tuple[float, float]) -> float:
    """Above one half between the two log odds, and the less the farther from their middle."""
    low, high = between
    beyond = abs(odds - (low + high) / 2) - (high - low) / 2
    return min(SUREST_NEUTRAL, 1 / (1 + math.exp(max(-20.0, min(20.0, beyond / SOFT)))))


def _weights(moods: Sequence[ClauseMood]) -> tuple[float, float]:
    """How much the words count, and what share of a model's odds: in short texts that deny or
    turn, the words know better, in long ones the model does."""
    if len(moods) > LONG:
        return RULES_WEIGH_LONG, 1.0
    if len(moods) > SHORT:
        return RULES_WEIGH, 1.0
    if any(mood.turns or any(f.denied for f in mood.feelings) for mood in moods):
        return RULES_WEIGH_TURNED, PRIOR_WEIGH_TURNED
    return RULES_WEIGH_SHORT, 1.0


_GOOD, _BAD = ("positive", "pos", "1"), ("negative", "neg", "0", "-1")


def _odds_of(scores: Scores, row: int) -> tuple[float, float]:
    """Log odds of positive against negative, and the probability of neutral."""
    of = dict(zip(scores.model.labels, scores.probabilities[row].tolist(), strict=True))
    good = next((of[name] for name in _GOOD if name in of), 0.0)
    bad = next((of[name] for name in _BAD if name in of), 0.0)
    odds = math.log((good + 1e-6) / (bad + 1e-6))
    return max(-MAX_ODDS, min(MAX_ODDS, odds)), of.get("neutral", 0.0)
