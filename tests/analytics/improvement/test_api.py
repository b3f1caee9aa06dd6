"""Problems and measures for programs."""

import pytest

from analytics.enums import MeasureStatus as M
from tests.api.conftest import ApiClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(lead):
    return ApiClient(lead, ["feedback:read", "feedback:write"])


def test_a_program_enters_shows_scores_and_moves(api, lead, records, team):
    made = api.post("problems/", {"title": "It leaks", "team": team.pk, "severity": 4})
    assert made.status_code == 201, made.json()
    address = f"problems/{made.json()['id']}/"
    shown = api.post(f"{address}evidence/", {"numbers": [one.number for one in records]})
    assert (shown.json()["evidence"], shown.json()["customers"]) == (3, 3)
    fmea = {"severity": 9, "occurrence": 1, "detection": 1}
    assert api.post(f"{address}score/", {"scheme": "fmea", "inputs": fmea}).json()["comes_first"]
    refused = api.post(f"{address}score/", {"scheme": "fmea", "inputs": fmea | {"severity": 11}})
    assert refused.status_code in {400, 409, 422}
    assert [one["id"] for one in api.get("problems/").json()] == [made.json()["id"]]
    assert api.get("problems/?status=nothing").status_code == 400

    measure = api.post(
        "measures/",
        {"problem": made.json()["id"], "kind": "product", "title": "Seal it", "owner": lead.pk,
         "due_on": "2030-01-01"},
    )  # fmt: skip
    assert measure.status_code == 201, measure.json()
    moved = api.patch(f"measures/{measure.json()['id']}/", {"status": "approved"})
    assert moved.json()["status"] == M.APPROVED
    assert api.patch(f"measures/{measure.json()['id']}/", {"status": "verified"}).status_code in {
        400, 409, 422,
    }  # fmt: skip


def test_a_program_writes_the_steps_of_a_measure_and_scores_it(api, lead, agent):
    problem = api.post("problems/", {"title": "It leaks"}).json()["id"]
    given = {"problem": problem, "kind": "product", "title": "Seal it"}
    address = f"measures/{api.post('measures/', given).json()['id']}/"

    made = api.post(f"{address}steps/", {"text": "Order seals", "assignee": agent.pk})
    assert made.status_code == 201, made.json()
    helper = ApiClient(agent, ["feedback:read", "feedback:write"])
    assert helper.post(f"{address}steps/", {"text": "Mine"}).status_code == 403
    step = f"{address}steps/{made.json()['id']}/"
    assert helper.patch(step, {"done": True}).json()["done_by"] == agent.pk
    assert api.get(address).json()["steps_done"] == 1
    assert helper.send("DELETE", step, None).status_code == 204
    assert api.get(f"{address}steps/").json() == []

    ice = {"impact": 8, "confidence": 5, "ease": 2}
    scored = api.post(f"{address}score/", {"scheme": "ice", "inputs": ice})
    assert scored.json()["scores"] == {"ice": 80.0}
    again = api.post(f"{address}score/", {"scheme": "ice", "inputs": ice | {"ease": 3}})
    assert again.json()["scores"] == {"ice": 120.0}
