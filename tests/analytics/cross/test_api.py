"""Cross analysis for programs: the same tables, by an allow-list, and no more than their scopes."""

import pytest

from accounts.enums import Role
from accounts.services.api_tokens import create_api_token
from tests.analytics.cross.test_tables import made
from tests.analytics.facts.conftest import year  # noqa: F401 - a fixture
from tests.conftest import client_of, member

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/cross-analysis/"


def test_a_program_gets_what_the_page_shows_and_nothing_else(year):  # noqa: F811
    user = member(Role.ANALYST)
    client = client_of(user)
    query = {"period": "365", "rows": "team", "columns": "channel"}
    answer = client.get(ADDRESS, query).json()
    (table,) = made(user, year, **query).tables
    assert answer["dimensions"] == ["team", "channel"]
    counts = [[cell["count"] for cell in line] for line in answer["tables"][0]["cells"]]
    assert counts == [[cell.count for cell in line] for line in table.cells]
    assert answer["tables"][0]["test"]["chi_square"] == pytest.approx(table.test.statistic)
    for wrong in ("rows=colour", "colour=red", "show=rows", "metric=x", "rows=team&columns=team"):
        assert client.get(f"{ADDRESS}?{wrong}").status_code == 400, wrong
