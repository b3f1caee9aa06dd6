"""Cross analysis for programs: the same tables, by an allow-list, as far as their scopes go."""

import pytest

from accounts.enums import Role, Scope
from surveys.models import Question
from tests.analytics.cross.test_tables import made
from tests.analytics.facts.conftest import year  # noqa: F401 - a fixture
from tests.api.conftest import ApiClient
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


def test_a_token_is_told_no_more_than_its_scopes(year):  # noqa: F811
    user = member(Role.ANALYST)
    reader = ApiClient(user, [Scope.FEEDBACK_READ])
    question = Question.objects.get(code="overall", survey__kind="csat").pk
    of_customers = ("rows=tier", "rows=organisation", "layers=customer_tag", "tier=vip")
    for query in (*of_customers, "metric=overall", f"rows=answer.{question}"):
        assert reader.get(f"cross-analysis/?{query}").status_code == 400, query
    assert reader.get("feedback/?customer.tag=none").status_code == 400
    knows_customers = ApiClient(user, [Scope.FEEDBACK_READ, Scope.CUSTOMERS_READ])
    assert knows_customers.get("feedback/?customer.tag=none").status_code == 200
    asks_answers = f"feedback/?customer.answer.{question}=5"
    assert knows_customers.get(asks_answers).status_code == 400
    scopes = [Scope.FEEDBACK_READ, Scope.CUSTOMERS_READ, Scope.SURVEYS_READ]
    assert ApiClient(user, scopes).get(asks_answers).status_code == 200
    answer = reader.get("cross-analysis/?period=90&rows=category").json()
    cells = [cell for line in answer["tables"][0]["cells"] for cell in line]
    assert answer["least"] == 5
    assert all(cell["is_hidden"] or cell["count"] not in {1, 2, 3, 4} for cell in cells)
    assert not {"tier", "organisation", "customer_tag"} & set(answer["offered"])
