"""The business case of a measure in the browser: written, filled in, printed, taken along."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests.conftest import client_of, member

pytestmark = pytest.mark.django_db


def rows(*flows, **more):
    data = {"flow-TOTAL_FORMS": len(flows), "flow-INITIAL_FORMS": 0}
    for at, (cost, benefit, note) in enumerate(flows):
        data |= {
            f"flow-{at}-cost": cost,
            f"flow-{at}-benefit": benefit,
            f"flow-{at}-note": note,
        }
    return {"period": "year", "yearly_rate": "8", **data, **more}


def test_a_case_is_written_and_told(measure, lead_client, team):
    page = reverse("analytics:measure_case", args=[measure.pk])
    assert "Month 12" in lead_client.get(page).text

    table = rows(("40000", "", "machine"), ("", "5000", ""), ("", "8000", ""), ("", "12000", ""),
                 ("", "30000", ""), ("", "", ""))  # fmt: skip
    shown = lead_client.post(page, table, follow=True).text

    assert measure.cash_flows.count() == 5
    for words in ("CNY 3,065.22", "37.5%", "Present value", "Excel", "wrote down costs"):
        assert words in shown
    assert (
        "CNY 3,065.22" in lead_client.get(reverse("analytics:print_case", args=[measure.pk])).text
    )
    file = lead_client.get(f"{page}?export=csv")
    assert "machine" in b"".join(file.streaming_content).decode("utf-8-sig")
    wrong = lead_client.post(page, rows(("-1", "", "")))
    assert wrong.status_code == 422
    assert measure.cash_flows.count() == 5
    agent = client_of(member(Role.AGENT, team))
    assert "CNY 3,065.22" in agent.get(page).text
    assert agent.post(page, table).status_code == 403


def test_rows_are_added_and_benefits_filled_in_without_being_kept(measure, lead_client):
    page = reverse("analytics:measure_case", args=[measure.pk])
    begun = rows(("500", "", ""), ("", "", ""))

    assert (
        "Year 4" not in lead_client.post(page, begun | {"do": "more"}).text
    )  # by the kept period
    assert "Month 4" in lead_client.post(page, begun | {"do": "more"}).text
    fill = {"fill-cases": "10", "fill-avoided": "25", "fill-cost_of_a_case": "80"}
    filled = lead_client.post(page, begun | fill | {"do": "fill"}).text
    assert 'value="200.00"' in filled
    refused = lead_client.post(page, begun | {"do": "fill"})
    assert refused.status_code == 422
    assert not measure.cash_flows.exists()
