import csv
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.text.similarity import DUPLICATE, similarity

_YES = {"1", "yes", "true", "y", "duplicate", "是"}
_NO = {"0", "no", "false", "n", "different", "否"}


class Command(BaseCommand):
    help = (
        "Says which pairs of texts are nearly the same: PAIRS.csv has the columns text_a and "
        "text_b, and label (1 or 0, yes or no) where it is known. Prints the pairs as CSV with "
        "“similarity” (0 to 1) and “duplicate”, and precision and recall where there are labels. "
        "Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pairs", type=Path, metavar="PAIRS.csv")
        parser.add_argument(
            "--least", type=float, default=DUPLICATE, metavar="0.7", help="from here a duplicate"
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of CSV")

    def handle(self, *args: Any, pairs: Path, least: float, json: bool, **options: Any) -> None:
        if not 0 < least <= 1:
            raise CommandError("--least lies between 0 and 1.")
        rows = _read(pairs)
        results = []
        for row in rows:
            value = similarity(row["text_a"], row["text_b"])
            results.append({**row, "similarity": round(value, 4), "duplicate": value >= least})
        figures = _figures(results)
        if json:
            self._print_json(results, figures)
        else:
            self._print_csv(results, figures)

    def _print_json(self, results: list[dict[str, Any]], figures: dict[str, Any]) -> None:
        short = ("label", "similarity", "duplicate")
        pairs = [{key: one[key] for key in short if key in one} for one in results]
        self.stdout.write(json.dumps({**figures, "results": pairs}, ensure_ascii=False, indent=1))

    def _print_csv(self, results: list[dict[str, Any]], figures: dict[str, Any]) -> None:
        labelled = any("label" in one for one in results)
        head = ["text_a", "text_b", *(["label"] if labelled else []), "similarity", "duplicate"]
        writer = csv.DictWriter(self.stdout, head, extrasaction="ignore")
        writer.writeheader()
        for one in results:
            writer.writerow({**one, "duplicate": "yes" if one["duplicate"] else "no"})
        for name, value in figures.items():
            self.stderr.write(f"{name}: {value}")


def _read(path: Path) -> list[dict[str, Any]]:
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"text_a", "text_b"} - set(reader.fieldnames or ())
            if missing:
                raise CommandError(f"{path} lacks: {', '.join(sorted(missing))}.")
            return [_row(row, number) for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        raise CommandError(f"{path} cannot be read: {wrong}") from wrong


def _row(row: dict[str, Any], number: int) -> dict[str, Any]:
    read: dict[str, Any] = {key: row[key] or "" for key in ("text_a", "text_b")}
    label = (row.get("label") or "").strip().lower()
    if label in _YES | _NO:
        read["label"] = int(label in _YES)
    elif label:
        raise CommandError(f"Line {number}: a label is 1 or 0, yes or no; not “{label}”.")
    return read


def _figures(results: list[dict[str, Any]]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "pairs": len(results),
        "duplicates": sum(one["duplicate"] for one in results),
    }
    labelled = [one for one in results if "label" in one]
    if labelled:
        found = [one for one in labelled if one["duplicate"]]
        true = sum(one["label"] for one in labelled)
        right = sum(one["label"] for one in found)
        figures["labelled"] = len(labelled)
        figures["precision"] = round(right / len(found), 4) if found else None
        figures["recall"] = round(right / true, 4) if true else None
        agree = sum(one["duplicate"] == bool(one["label"]) for one in labelled)
        figures["accuracy"] = round(agree / len(labelled), 4)
    return figures
