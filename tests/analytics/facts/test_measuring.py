"""Whatever a metric says, the list behind it holds exactly what was counted."""

from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.enums import Role
from analytics.charts.data import Step
from analytics.metrics.catalogue.metrics import METRICS
from analytics.selectors.facts.measuring import dimensions_of, measure
from analytics.selectors.facts.question import asked
from feedback.selectors.queue import queue_records, read_queue
from surveys.models import Response, Survey
from surveys.selectors.response_list import narrowed, read_filters
from tests.analytics.facts.conftest import days_back
from tests.conftest import member

pytestmark = pytest.mark.django_db


class Lists:
    """How many a list has that an address shows, each counted once."""

    def __init__(self, user) -> None:
        self.user, self.known = user, {}

    def count(self, url: str) -> int:
        if url not in self.known:
            at = urlsplit(url)
            query = parse_qs(at.query)
            if at.path.startswith("/queue/"):
                self.known[url] = queue_records(read_queue(query, self.user), self.user).count()
            else:
                survey = Survey.objects.get(slug=at.path.split("/")[2])
                responses = Response.objects.visible_to(self.user).filter(survey=survey).complete()
                chosen = read_filters(survey, query, self.user)
                self.known[url] = narrowed(responses, chosen).count()
        return self.known[url]

    def disagreements(self, answer) -> list[str]:
        rows = [answer.total, *answer.groups, *answer.rows]
        return [
            f"{row.keys} {row.period}: {row.count}, the list {self.count(row.url)} {row.url}"
            for row in rows
            if row.url and row.count != self.count(row.url)
        ]


def test_every_figure_is_the_count_of_its_list(year):
    """Of somebody who sees everything by each dimension, and of an agent of one team, who sees
    less, by one of them, another for the next metric."""
    totals = []
    for user, enough in ((member(Role.ADMIN), 300), (year.agents[0], 50)):
        lists, linked = Lists(user), 0
        for place, metric in enumerate(METRICS.values()):
            dimensions = list(dimensions_of(metric))
            one = place % len(dimensions)
            for by in dimensions if enough == 300 else dimensions[one : one + 1]:
                step = None if metric.is_stock else Step.MONTH
                answer = measure(user, asked(metric.key, days_back(year, 90), by=[by], step=step))
                assert lists.disagreements(answer) == [], (metric.key, by)
                linked += sum(bool(row.url) for row in answer.rows)
        assert linked > enough
        totals.append(measure(user, asked("volume", days_back(year, 400))).total.count)
    assert totals[0] > totals[1] > 0
