import csv
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from analytics.text.encoding import encoder
from analytics.text.evaluation import Trial, evaluate
from analytics.text.mood_evaluation import UnknownLabels, evaluate_mood
from analytics.text.training import SECONDS, NothingToLearn
from config.kernel.text.mood.prior import load_prior
from config.kernel.text.mood.reading import MoodReader
from config.kernel.text.normalising import essence
from config.kernel.text.vectors import Encoder

# Tasks where a text has one label, and where it may have several, parted by |.
ONE, SEVERAL = ("category", "sentiment", "urgency"), ("categories", "tags")
# Nothing is learnt: the shipped prior of sentiment and the words are asked.
SHIPPED = "sentiment-prior"
LONGEST_FIELD = 10 * 2**20


class Command(BaseCommand):
    help = (
        "Trains a model by one CSV file exactly as the product would, asks it about another, and "
        "says how right it was, how well it knew that, how fast it was and how much memory it "
        "took. Shares are 0 to 1. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--task", required=True, choices=[*ONE, *SEVERAL, SHIPPED])
        parser.add_argument(
            "--train", type=Path, metavar="TRAIN.csv", help=f"of every task but {SHIPPED}"
        )
        parser.add_argument("--test", type=Path, required=True, metavar="TEST.csv")
        parser.add_argument("--text", default="text", metavar="COLUMN")
        parser.add_argument(
            "--label", default="label", metavar="COLUMN", help="several labels are parted by |"
        )
        parser.add_argument(
            "--per-class",
            type=int,
            metavar="N",
            help="learn from so many texts of each label; the rest is a backlog without labels",
        )
        parser.add_argument("--seed", type=int, default=0, help="draws the texts of --per-class")
        parser.add_argument(
            "--seed-words", type=Path, metavar="WORDS.json", help='{"label": ["word", …]}'
        )
        parser.add_argument(
            "--semantic",
            action="store_true",
            help="hear vectors of sentences, too, as the product does where they are installed",
        )
        parser.add_argument("--seconds", type=float, default=SECONDS, help="of learning")
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, task: str, **options: Any) -> None:
        vectors = _encoder() if options["semantic"] else None
        if task == SHIPPED:
            self._write(_asked_of_prior(options), **options)
            return
        if options["train"] is None:
            raise CommandError("Say what to learn from: --train TRAIN.csv")
        exclusive = task in ONE
        train, left_out = _rows(options["train"], options, exclusive=exclusive)
        test, _ = _rows(options["test"], options, exclusive=exclusive)
        if not test:
            raise CommandError(f"{options['test']} has no row with a text and a label.")
        trial = Trial(
            *_columns(train),
            *_columns(test),
            exclusive=exclusive,
            per_class=options["per_class"],
            seed=options["seed"],
            seeds=_words(options["seed_words"]),
            prior=load_prior(settings.SENTIMENT_PRIOR_DIR) if task == "sentiment" else None,
            encoder=vectors,
        )
        try:
            found = evaluate(trial, options["seconds"])
        except NothingToLearn as nothing:
            raise CommandError(str(nothing)) from nothing
        self._write({"task": task, "left_out": left_out, **found}, **options)

    def _write(self, found: dict[str, Any], **options: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(_told(found))


def _encoder() -> Encoder:
    found = encoder()
    if found is None:
        raise CommandError("Vectors of sentences are not installed: make install-semantic")
    return found


def _asked_of_prior(options: dict[str, Any]) -> dict[str, Any]:
    rows, left_out = _rows(options["test"], options, exclusive=True)
    if not rows:
        raise CommandError(f"{options['test']} has no row with a text and a label.")
    reader = MoodReader(load_prior(settings.SENTIMENT_PRIOR_DIR))
    try:
        found = evaluate_mood(reader, [text for text, _ in rows], [one[0] for _, one in rows])
    except UnknownLabels as wrong:
        raise CommandError(str(wrong)) from wrong
    return {"task": SHIPPED, "left_out": left_out, **found}


def _rows(
    path: Path, options: dict[str, Any], *, exclusive: bool
) -> tuple[list[tuple[str, list[str]]], int]:
    """(text, labels) of each row that has both, and the number of the others; where a text has
    one label, rows with several are among those."""
    csv.field_size_limit(min(LONGEST_FIELD, sys.maxsize))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as wrong:
        raise CommandError(f"{path} cannot be read: {wrong}") from wrong
    for column in (options["text"], options["label"]):
        if rows and column not in rows[0]:
            raise CommandError(f"{path} has no column {column}: {', '.join(rows[0])}")
    found = []
    for row in rows:
        text = (row[options["text"]] or "").strip()
        labels = [part.strip() for part in (row[options["label"]] or "").split("|")]
        labels = list(dict.fromkeys(filter(None, labels)))
        if text and labels and (len(labels) == 1 or not exclusive):
            found.append((essence(text), labels))
    return found, len(rows) - len(found)


def _columns(rows: list[tuple[str, list[str]]]) -> tuple[list[str], list[list[str]]]:
    return [text for text, _ in rows], [labels for _, labels in rows]


def _words(path: Path | None) -> dict[str, list[str]] | None:
    if path is None:
        return None
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise CommandError(f"{path} cannot be read: {wrong}") from wrong
    if not isinstance(words, dict) or not all(isinstance(one, list) for one in words.values()):
        raise CommandError(f'{path} must hold {{"label": ["word", …]}}.')
    return {str(label): [str(word) for word in some] for label, some in words.items()}


def _told(found: dict[str, Any]) -> str:
    vectors = ", with vectors" if found.get("hears_vectors") else ""
    lines = [
        f"{found['recipe']}{vectors}; {found['n_train']} texts learnt, {found['n_test']} asked"
    ]
    shares = [name for name in ("accuracy", "micro_f1", "macro_f1", "ece") if name in found]
    lines += [f"{name:<12}{100 * found[name]:6.1f} %" for name in shares]
    for name, one in found.get("coverage", {}).items():
        lines.append(f"{name} % right  {100 * one['coverage']:6.1f} % of texts")
    for label, one in found["per_label"].items():
        lines.append(f"  {label}: {100 * one['recall']:.1f} % of {one['n']} found")
    speed = found["docs_per_cpu_second"]
    lines.append(
        f"{speed['train']} texts learnt and {speed['predict']} read in a second of processor "
        f"time; at most {found['peak_memory_mib']} MiB"
    )
    return "\n".join(lines)
