"""Requests over one connection on loopback, timed from the first byte sent to the last read."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from analytics.bench.floors import CPU, QUERIES
from analytics.bench.server import ServerFailed
from analytics.metrics.durations import percentile

WARM_UP, IN_A_ROW = 2, 10  # requests in each turn of a page: not counted, counted


@dataclass(frozen=True, slots=True)
class Request:
    """`ok` are the statuses that mean that it worked."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    ok: tuple[int, ...] = (200,)


@dataclass(frozen=True, slots=True)
class Page:
    """Something that is measured. `request` makes the n-th request; `floor` names the bare page
    it is compared with, `at_most` how many times as long it should take (performance goals)."""

    name: str
    request: Callable[[int], Request]
    floor: str = ""
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`took` in milliseconds as the client sees it, `cpu` those of the server's process;
    `leads_to` is where a redirect goes."""

    body: str
    took: float
    cpu: float
    queries: int
    leads_to: str = ""


@dataclass(slots=True)
class Timing:
    """Milliseconds, and how often which number of queries was seen."""

    times: list[float] = field(default_factory=list)
    cpu_times: list[float] = field(default_factory=list)
    queries: Counter[int] = field(default_factory=Counter)

    def note(self, answer: Answer) -> None:
        self.times.append(answer.took)
        self.cpu_times.append(answer.cpu)
        self.queries[answer.queries] += 1

    @property
    def p50(self) -> float:
        return percentile(sorted(self.times), 0.5)

    @property
    def p95(self) -> float:
        return percentile(sorted(self.times), 0.95)

    @property
    def p10(self) -> float:
        """What it takes when nothing else is in the way."""
        return percentile(sorted(self.times), 0.1)

    @property
    def cpu(self) -> float:
        return percentile(sorted(self.cpu_times), 0.5)

    @property
    def usual_queries(self) -> int:
        """A cache that was emptied now and then does not count."""
        return self.queries.most_common(1)[0][0]


class Caller:
    """A client that keeps its connection, as a proxy does."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def close(self) -> None:
        self.connection.close()

    def ask(self, request: Request) -> Answer:
        """Raises ServerFailed for an unexpected status."""
        start = time.perf_counter()
        try:
            self.connection.request(
                request.method, request.path, body=request.body, headers=request.headers
            )
            response = self.connection.getresponse()
            raw = response.read()
        except (OSError, HTTPException) as broken:
            raise ServerFailed(f"{request.method} {request.path}: {broken}") from broken
        took = (time.perf_counter() - start) * 1000
        body = raw.decode(errors="replace")
        if response.status not in request.ok:
            shown = " ".join(re.sub(r"<[^>]*>", " ", body).split())[:300]
            raise ServerFailed(
                f"{request.method} {request.path} was answered with {response.status}: {shown}"
            )
        cpu, queries = response.headers.get(CPU, 0), response.headers.get(QUERIES, 0)
        leads_to = response.headers.get("Location", "")
        return Answer(body, took, float(cpu), int(queries), leads_to)


def measure(pages: Sequence[Page], port: int, rounds: int) -> dict[str, Timing]:
    """Each page several times in a row, so that it is warm; the pages in turn, so that whatever
    else the machine does hits all of them alike. `rounds` is rounded up to whole turns."""
    timings = {page.name: Timing() for page in pages}
    with closing(Caller(port)) as caller:
        for first in range(0, requests_for(rounds), WARM_UP + IN_A_ROW):
            for page in pages:
                for n in range(first, first + WARM_UP + IN_A_ROW):
                    answer = caller.ask(page.request(n))
                    if n >= first + WARM_UP:
                        timings[page.name].note(answer)
    return timings


def requests_for(rounds: int) -> int:
    """How many requests a page gets for so many that count."""
    return -(-rounds // IN_A_ROW) * (IN_A_ROW + WARM_UP)


def get(path: str, **headers: str) -> Callable[[int], Request]:
    """The same GET every time."""
    return lambda _n: Request(path, headers=headers)


def form(path: str, fields: dict[str, str] | Sequence[tuple[str, str]], **headers: str) -> Request:
    """A form as a browser sends it; success is a redirect."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return Request(path, "POST", urlencode(fields).encode(), sent, ok=(302, 303))


def document(path: str, content: object, **headers: str) -> Request:
    """JSON to an API that makes something of it."""
    sent = {"Content-Type": "application/json", **headers}
    return Request(path, "POST", json.dumps(content).encode(), sent, ok=(201,))
