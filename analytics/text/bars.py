"""What the reading of texts is held to: figures on collections of labelled texts.

The collections are not part of the product, for most state no licence; whoever has them in a
folder measures with `make evaluate DATA=…`. None of them is learnt from for use.
"""

import csv
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.text.evaluation import Trial, evaluate
from config.kernel.text.normalising import essence, normalise

AWAY = 0.3  # share of texts that is asked, not learnt from
SHOTS = (1, 2, 3)  # seeds of drawing few texts; their mean counts
_SIGNS = re.compile(r"\W+")

Rows = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Bar:
    """`must` and `stretch` in percent of `figure`; a figure that shall be small (ECE) has
    `at_most`."""

    figure: str
    must: float
    stretch: float
    at_most: bool = False

    def of(self, found: dict[str, Any]) -> float:
        value: Any = found
        for name in self.figure.split("."):
            value = value[name]
        return 100 * float(value)

    def holds(self, value: float) -> bool:
        return value <= self.must if self.at_most else value >= self.must


@dataclass(frozen=True, slots=True)
class Task:
    """One question to one file of the folder."""

    name: str
    file: str
    label: str
    bars: tuple[Bar, ...]
    several: bool = False
    per_class: int | None = None


ECE = Bar("ece", 4, 2, at_most=True)
TASKS = (
    Task("takeaway, sentiment", "zh_waimai.csv", "label", (Bar("macro_f1", 87.5, 89.5), ECE)),
    Task(
        "hotels, sentiment",
        "zh_hotel.csv",
        "label",
        (Bar("macro_f1", 88, 90), Bar("coverage.95.coverage", 84, 87), ECE),
    ),
    Task("shopping, sentiment", "zh_shop10.csv", "label", (Bar("macro_f1", 93, 94.5), ECE)),
    Task("airlines, sentiment of 3", "en_airline.csv", "label", (Bar("macro_f1", 75, 78), ECE)),
    Task(
        "cars, 10 subjects",
        "zh_car.csv",
        "subjects",
        (Bar("macro_f1", 86, 88), Bar("coverage.95.coverage", 77, 80), ECE),
    ),
    Task(
        "cars, several subjects",
        "zh_car.csv",
        "subjects",
        (Bar("micro_f1", 86.5, 88.5), ECE),
        several=True,
    ),
    Task(
        "bank, 77 intents",
        "en_banking77.csv",
        "cat",
        (Bar("accuracy", 91, 92.5), Bar("coverage.95.coverage", 84, 87), ECE),
    ),
    Task(
        "cars, 20 texts each", "zh_car.csv", "subjects", (Bar("accuracy", 82, 85),), per_class=20
    ),
    Task(
        "shopping, 20 texts each", "zh_shop10.csv", "cat", (Bar("accuracy", 74, 78),), per_class=20
    ),
    Task(
        "bank, 10 texts each", "en_banking77.csv", "cat", (Bar("accuracy", 68, 85),), per_class=10
    ),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table: percent, texts asked, texts learnt and read in a second."""

    task: Task
    bar: Bar
    value: float
    asked: int
    learnt_a_second: int
    read_a_second: int


def rows_of(path: Path, label: str, *, several: bool) -> Rows:
    """(text, labels) of each row; normalised duplicates once, rows with several labels only
    where those are asked for."""
    csv.field_size_limit(10 * 2**20)
    seen: dict[str, tuple[str, list[str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            labels = [one for one in row[label].split("|") if one]
            if row["text"].strip() and labels and (several or len(labels) == 1):
                normal = normalise(row["text"])
                key = _SIGNS.sub("", normal) or normal
                seen.setdefault(key, (essence(row["text"]), labels))
    return list(seen.values())


def parted(rows: Sequence[tuple[str, list[str]]], seed: int = 1) -> tuple[Rows, Rows]:
    """Seven tenths to learn from and three tenths to be asked."""
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
    away = int(len(shuffled) * AWAY)
    return shuffled[away:], shuffled[:away]


def measured(task: Task, folder: Path, seconds: float) -> list[Measured]:
    """The figures of one task. FileNotFoundError where the folder does not have its file."""
    known, asked = parted(rows_of(folder / task.file, task.label, several=task.several))
    runs = [
        evaluate(
            Trial(
                texts=[text for text, _ in known],
                labels=[labels for _, labels in known],
                asked=[text for text, _ in asked],
                truth=[labels for _, labels in asked],
                exclusive=not task.several,
                per_class=task.per_class,
                seed=seed,
            ),
            seconds,
        )
        for seed in (SHOTS if task.per_class else SHOTS[:1])
    ]
    speed = runs[-1]["docs_per_cpu_second"]
    return [
        Measured(
            task,
            bar,
            sum(map(bar.of, runs)) / len(runs),
            len(asked),
            speed["train"],
            speed["predict"],
        )
        for bar in task.bars
    ]


def table(lines: Sequence[Measured], tell: Callable[[str], object]) -> None:
    """Tells the lines of a table in Markdown."""
    tell("| task | figure | must | stretch | measured | texts asked | learnt/s | read/s |")
    tell("|---|---|---|---|---|---|---|---|")
    for one in lines:
        sign = "≤" if one.bar.at_most else "≥"
        mark = "" if one.bar.holds(one.value) else " **not reached**"
        tell(
            f"| {one.task.name} | {one.bar.figure} | {sign} {one.bar.must:g} | "
            f"{one.bar.stretch:g} | {one.value:.1f}{mark} | {one.asked} | "
            f"{one.learnt_a_second} | {one.read_a_second} |"
        )
