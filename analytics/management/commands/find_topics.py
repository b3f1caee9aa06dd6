import csv
import json
import resource
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.enums import TopicMethod
from analytics.text.encoding import encoder
from analytics.text.keywords import Wording
from analytics.text.topic_methods import EXTRA_OF, methods_here
from analytics.text.topics import Found, find_topics
from config.kernel.text.normalising import essence, normalise
from config.kernel.text.words import words


class Command(BaseCommand):
    help = (
        "Finds what many texts are about: TEXTS.csv has a text in each row. Prints for each topic "
        "how many texts it has, how well its words belong together (NPMI, -1 to 1), its words and "
        "its most typical texts; then the time it took and the memory. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("texts", type=Path, metavar="TEXTS.csv")
        parser.add_argument("--text", default="text", metavar="COLUMN")
        parser.add_argument("--topics", type=int, metavar="N", help="by default as many as fit")
        parser.add_argument(
            "--by",
            choices=TopicMethod.values,
            default=TopicMethod.WORDS.value,
            help="how texts are sorted; lda and vectors need an extra",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, texts: Path, text: str, json: bool, **options: Any) -> None:
        count = options["topics"]
        if count is not None and not 2 <= count <= 200:
            raise CommandError("--topics lies between 2 and 200.")
        method = TopicMethod(options["by"])
        if method not in methods_here():
            raise CommandError(
                f"What --by {method} needs is not installed: make install-{EXTRA_OF[method]}"
            )
        rows = _read(texts, text)
        begun = time.process_time()
        wording = Wording()
        said_words = [words(normalise(essence(row))) for row in rows]
        keywords = [
            [kept for word in some if (kept := wording.keyword(word))] for some in said_words
        ]
        cut = time.process_time()
        found = _found(method, keywords, said_words, count)
        said = {
            "texts": len(rows),
            "with_a_topic": int((found.topic_of >= 0).sum()),
            "npmi": round(found.coherence, 4),
            "cpu_seconds_words": round(cut - begun, 2),
            "cpu_seconds_topics": round(time.process_time() - cut, 2),
            "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "topics": _topics(found, rows),
        }
        if json:
            self._print_json(said)
        else:
            self._print(said)

    def _print_json(self, said: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))

    def _print(self, said: dict[str, Any]) -> None:
        for topic in said.pop("topics"):
            self.stdout.write(f"{topic['texts']}\t{topic['npmi']}\t{' '.join(topic['words'])}")
        for name, value in said.items():
            self.stdout.write(f"{name}: {value}")


def _found(
    method: TopicMethod,
    keywords: list[list[str]],
    said: list[list[str]],
    count: int | None,
) -> Found:
    if method == TopicMethod.LDA:
        return find_topics(keywords, count=count, by="lda")
    vectors = encoder() if method == TopicMethod.VECTORS else None
    points = vectors.encode([" ".join(some) for some in said]) if vectors else None
    return find_topics(keywords, count=count, vectors=points)


def _topics(found: Found, rows: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "texts": topic.texts,
            "npmi": round(topic.coherence, 4),
            "words": topic.label,
            "typical": [rows[at][:200] for at in topic.typical[:3]],
        }
        for topic in found.topics
    ]


def _read(path: Path, column: str) -> list[str]:
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if column not in (reader.fieldnames or ()):
                raise CommandError(f"{path} has no column {column}.")
            return [row[column] or "" for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        raise CommandError(f"{path} cannot be read: {wrong}") from wrong
