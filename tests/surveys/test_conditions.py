"""Conditions about responses: which of them a list shows, on the page and in the API."""

import os
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.selectors.conditions import context_for
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import Priority
from surveys.enums import ResponseStatus
from surveys.models import Answer, Response
from surveys.services.answering import submit_response
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory, UserFactory
from tests.factories.surveys import call_back_survey, follow_up, make_survey, open_link, planned
from tests.feedback.test_conditions import (
    NOW,
    invented_conversations,
    invented_customers,
    invented_feedback,
    invented_values,
)
from tests.kernel.conditions.randomly import TEXTS, differences

pytestmark = pytest.mark.django_db
RESPONSE = vocabulary("response")
# The long look of tests.kernel.conditions.randomly tries as many here.
CASES = int(os.environ.get("CONDITION_CASES", "200"))


def invented_responses(rng, rows, staff, teams):
    """Responses as no service would make them: everything that the columns allow."""
    surveys = [make_survey(title_en=f"Survey {n}") for n in range(2)]
    collectors = [
        open_link(rng.choice(surveys), name=f"Way {n}", channel=channel)
        for n, channel in enumerate(["link", "qr", "phone"])
    ]
    responses = []
    for _ in range(40):
        collector = rng.choice(collectors)
        about = rng.choice([None, *rows])
        begun = NOW - timedelta(minutes=rng.randint(0, 20_000))
        status = rng.choice(ResponseStatus.values)
        done = status == "complete" or rng.random() < 0.3
        responses.append(
            Response.objects.create(
                survey=collector.survey,
                version=collector.survey.versions.get(),
                collector=collector,
                feedback=about,
                customer=rng.choice([None, rng.choice(rows).customer]),
                team=rng.choice([None, *teams]),
                agent=rng.choice([None, *staff]),
                entered_by=rng.choice([None, None, *staff]),
                status=status,
                started_at=begun,
                completed_at=begun + timedelta(minutes=rng.randint(0, 9000)) if done else None,
                language=rng.choice(["zh-hans", "en"]),
                is_counted=rng.random() < 0.8,
                is_test=rng.random() < 0.2,
            )
        )
    for response in responses:
        answer_at_random(rng, response)
    return responses


def answer_at_random(rng, response):
    for question in response.survey.questions.prefetch_related("choices"):
        if rng.random() < 0.3:
            continue
        given = {
            "number": {"number": float(rng.randint(1, 5))},
            "single": {"choice": rng.choice([*question.choices.all(), None])},
            "text": {"text": rng.choice(TEXTS)},
        }[question.data_type]
        if any(value is not None for value in given.values()):
            Answer.objects.create(response=response, question=question, **given)


def test_lists_and_records_agree_on_random_conditions_about_responses():
    rng = Random(20261122)
    teams = TeamFactory.create_batch(2)
    staff = [UserFactory(team=rng.choice(teams)) for _ in range(3)]
    rows = invented_feedback(rng, invented_customers(rng, staff), staff, teams)[:12]
    invented_conversations(rng, rows)
    invented_values(rng, rows)
    invented_responses(rng, rows, staff, teams)
    records = list(Response.objects.select_related("feedback", "customer"))
    context = context_for(staff[0], now=NOW)

    found, fitting = differences(
        rng, RESPONSE, records, Response.objects.all(), context, cases=CASES
    )

    assert found == []
    assert fitting > CASES / 3


# --- The list of responses ---------------------------------------------------------------------


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


@pytest.fixture
def lead_client(lead):
    return client_of(lead)


def answered(team=None, priority=Priority.NORMAL, **answers):
    invitation = planned(FeedbackFactory(team=team, priority=priority))
    return submit_response(
        invitation.collector_id,
        answers={"overall": 4} | answers,
        language="en",
        invitation_id=invitation.pk,
    ).response


def list_url(condition=None, page="responses/", **filters):
    query = filters | ({} if condition is None else {"condition": condition})
    address = f"/surveys/{call_back_survey().slug}/{page}"
    return f"{address}?{urlencode(query)}" if query else address


def listed(client, url):
    page = client.get(url)
    assert page.status_code == 200
    return [row["response"] for row in page.context["rows"]]


def rows_of(text):
    """What the builder sends for a condition that stands in it as text."""
    return {"condition-mode": "text", "condition-text": text}


def test_a_condition_asks_for_scores_words_the_record_and_the_customer(lead_client, team):
    bad = answered(team, priority=Priority.URGENT, overall=1, solved="no", comment="水还在漏")
    good = answered(team, overall=5, solved="yes", comment="Thanks")

    for condition, expected in [
        ("overall <= 2", [bad]),
        ("solved in (no, partly) and comment contains 漏", [bad]),
        ("text contains thanks", [good]),
        ("feedback.priority = urgent and feedback.team is my team", [bad]),
        ("customer.tier is not empty and channel = follow_up", [good, bad]),
        ("nps is empty and took < 1 hour and submitted within last 1 days", [good, bad]),
        (f"version = {good.version.number} and service is empty", [good, bad]),
        ("team is not my team", []),
    ]:
        assert listed(lead_client, list_url(condition)) == expected, condition


def test_the_condition_is_shown_as_a_sentence_and_can_be_taken_away(lead_client, team):
    answered(team, overall=1)

    page = lead_client.get(list_url("overall <= 2", collector=follow_up().pk)).content.decode()

    assert "Overall satisfaction is at most 2" in page
    assert f'href="{list_url(collector=follow_up().pk)}"' in page
    assert "Change the condition" in page


def test_a_condition_that_was_put_together_leads_to_its_list_with_the_other_filters(
    lead_client, team
):
    bad = answered(team, overall=1)
    answered(team, overall=5)
    builder = list_url(page="responses/condition/", collector=follow_up().pk)
    assert "data-condition" in lead_client.get(builder).content.decode()

    led = lead_client.post(
        builder,
        {
            "condition-mode": "rows",
            "condition-0-kind": "all",
            "condition-node": ["1:0:row"],
            "condition-1-field": "overall",
            "condition-1-operator": "le",
            "condition-1-editor": "number",
            "condition-1-value": "2",
        },
    )

    assert led.url == list_url("overall <= 2", collector=follow_up().pk)
    assert listed(lead_client, led.url) == [bad]
    assert lead_client.post(builder, rows_of("")).url == list_url(collector=follow_up().pk)


def test_a_mistake_is_said_in_words_and_what_was_typed_stays(lead_client):
    wrong = "overal <= 2 and comment contains 漏水"

    for response, status in [
        (lead_client.post(list_url(page="responses/condition/"), rows_of(wrong)), 422),
        (lead_client.get(list_url(wrong)), 400),
    ]:
        page = response.content.decode()
        assert response.status_code == status
        assert "There is no field “overal”. Did you mean overall?" in page
        assert "comment contains 漏水</textarea>" in page


def test_a_condition_cannot_reach_what_one_may_not_see(lead_client, team):
    ours, _theirs = answered(team, comment="ours"), answered(TeamFactory(), comment="theirs")

    for condition in ("comment contains theirs", "not comment contains ours", "status = complete"):
        assert set(listed(lead_client, list_url(condition))) <= {ours}
    foreign = client_of(UserFactory()).get(list_url(page="responses/condition/"))
    assert foreign.status_code == 403


def test_a_list_with_a_condition_costs_the_same_for_any_number(lead_client, team):
    url = list_url("overall >= 1 and feedback.team is my team and text contains more")

    def queries():
        lead_client.get(url)
        with CaptureQueriesContext(connection) as captured:
            rows = listed(lead_client, url)
        return len(captured), len(rows)

    answered(team, comment="more")
    with_one, _one = queries()
    for n in range(4):
        answered(team, comment=f"more {n}", solved="yes")

    assert queries() == (with_one, 5)
