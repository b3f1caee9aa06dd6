"""Metrics and dashboards for programs: the same figures, by an allow-list."""

import pytest

from accounts.enums import Role
from analytics.metrics.catalogue.metrics import METRICS
from analytics.services.boards import make_board
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db


def test_a_metric_is_asked_by_dimension_and_filters_and_nothing_else(team, agent):
    FeedbackFactory(team=team, channel="email")
    FeedbackFactory(team=team, channel="phone")
    FeedbackFactory(team=TeamFactory(), channel="email")
    client = client_of(agent)
    found = client.get("/api/v1/metrics/").json()
    assert {one["key"] for one in found} == set(METRICS)

    answer = client.get("/api/v1/metrics/volume/?by=channel&period=7").json()
    assert answer["total"]["measured"]["value"] == 2
    assert {row["values"][0]: row["count"] for row in answer["rows"]} == {"email": 1, "phone": 1}

    for query in ["colour=red", "by=colour", "step=minute", "by=channel&by=channel", "team=99999"]:
        assert client.get(f"/api/v1/metrics/volume/?{query}").status_code == 400, query
    assert client.get("/api/v1/metrics/nothing/").status_code == 404


def test_dashboards_are_read(agent):
    mine = make_board(by=agent, name="Mine")
    client = client_of(agent)
    keys = [one["key"] for one in client.get("/api/v1/dashboards/").json()]
    assert keys[0] == str(mine.pk)
    assert client.get("/api/v1/dashboards/service/").json()["tiles"]
    assert client_of(member(Role.AGENT)).get(f"/api/v1/dashboards/{mine.pk}/").status_code == 404
