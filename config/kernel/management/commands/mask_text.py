"""What personal data stands in texts, for checks from outside: no database is needed."""

import json
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.text.personal_data.finding import find_personal_data
from config.kernel.text.personal_data.masking import masked


class Command(BaseCommand):
    help = (
        "Reads lines of JSON with `id` and `text` and writes for each a line with `id`, `spans` "
        "(type, start, end, value, certainty) and the `masked` text."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="lines of JSON; by default what is piped in"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        given: Path | None = options["file"]
        with given.open(encoding="utf-8") if given else nullcontext(sys.stdin) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    self.stdout.write(_answer(line, number))


def _answer(line: str, number: int) -> str:
    try:
        case = json.loads(line)
        text = str(case["text"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise CommandError(f"Line {number} is no JSON object with a text.") from wrong
    found = find_personal_data(text)
    spans = [
        {
            "type": one.kind.value,
            "start": one.start,
            "end": one.end,
            "value": one.value,
            "certainty": one.certainty.name.lower(),
        }
        for one in found
    ]
    answer = {"id": case.get("id"), "spans": spans, "masked": masked(text, found)}
    return json.dumps(answer, ensure_ascii=False)
