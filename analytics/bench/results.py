"""Results of a survey of twenty questions with very many responses: its pages as analysts open
them, with and without filters, and how fast responses leave as a file."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analytics.bench.measuring import Caller, Page, Timing, get
from analytics.bench.pages import QUERY, session_of
from analytics.bench.responses import responses_of
from surveys.models import Response, Survey
from surveys.services.response_files import csv_of, table_for
from surveys.services.tallying import tally_due

# Milliseconds at a million responses (performance goals).
GOALS = "goals at 1,000,000: results 1,000 ms, with a filter 2,000 ms"
EXPORTED = 20_000  # lines of a file that are timed


@dataclass(frozen=True, slots=True)
class Results:
    """`run` has the timing of each of `pages`, `exported` lines left in `seconds`."""

    responses: int
    pages: Sequence[Page]
    run: dict[str, Timing]
    exported: int
    seconds: float

    @property
    def a_second(self) -> float:
        return self.exported / self.seconds


def measure_results(by: User, port: int, responses: int, rounds: int) -> Results:
    """Each page so often, the pages in turn. Makes the responses where they are not there."""
    survey = responses_of(by, responses).survey
    while tally_due():  # as a worker does every minute
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response, surveys_answer")
    headers = {"Cookie": f"sessionid={session_of(by)}"}
    pages = [Page(QUERY, get("/bench/query/"))]
    for name, address, query in _addresses():
        path = reverse(address, args=[survey.slug])
        pages.append(Page(name, get(f"{path}?{urlencode(query)}", **headers)))
    run = {page.name: Timing() for page in pages}
    with closing(Caller(port)) as caller:
        for number in range(1 + rounds):
            for page in pages:
                answer = caller.ask(page.request(number))
                if number:  # the first time everything is cold
                    run[page.name].note(answer)
    seconds, lines = _export(by, survey)
    return Results(responses, pages, run, lines, seconds)


Filters = list[tuple[str, str]]


def _addresses() -> Iterator[tuple[str, str, Filters]]:
    """(name, address, filters)."""
    today = timezone.localdate()
    first, last = today - timedelta(days=60), today - timedelta(days=31)
    month = [("from", first.isoformat()), ("to", last.isoformat())]
    answer = [("answer", "way:c0")]
    results, crosstab = "analytics:survey_results", "analytics:survey_crosstab"
    two = [("rows", "recommend"), ("columns", "way")]
    yield "results", results, []
    yield "results, 30 days", results, month
    yield "results, one answer", results, answer
    yield "results, one language", results, [("language", "en")]
    yield "results, condition", results, [("condition", "nps >= 9")]
    yield "two groups compared", results, [*month, ("compare", "before")]
    yield "cross-tab", crosstab, two
    yield "cross-tab by way", crosstab, [("rows", "uses"), ("columns", "by:collector")]
    yield "cross-tab, one answer", crosstab, [*two, ("answer", "first:c0")]
    yield "list of responses", "surveys:responses", []
    yield "list, one answer", "surveys:responses", answer


def _export(by: User, survey: Survey) -> tuple[float, int]:
    """Seconds and lines of a CSV, as it is streamed."""
    responses = Response.objects.complete().filter(survey=survey)
    table = table_for(survey, by)
    began = time.perf_counter()
    lines = sum(1 for _line in islice(csv_of(table, responses), EXPORTED))
    return time.perf_counter() - began, lines
