import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from analytics.enums import AlertKind, ProblemSource
from analytics.models import Alert, AlertRule, Problem
from analytics.services.alert_watch import watch_days
from tests.analytics.alerts.conftest import SPIKE
from tests.conftest import client_of, member
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(rule, spike):
    watch_days()
    return Alert.objects.get()


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_from_the_list_to_the_evidence_every_number_is_the_same(analyst_client, alert):
    listed = text_of(analyst_client.get(reverse("analytics:alerts")))
    assert "Negative feedback" in listed
    assert f"{SPIKE} on" in listed

    page = text_of(analyst_client.get(alert.get_absolute_url()))
    assert "What probably moved it" in page
    links = dict(re.findall(r'href="([^"]+)" data-count="(\d+)"', page))
    evidence = reverse("analytics:alert_evidence", args=[alert.pk])
    assert links.pop(evidence) == str(SPIKE)
    ((queue, count),) = links.items()
    assert count == str(SPIKE)
    found = analyst_client.get(queue.replace("&amp;", "&"))
    assert found.context["page"].total == SPIKE
    assert analyst_client.get(evidence).context["page"].paginator.count == SPIKE


def test_the_list_costs_the_same_for_any_number_of_alerts(
    analyst_client, alert, django_assert_max_num_queries
):
    page = reverse("analytics:alerts")
    analyst_client.get(page)
    for at in range(20):
        copy = Alert.objects.get(pk=alert.pk)
        copy.pk, copy.series, copy.each = None, f"{at}", "product"
        copy.save()
    with django_assert_max_num_queries(14):
        assert analyst_client.get(page).context["page"].paginator.count == 21


def test_somebody_takes_care_of_it_and_makes_a_problem_of_it(analyst_client, analyst, alert):
    analyst_client.post(reverse("analytics:acknowledge_alert", args=[alert.pk]))
    alert.refresh_from_db()
    assert alert.acknowledged_by == analyst

    source = f"{reverse('analytics:new_problem')}?from=alert&list={alert.pk}"
    form = analyst_client.get(source)
    assert form.context["count"] == SPIKE
    made = analyst_client.post(source, {"title": form.context["form"]["title"].value()})
    problem = Problem.objects.get()
    assert made.url == problem.get_absolute_url()
    assert (problem.source, problem.evidence.count()) == (ProblemSource.SPIKE, SPIKE)
    assert alert.get_absolute_url() in text_of(analyst_client.get(problem.get_absolute_url()))
    assert problem.reference in text_of(analyst_client.get(alert.get_absolute_url()))


def test_it_is_dismissed_with_a_reason_and_opened_again(analyst_client, alert):
    dismiss = reverse("analytics:dismiss_alert", args=[alert.pk])
    analyst_client.post(dismiss, {"why": "known"})
    assert Alert.objects.open().exists()  # nobody said which cause

    analyst_client.post(dismiss, {"why": "known", "note": "App 3.3"})
    assert not Alert.objects.open().exists()
    assert "App 3.3" in text_of(analyst_client.get(alert.get_absolute_url()))

    analyst_client.post(dismiss, {"back": "1"})
    assert Alert.objects.open().exists()


def test_who_may_not_see_it_finds_nothing(alert, team):
    agent, stranger = member(Role.AGENT, team), member(Role.LEAD, TeamFactory())
    for person in (agent, stranger):
        client = client_of(person)
        assert client.get(alert.get_absolute_url()).status_code == 404
        assert not client.get(reverse("analytics:alerts")).context["rows"]
    page = reverse("analytics:acknowledge_alert", args=[alert.pk])
    assert client_of(agent).post(page).status_code == 403
    assert client_of(stranger).post(page).status_code == 404
    assert client_of(agent).get(reverse("analytics:alert_rules")).status_code == 403


def test_a_rule_is_tried_before_it_is_saved(analyst_client, spike):
    page = reverse("analytics:new_alert_rule", args=[AlertKind.NEGATIVE])
    given = {"sensitivity": "quarter", "quiet_from": 21, "quiet_to": 8, "only_channel": "email"}
    before = AlertRule.objects.count()

    asked = text_of(analyst_client.get(page))
    for name in ("by_mail", "is_active", "snoozed_until", "only_channel"):
        assert f'name="{name}"' in asked
    tried = analyst_client.post(page, {**given, "do": "preview"})
    assert tried.context["preview"].count == 1
    assert AlertRule.objects.count() == before

    analyst_client.post(page, {**given, "is_active": "on"})
    made = AlertRule.objects.last()
    assert made.filters == {"channel": ["email"]}
    edited = analyst_client.post(made.get_absolute_url(), {**given, "name": "Mail"})
    assert edited.status_code == 302
    assert "Mail" in text_of(analyst_client.get(reverse("analytics:alert_rules")))


@pytest.mark.parametrize("query", ["state=gone", "kind=x", "colour=red"])
def test_a_filter_that_does_not_exist_is_said(analyst_client, query):
    assert analyst_client.get(f"{reverse('analytics:alerts')}?{query}").status_code == 400
