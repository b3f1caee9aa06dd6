"""What the page of models shows: what is at work, how right it is, and what is missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from analytics.enums import ModelState, TextTask
from analytics.models import TextModel
from analytics.rules.labels import category_of
from analytics.rules.learning import FEWEST_TO_DECIDE, NEVER, TASKS
from analytics.selectors.category_names import category_names
from analytics.text import encoding
from analytics.text.drift import FEWEST as FEWEST_TEXTS
from feedback.enums import Mood, Urgency

VERSIONS = 8
SHOWN_PAIRS = 8
PROPOSES = {TextTask.FURTHER, TextTask.TAGS}  # and never decides
SHOWN_MOVED = 3
FEW = 10  # decisions about a category below which it is hardly known


@dataclass(frozen=True, slots=True)
class OfLabel:
    name: str
    n: int
    precision: int | None  # percent, like all shares here
    recall: int | None
    missing: int  # decisions until it is known


@dataclass(frozen=True, slots=True)
class Sure:
    """What was said with about so much confidence: mean confidence and share that is right, 0..1,
    and the number of texts."""

    said: float
    right: float
    n: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What came in lately against what the model was taught with; percent. `n`, `n_before`: texts
    that were looked at. `signs`: what has gone too far. `moved`: labels whose share changed most:
    (name, before, now)."""

    n: int
    n_before: int
    unknown: tuple[int, int]
    confidence: tuple[int, int]
    psi: float
    signs: tuple[str, ...]
    is_enough: bool
    moved: tuple[tuple[str, int, int], ...]
    weeks: tuple[tuple[date, int, int, int], ...]  # Monday, texts, unknown, confidence


@dataclass(frozen=True, slots=True)
class OfTask:
    """`alone`: percent of texts that it would decide by itself with the accuracy asked for; None
    where it decides nothing alone. `missing`: decisions until it may. `accuracy` and `alone` are
    of the texts that were drawn at random where they are enough, else of all that people decided,
    the doubtful ones first."""

    task: TextTask
    live: TextModel | None
    decisions: int
    accuracy: int | None
    measured_on: int
    is_fair: bool  # measured on texts that were drawn at random
    alone: int | None
    missing: int
    labels: tuple[OfLabel, ...]
    confused: tuple[tuple[str, str, int], ...]
    versions: tuple[TextModel, ...]
    reliability: tuple[Sure, ...]
    drift: Changed | None
    by_customers: int  # records whose category their customers chose, which it learned from, too
    # Percent right by the words alone, of a model that hears vectors of sentences, too.
    without_vectors: int | None
    # Whether such a model lacks what makes vectors on this machine.
    lacks_vectors: bool


def models_of_tasks(asked: int) -> list[OfTask]:
    """All tasks; `asked`: percent that must be right of what is decided alone. Two questions."""
    rows = list(TextModel.objects.for_page(VERSIONS))
    names = _names()
    return [_of(task, [one for one in rows if one.task == task], names, asked) for task in TASKS]


def _names() -> dict[str, str]:
    return {str(pk): name for pk, name in category_names().items()}


def _of(task: TextTask, rows: list[TextModel], names: dict[str, str], asked: int) -> OfTask:
    live = next((one for one in rows if one.state == ModelState.LIVE), None)
    figures: dict[str, Any] = live.metrics if live else {}
    decisions = live.learned_from.get("decisions", 0) if live else 0
    drawn: dict[str, Any] | None = figures.get("drawn")
    shares = drawn["alone"] if drawn else figures.get("coverage", {})
    covered = shares.get(str(asked), {})
    measured = drawn or figures
    decides = live is not None and live.threshold < NEVER
    without = figures.get("without_vectors", {}).get("accuracy")
    return OfTask(
        task=task,
        live=live,
        decisions=decisions,
        accuracy=_percent(measured.get("accuracy")),
        measured_on=measured.get("n", 0),
        is_fair=drawn is not None,
        alone=_percent(covered.get("coverage")) if decides else None,
        missing=0 if task in PROPOSES else max(0, FEWEST_TO_DECIDE - decisions),
        labels=_labels(figures, names),
        confused=tuple(
            (_named(one["true"], names), _named(one["said"], names), one["n"])
            for one in figures.get("confused", [])[:SHOWN_PAIRS]
        ),
        versions=tuple(rows[:VERSIONS]),
        reliability=tuple(
            Sure(one["confidence"], one["accuracy"], int(one["n"]))
            for one in figures.get("reliability", [])
        ),
        drift=_changed(live.drift, names) if live and live.drift else None,
        by_customers=live.learned_from.get("by_customers", 0) if live else 0,
        without_vectors=_percent(without),
        lacks_vectors=without is not None and not encoding.is_installed(),
    )


def _changed(kept: dict[str, Any], names: dict[str, str]) -> Changed:
    then, now = kept["then"], kept["now"]
    shares = {
        label: (then["shares"].get(label, 0.0), now["shares"].get(label, 0.0))
        for label in {*then["shares"], *now["shares"]}
    }
    moved = sorted(shares.items(), key=lambda one: -abs(one[1][1] - one[1][0]))
    return Changed(
        n=now["n"],
        n_before=then["n"],
        unknown=(round(100 * then["unknown"]), round(100 * now["unknown"])),
        confidence=(round(100 * then["confidence"]), round(100 * now["confidence"])),
        psi=kept["psi"],
        signs=tuple(kept["signs"]),
        is_enough=min(then["n"], now["n"]) >= FEWEST_TEXTS,
        moved=tuple(
            (_named(label, names), round(100 * before), round(100 * after))
            for label, (before, after) in moved[:SHOWN_MOVED]
            if round(100 * before) != round(100 * after)
        ),
        weeks=tuple(
            (
                date.fromisoformat(one["week"]),
                one["n"],
                round(100 * one["unknown"]),
                round(100 * one["confidence"]),
            )
            for one in reversed(kept["weeks"])
        ),
    )


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _labels(figures: dict[str, Any], names: dict[str, str]) -> tuple[OfLabel, ...]:
    found = [
        OfLabel(
            name=_named(label, names),
            n=int(row.get("n", 0)),
            precision=_percent(row.get("precision")) if row.get("n") else None,
            recall=_percent(row.get("recall")) if row.get("n") else None,
            missing=max(0, FEW - int(row.get("n", 0))),
        )
        for label, row in figures.get("per_label", {}).items()
    ]
    return tuple(sorted(found, key=lambda one: -one.n))


def _named(label: str, names: dict[str, str]) -> str:
    category = category_of(label)
    if category is not None:
        return names.get(str(category), "–")
    if label in Mood.values:
        return str(Mood(label).label)
    if label.isdigit() and int(label) in Urgency.values:
        return str(Urgency(int(label)).label)
    return label
