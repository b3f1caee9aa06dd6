import json
import os
import platform
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from analytics.bench.answering import measure_answering
from analytics.bench.bulk import measure_bulk
from analytics.bench.company import Company, found_company
from analytics.bench.figures import measure_figures
from analytics.bench.mail import MAILS, measure_mail
from analytics.bench.measuring import Page, Timing, measure
from analytics.bench.one_message import LESSONS, MESSAGES, measure_one_message
from analytics.bench.pages import QUERY, QUEUE, pages_for
from analytics.bench.readings import add_readings
from analytics.bench.records import Generator
from analytics.bench.report import (
    GROWTH,
    answering_rows,
    answering_table,
    bulk_rows,
    bulk_table,
    growth_of_queue,
    mail_rows,
    mail_table,
    one_message_rows,
    one_message_table,
    results_rows,
    results_table,
    rows_of,
    table,
    violations,
)
from analytics.bench.results import measure_results
from analytics.bench.scratch import NoScratchDatabase, scratch_database
from analytics.bench.server import ServerFailed, measured_server, static_files
from analytics.bench.texts import GOALS, text_pages

AGAIN = 2  # times the queue is measured anew before it is said to grow: machines are busy


class Command(BaseCommand):
    help = (
        "Measures the main pages over a real uvicorn, at two numbers of records, in a scratch "
        "database beside the real one. Ends with 1 when the number of queries depends on the "
        f"number of rows, or when the queue page costs more than {GROWTH} times as much."
    )

    bulk: Sequence[dict[str, Any]] = ()
    mail: Sequence[dict[str, Any]] = ()
    answering: Sequence[dict[str, Any]] = ()
    results: dict[str, Sequence[dict[str, Any]]] = {}
    texts: dict[str, Sequence[dict[str, Any]]] = {}
    figures_of: dict[str, dict[str, Any]] = {}
    one_message: Sequence[dict[str, Any]] = ()
    static: Path

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
        parser.add_argument("--rounds", type=int, default=40, help="requests to each page")
        parser.add_argument(
            "--keep",
            action="store_true",
            help="keep the databases for the next run: a million records take long to make",
        )
        parser.add_argument(
            "--responses",
            type=int,
            nargs="*",
            default=[10_000, 100_000],
            help="responses to a survey whose results are measured",
        )
        parser.add_argument(
            "--only-surveys",
            action="store_true",
            help="only answering a survey and its results, in a database without records",
        )
        parser.add_argument("--only-texts", action="store_true", help="only the pages about texts")
        parser.add_argument(
            "--only-figures", action="store_true", help="only what metrics and roll-ups cost"
        )
        parser.add_argument("--out", type=Path, help="write the figures as JSON, too")

    def handle(
        self,
        *,
        sizes: list[int],
        rounds: int,
        keep: bool,
        out: Path | None,
        responses: list[int],
        only_surveys: bool = False,
        only_texts: bool = False,
        only_figures: bool = False,
        **options: Any,
    ) -> None:
        was_debug, settings.DEBUG = settings.DEBUG, False  # it would keep every query in memory
        self.responses, self.only_texts = sorted(responses), only_texts
        self.only_figures = only_figures
        sizes = [0] if only_surveys else sorted(sizes)
        try:
            with static_files() as self.static:
                runs, pages = self.measure_all(sizes, rounds, keep=keep)
        except (NoScratchDatabase, ServerFailed) as failure:
            raise CommandError(str(failure)) from failure
        finally:
            settings.DEBUG = was_debug
        if out is not None:
            out.write_text(json.dumps(self.figures(runs, pages), ensure_ascii=False, indent=2))
        if only_surveys or only_texts or only_figures:
            return
        broken = violations(runs)
        for sentence in broken:
            self.stderr.write(sentence)
        if broken:
            raise SystemExit(1)
        self.stdout.write(
            f"The queue page grew {growth_of_queue(runs):.2f} times (at most {GROWTH}); the "
            "number of queries is constant."
        )

    def measure_all(
        self, sizes: list[int], rounds: int, *, keep: bool
    ) -> tuple[dict[int, dict[str, Timing]], list[Page]]:
        runs: dict[int, dict[str, Timing]] = {}
        pages: list[Page] = []
        for size in sizes:
            what = f"{size}_figures" if self.only_figures else str(size)
            with scratch_database(what if keep else None):
                call_command("setup", verbosity=0, stdout=self.stderr)
                company = found_company()
                if not size:
                    self.measure_surveys(company, rounds)
                    continue
                began = time.monotonic()
                generator = Generator(company, timezone.now(), words=not self.only_figures)
                generator.fill_up_to(size)
                if not self.only_texts and self.measure_figures(company, size):
                    continue
                add_readings(company.boss.pk)
                generator.settle()
                self.stdout.write(f"Made {size:,} records in {time.monotonic() - began:.0f} s.")
                self.measure_texts(company, size, rounds)
                if size == sizes[-1]:
                    self.measure_reading(size)
                if self.only_texts:
                    continue
                long, short = generator.long_conversation(8), generator.long_conversation(2)
                with measured_server(self.static) as port:
                    pages = pages_for(company, long, short, port, rounds)
                    runs[size] = measure(pages, port, rounds)
                    if size == sizes[-1]:
                        self.be_fair(runs, pages, port, rounds)
                self.stdout.write(table(size, list(rows_of(pages, runs[size]))) + "\n")
                if size == sizes[-1]:
                    self.bulk = bulk_rows(list(measure_bulk(company.boss)))
                    self.stdout.write(bulk_table(self.bulk) + "\n")
                    self.mail = mail_rows(list(measure_mail(min(MAILS, size // 10))))
                    self.stdout.write(mail_table(self.mail) + "\n")
                    self.measure_surveys(company, rounds)
        return runs, pages

    def measure_figures(self, company: Company, size: int) -> bool:
        """Metrics and roll-ups; whether nothing else was asked for."""
        found = measure_figures(company.boss, size)
        self.figures_of = {**self.figures_of, str(size): asdict(found)}
        self.stdout.write("\n".join(found.lines()) + "\n")
        return self.only_figures

    def measure_texts(self, company: Company, size: int, rounds: int) -> None:
        """Pages about what customers wrote."""
        pages = text_pages(company)
        with measured_server(self.static) as port:
            found = list(rows_of(pages, measure(pages, port, max(rounds // 4, 1))))
        self.texts = {**self.texts, str(size): found}
        goal = f" (goal {GOALS[size]:,} ms)" if size in GOALS else ""
        self.stdout.write(table(size, found, f"records, texts{goal}") + "\n")

    def measure_reading(self, size: int) -> None:
        """What a worker does with one message; of few records from fewer lessons."""
        found = measure_one_message(min(MESSAGES, size // 10), min(LESSONS, size // 10))
        self.one_message = one_message_rows(found)
        self.stdout.write(one_message_table(self.one_message) + "\n")

    def measure_surveys(self, company: Company, rounds: int) -> None:
        """Answering, then the results of as many responses as were asked for."""
        with measured_server(self.static) as port:
            self.answering = answering_rows(measure_answering(company.boss, port, rounds))
            self.stdout.write(answering_table(self.answering) + "\n")
            for size in self.responses:
                found = measure_results(company.boss, port, size, max(rounds // 4, 1))
                self.results = {**self.results, str(size): results_rows(found)}
                self.stdout.write(results_table(size, self.results[str(size)]) + "\n")

    def be_fair(
        self, runs: dict[int, dict[str, Timing]], pages: list[Page], port: int, rounds: int
    ) -> None:
        """Something else may have kept the machine busy: let the queue try again."""
        largest = runs[max(runs)]
        for _ in range(AGAIN):
            if growth_of_queue(runs) <= GROWTH:
                return
            again = measure([one for one in pages if one.name in {QUERY, QUEUE}], port, rounds)
            largest.update(again)

    def figures(self, runs: dict[int, dict[str, Timing]], pages: list[Page]) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            (postgres,) = cursor.fetchone()
        return {
            "at": timezone.now().isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "django": django.get_version(),
            "postgresql": postgres,
            "cores": os.cpu_count(),
            "queue_growth": round(growth_of_queue(runs), 3) if runs else None,
            "bulk": self.bulk,
            "mail": self.mail,
            "answering": self.answering,
            "results": self.results,
            "texts": self.texts,
            "one_message": self.one_message,
            "figures": self.figures_of,
            "runs": {str(size): list(rows_of(pages, run)) for size, run in runs.items()},
        }
