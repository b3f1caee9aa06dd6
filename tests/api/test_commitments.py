"""Commitments by the API."""

import pytest

from accounts.enums import Role, Scope
from feedback.enums import CommitmentState
from tests.api.conftest import ApiClient
from tests.conftest import member
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(agent):
    return ApiClient(agent, Scope.values)


def test_a_commitment_is_made_changed_and_kept(program, team, agent):
    record = FeedbackFactory(team=team)
    where = f"feedback/{record.number}/commitments/"
    said = {"kind": "decision", "staff_text": "No", "decision": "declined", "owner": agent.pk}

    refused = program.post(where, said)
    assert refused.status_code == 409
    assert refused.json()["code"] == "commitment_refused"
    made = program.post(where, said | {"customer_text": "Too late", "is_visible": True})
    assert made.status_code == 201, made.json()
    one = f"commitments/{made.json()['id']}/"
    again = said | {"customer_text": "Too late, sorry"}
    assert program.put(one, again).json()["customer_text"] == "Too late, sorry"
    assert program.post(f"{one}keep/", {"outcome": "Told"}).json()["state"] == "done"
    assert program.post(f"{one}keep/", {}).json()["code"] == "commitment_settled"
    listed = program.get(where).json()["results"]
    assert [row["owner"]["id"] for row in listed] == [agent.pk]


def test_approval_is_asked_of_the_person_behind_the_token(program, team):
    record = FeedbackFactory(team=team)
    said = {"kind": "compensation", "staff_text": "Refund", "amount": "900.00"}
    made = program.post(f"feedback/{record.number}/commitments/", said).json()
    assert made["state"] == CommitmentState.PROPOSED

    where = f"commitments/{made['id']}/approve/"
    assert program.post(where, {}).json()["code"] == "above_limit"
    lead = ApiClient(member(Role.LEAD, team), Scope.values)
    assert lead.post(where, {}).json()["state"] == CommitmentState.OPEN


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number(program, team, rows, django_assert_num_queries):
    for _ in range(rows):
        record = FeedbackFactory(team=team)
        said = {"kind": "solution", "staff_text": "Send it"}
        program.post(f"feedback/{record.number}/commitments/", said)
    program.get("commitments/")

    with django_assert_num_queries(3):
        assert len(program.get("commitments/").json()["results"]) == rows
