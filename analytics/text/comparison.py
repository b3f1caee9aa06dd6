"""Whether a new model may take the place of the one that is at work."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import comb
from typing import Any

from analytics.text.evaluation import asked
from config.kernel.text.model import Model
from config.kernel.text.scoring import Scorer
from config.kernel.text.vectors import Encoder

TOLERANCE = 0.005  # by which accuracy and macro F1 may fall
DOUBT = 0.05  # chance below which a loss is no accident
FROZEN = 10  # one of so many texts is kept for comparing
FEWEST = 30  # texts of a frozen slice below which nothing is decided by it


@dataclass(frozen=True, slots=True)
class Comparison:
    """`old` and `new`: accuracy and macro F1 on the same texts, 0..1. `won`, `lost`: texts that
    only the new or only the old one reads rightly. `chance`: that as many or more would be lost,
    were the two equally good (exact sign test, McNemar). `worse` says what to do."""

    n: int
    old: dict[str, float]
    new: dict[str, float]
    won: int
    lost: int
    chance: float
    worse: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def is_frozen(key: str) -> bool:
    """Whether what has this key (the number of a record, say) is kept for comparing: a tenth of
    all, always the same ones. Nothing may ever learn from them."""
    return int.from_bytes(sha256(key.encode()).digest()[:4]) % FROZEN == 0


def compared(
    old: Model,
    new: Model,
    texts: Sequence[str],
    truth: Sequence[Collection[str]],
    encoder: Encoder | None = None,
) -> Comparison:
    """Both models on a frozen slice: texts that neither has learnt from.

    The new one is worse when accuracy or macro F1 falls by more than half a point, or when what
    it loses is more than chance explains; with fewer than 30 texts only the latter counts.
    """
    figures = [_figures(model, texts, truth, encoder) for model in (old, new)]
    right = [_right(model, texts, truth, encoder) for model in (old, new)]
    pairs = list(zip(*right, strict=True))
    won, lost = pairs.count((False, True)), pairs.count((True, False))
    chance = _chance(won, lost)
    fell = any(figures[1][name] < figures[0][name] - TOLERANCE for name in figures[0])
    worse = chance < DOUBT or (fell and len(texts) >= FEWEST)
    return Comparison(len(texts), figures[0], figures[1], won, lost, chance, worse)


def _figures(
    model: Model,
    texts: Sequence[str],
    truth: Sequence[Collection[str]],
    encoder: Encoder | None,
) -> dict[str, float]:
    found = asked(model, texts, truth, encoder)
    return {"accuracy": found["accuracy"], "macro_f1": found["macro_f1"]}


def _right(
    model: Model,
    texts: Sequence[str],
    truth: Sequence[Collection[str]],
    encoder: Encoder | None,
) -> list[bool]:
    scores = Scorer({"asked": model}, encoder).read(texts)["asked"]
    if model.exclusive:
        return [label in some for label, some in zip(scores.labels, truth, strict=True)]
    chosen = [{guess.label for guess in scores.chosen(at)} for at in range(len(texts))]
    return [one == set(some) for one, some in zip(chosen, truth, strict=True)]


def _chance(won: int, lost: int) -> float:
    """P(at least `lost` of the texts that differ are losses), were both equally good."""
    n = won + lost
    return sum(comb(n, k) for k in range(lost, n + 1)) / 2**n
