from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from analytics.enums import AlertKind
from analytics.models import Alert, AlertEvidence, AlertRule, Problem
from analytics.services.alerts import link_to_problem
from analytics.services.problems import make_problem
from tests.analytics.alerts.conftest import records
from tests.conftest import client_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def person(team, *permissions):
    """Somebody of a team with these permissions and no others."""
    one = UserFactory(team=team)
    for name in permissions:
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        one.user_permissions.add(found)
    return one


def raised(team, /, *, kind=AlertKind.NEGATIVE, count=1, **fields):
    """An alert with as many records as evidence."""
    rule, now = AlertRule.objects.filter(kind=kind).first(), timezone.now()
    day = (now - timedelta(days=1)).date()
    one = Alert.objects.create(
        rule=rule, kind=kind, day=day, last_day=day, value=count, evidence_count=count, **fields
    )
    for record in records(team, days_ago=1, count=count):
        AlertEvidence.objects.create(alert=one, feedback=record, said_at=now)
    return one


def test_a_problem_is_made_of_an_alert_by_who_may_see_alerts(team):
    alert = raised(team, team=team)
    source = f"{reverse('analytics:new_problem')}?from=alert&list={alert.pk}"
    may = ["feedback.view_feedback", "analytics.view_problem", "analytics.add_problem",
           "analytics.change_problem", "analytics.add_problemevidence"]  # fmt: skip
    blind, seeing = person(team, *may), person(team, *may, "analytics.view_alert")

    assert client_of(blind).post(source, {"title": "漏水"}).status_code == 400
    assert not Problem.objects.exists()

    made = client_of(seeing).post(source, {"title": "漏水", "team": team.pk})
    assert made.status_code == 302
    alert.refresh_from_db()
    assert alert.problem == Problem.objects.get()
    assert alert.acknowledged_at is None  # that is for who may change alerts


def test_the_problem_of_an_alert_stays_the_first_one(team, lead):
    alert = raised(team, team=team)
    first, second = (make_problem(by=lead, title=title, team=team) for title in ("A", "B"))
    link_to_problem(alert.pk, first, by=lead)
    link_to_problem(alert.pk, second, by=lead)

    alert.refresh_from_db()
    assert (alert.problem, alert.acknowledged_by) == (first, lead)
