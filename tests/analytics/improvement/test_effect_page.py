"""The effect of a measure: measured in the browser over real records, kept as it was."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from analytics.enums import EffectDesign, EffectVerdict, MeasureStatus
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.effects import Effect, Weeks, before_and_after
from analytics.models import Measure
from analytics.selectors.effect_asked import EffectAsked
from analytics.services.effect_checks import measure_effect
from analytics.services.measures import change_measure
from analytics.services.reminding_owners import ask_for_effects
from feedback.enums import NoticeKind
from feedback.models import Category, Feedback, Notification
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db
BEFORE, AFTER = (6, 7, 5, 6), (2, 1, 3, 2)


@pytest.fixture
def leaks(problem):
    category = Category.objects.create(code="leaks", name_zh="漏水", name_en="Leaks")
    problem.category = category
    problem.save(update_fields=["category"])
    return category


@pytest.fixture
def carried_out(measure, leaks, team, lead):
    """Four weeks with many leaks, the measure, four weeks with few."""
    day = timezone.localdate() - timedelta(weeks=4)
    start = timezone.localtime().replace(hour=12, minute=0) - timedelta(weeks=8)
    FeedbackFactory(team=team, received_at=start - timedelta(days=30))
    for week, count in enumerate((*BEFORE, *AFTER)):
        for at in range(count):
            moment = start + timedelta(weeks=week, days=at % 6)
            FeedbackFactory(team=team, category=leaks, received_at=moment)
    change_measure(measure.pk, by=lead, in_force_from=day, owner=lead)
    return Measure.objects.get(pk=measure.pk)


def asked(measure, category, **more):
    return {
        "metric": "volume",
        "category": category.code,
        "in_force": measure.in_force_from.isoformat(),
        "weeks_before": 4,
        "weeks_after": 4,
        "design": "before_after",
        "again_weeks": 8,
        **more,
    }


def test_an_effect_is_measured_kept_and_verified(carried_out, leaks, lead, lead_client):
    page = reverse("analytics:measure_effect", args=[carried_out.pk])
    assert f'value="{leaks.code}" selected' in lead_client.get(page).text

    shown = lead_client.post(page, asked(carried_out, leaks), follow=True)

    check = carried_out.effects.get()
    weeks = Weeks(*(tuple(Sums({"n": n}) for n in side) for side in (BEFORE, AFTER)))
    pure = before_and_after(METRICS["volume"], weeks)
    assert Effect.of_json(check.result["effect"]) == pure
    assert (check.verdict, check.by) == (EffectVerdict.BETTER, lead)
    assert "fell by 66.7%" in shown.text
    assert "Without the measure" in shown.text
    carried_out.refresh_from_db()
    assert carried_out.effect_due_on == timezone.localdate() + timedelta(weeks=8)

    Feedback.objects.filter(category=leaks).update(
        category=None
    )  # what was measured stays as it was
    assert "fell by 66.7%" in lead_client.get(page).text
    file = lead_client.get(f"{page}?export=csv")
    assert b"".join(file.streaming_content).decode("utf-8-sig").count("\n") == 9

    Measure.objects.filter(pk=carried_out.pk).update(status=MeasureStatus.DONE)
    lead_client.post(page, {"do": "verify"})
    carried_out.refresh_from_db()
    assert carried_out.status == MeasureStatus.VERIFIED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"design": "interrupted"}, "This takes 8 whole weeks before and after the measure"),
        ({"design": "controlled"}, "Say which group was left untouched."),
        ({"design": "controlled", "untouched": "channel:email"}, "Say first which group"),
        ({"metric": "csat"}, "On one side there are 0 answers only"),
    ],
)
def test_what_cannot_be_told_is_refused_and_not_kept(
    change, words, carried_out, leaks, lead_client
):
    page = reverse("analytics:measure_effect", args=[carried_out.pk])
    refused = lead_client.post(page, asked(carried_out, leaks, **change))
    assert refused.status_code == 409
    assert words in refused.text
    assert not carried_out.effects.exists()


def test_numbers_are_hidden_from_who_sees_less(carried_out, leaks, admin, lead_client, team):
    wanted = EffectAsked(
        "volume",
        EffectDesign.BEFORE_AFTER,
        carried_out.in_force_from,
        4,
        4,
        {"category": leaks.code},
    )
    measure_effect(carried_out.pk, wanted, by=admin)
    page = reverse("analytics:measure_effect", args=[carried_out.pk])
    shown = lead_client.get(page).text
    assert "fell by" not in shown
    assert "It worked" in shown
    other = client_of(member(Role.LEAD, TeamFactory()))
    assert other.get(page).status_code == 404
    agent = client_of(member(Role.AGENT, team))
    assert agent.post(page, asked(carried_out, leaks)).status_code == 403


def test_an_owner_is_asked_once_when_the_day_has_come(carried_out, lead):
    day = timezone.localdate()
    Measure.objects.filter(pk=carried_out.pk).update(
        status=MeasureStatus.DONE, effect_due_on=day, reminded_on=day - timedelta(days=60)
    )
    assert (ask_for_effects(day), ask_for_effects(day)) == (1, 0)
    told = Notification.objects.get(kind=NoticeKind.EFFECT_DUE)
    assert (told.user, told.about["page"]) == (
        lead,
        reverse("analytics:measure_effect", args=[carried_out.pk]),
    )


def test_programs_measure_and_write_business_cases(carried_out, leaks, lead_client):
    effects = f"/api/v1/measures/{carried_out.pk}/effects/"
    wanted = {
        "metric": "volume",
        "design": "before_after",
        "in_force": carried_out.in_force_from.isoformat(),
        "weeks_before": 4,
        "weeks_after": 4,
        "filters": {"category": leaks.code},
    }
    json = {"content_type": "application/json"}
    made = lead_client.post(effects, wanted, **json)
    assert made.status_code == 201
    assert made.json()["verdict"] == "better"
    assert lead_client.get(effects).json()["results"] == [made.json()]
    refused = lead_client.post(effects, wanted | {"design": "interrupted"}, **json)
    assert (refused.status_code, refused.json()["code"]) == (409, "effect_refused")

    case = f"/api/v1/measures/{carried_out.pk}/business-case/"
    assert lead_client.get(case).json()["present_value"] is None
    flows = [{"cost": "100"}, {"benefit": "108"}]
    put = lead_client.put(case, {"period": "year", "yearly_rate": "8", "flows": flows}, **json)
    assert put.json()["present_value"] == pytest.approx(0)
    assert put.json()["internal_rate"] == pytest.approx(0.08)
