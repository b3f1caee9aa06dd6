"""A survey of twenty questions answered as in a browser, page after page, beside a view that only
inserts one row: what each page costs, and how many whole responses a core takes in a second."""

import html
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count

from django.urls import reverse

from accounts.models import User
from analytics.bench.measuring import Answer, Caller, Request, Timing, form
from analytics.bench.server import ServerFailed
from analytics.bench.survey import PAGES, QUESTIONS, TYPED, measured_survey
from surveys.models import Response

TITLE = "Bench: answering"
WARM_UP = 2  # whole responses that do not count
GOAL = 6  # times a view that inserts one row, for each post (performance goals)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_visitor = count()


@dataclass(slots=True)
class Answering:
    """What whole responses took. `pages` are those that were served, `posts` those that were
    sent, `insert` is the bare view."""

    responses: int
    insert: Timing = field(default_factory=Timing)
    pages: list[Timing] = field(default_factory=lambda: [Timing() for _ in PAGES])
    posts: list[Timing] = field(default_factory=lambda: [Timing() for _ in PAGES])
    thanks: Timing = field(default_factory=Timing)

    @property
    def each(self) -> Iterator[tuple[str, Timing]]:
        for number, (page, post) in enumerate(zip(self.pages, self.posts, strict=True), start=1):
            yield f"page {number} served", page
            yield f"page {number} sent", post
        yield "thanks", self.thanks

    @property
    def cpu(self) -> float:
        """Milliseconds of the web process for a whole response, pages and posts."""
        return sum(timing.cpu for _name, timing in self.each)

    @property
    def took(self) -> float:
        """Milliseconds that a whole response waits for us."""
        return sum(timing.p50 for _name, timing in self.each)


def measure_answering(by: User, port: int, rounds: int) -> Answering:
    """`rounds` people answer, one after the other. Raises ServerFailed where not all of them
    leave a response with all their answers."""
    measured = measured_survey(TITLE, by)
    path = reverse("surveys:answer_openly", args=[measured.collectors[0].token])
    mine = Response.objects.filter(survey=measured.survey).complete()
    found, before = Answering(rounds), mine.count()
    with closing(Caller(port)) as caller:
        for number in range(WARM_UP + rounds):
            walked = list(_walk(caller, path))
            insert = caller.ask(Request("/bench/insert/", "POST", b""))
            if number >= WARM_UP:
                found.insert.note(insert)
                for (_name, timing), answer in zip(found.each, walked, strict=True):
                    timing.note(answer)
    new, last = mine.count() - before, mine.first()
    asked = (
        {
            answer.question.code.partition("_")[0]
            for answer in last.answers.select_related("question")
        }
        if last
        else set()
    )
    if new != WARM_UP + rounds or len(asked) != QUESTIONS:
        raise ServerFailed(f"{new} responses to {len(asked)} questions came of {rounds} people.")
    return found


def _walk(caller: Caller, path: str) -> Iterator[Answer]:
    """Page, post, page, post …, thanks: as one person gets them."""
    visitor = next(_visitor)
    address = f"10.{visitor >> 16 & 255}.{visitor >> 8 & 255}.{visitor & 255}"
    headers = {"X-Forwarded-For": address, "Accept-Language": "en"}
    for typed in TYPED:
        page = caller.ask(Request(path, headers=headers))
        yield page
        hidden = [(name, html.unescape(value)) for name, value in HIDDEN.findall(page.body)]
        fields = [*hidden, ("website", ""), *typed, ("go", "next")]
        sent = caller.ask(form(path, fields, **headers))
        yield sent
        path = sent.leads_to
    yield caller.ask(Request(path, headers=headers))
