from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role, Tier
from analytics.enums import AlertKind, Dismissal
from analytics.errors import AlertRuleRefused
from analytics.metrics.periods import Period
from analytics.models import Alert, AlertRule
from analytics.selectors.alerts.preview import preview_of
from analytics.selectors.facts.measuring import measure
from analytics.selectors.facts.question import asked
from analytics.selectors.window import today
from analytics.services.alert_rules import ensure_ready_rules, remove_rule, save_rule
from analytics.services.alert_watch import watch_days, watch_now
from analytics.services.alerts import dismiss_alert
from feedback.models import Feedback, Notification
from tests.analytics.alerts.conftest import SPIKE, records
from tests.conftest import member
from tests.factories import CustomerFactory, TeamFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_spike_is_one_alert_with_its_evidence_and_what_moved_it(rule, spike, analyst):
    assert watch_days() == 1
    assert watch_days() == 0

    alert = Alert.objects.get()
    assert alert.day == today(timezone.now()) - DAY
    assert (alert.value, alert.evidence_count) == (SPIKE, SPIKE)
    assert set(alert.evidence.values_list("feedback", flat=True)) == {one.pk for one in spike}
    assert alert.low < alert.expected < alert.high < SPIKE
    assert alert.moved[0]["by"] == "channel"
    assert alert.moved[0]["value"] == "email"
    told = Notification.objects.get(user=analyst)
    assert told.about["page"] == alert.get_absolute_url()
    assert str(SPIKE) in told.about["text"]


def test_it_stays_one_while_it_lasts_and_is_told_again_only_when_it_is_much_worse(
    rule, spike, team, analyst, clock
):
    watch_days()
    clock.shift(timedelta(days=1))
    records(team, days_ago=1, count=SPIKE)
    watch_days()
    alert = Alert.objects.get()
    assert alert.last_day == alert.day + DAY
    assert Notification.objects.filter(user=analyst).count() == 1

    records(team, days_ago=0, count=3 * SPIKE)
    watch_now()  # the day is not over, and has more than was expected of all of it already
    assert Alert.objects.count() == 1
    assert Notification.objects.filter(user=analyst).count() == 2

    clock.shift(timedelta(days=3))
    watch_days()
    alert.refresh_from_db()
    assert alert.ended_at is not None


def test_an_ordinary_day_and_a_young_company_raise_nothing(rule, team):
    for day in range(1, 15):
        records(team, days_ago=day, count=2)
    records(team, days_ago=1, count=SPIKE)

    assert watch_days() + watch_now() == 0


def test_what_was_dismissed_is_not_told_again(rule, spike, team, analyst, clock):
    watch_days()
    dismiss_alert(Alert.objects.get().pk, by=analyst, why=Dismissal.FALSE_ALARM)
    clock.shift(timedelta(days=1))
    records(team, days_ago=1, count=4 * SPIKE)

    assert watch_days() == 0
    assert Notification.objects.filter(user=analyst).count() == 1
    assert not Alert.objects.open().exists()


def test_each_team_has_alerts_of_its_own_that_others_do_not_see(spike, team, lead, analyst):
    AlertRule.objects.exclude(code="negative-team").update(is_active=False)
    stranger = member(Role.LEAD, TeamFactory())

    watch_days()

    alert = Alert.objects.get()
    assert alert.team == team
    assert Alert.objects.visible_to(lead).exists()
    assert not Alert.objects.visible_to(stranger).exists()
    told = set(Notification.objects.values_list("user", flat=True))
    assert {lead.pk, analyst.pk} <= told
    assert stranger.pk not in told
    # What everybody who sees the alert finds in the list is what it counted.
    filters = {"team": [team.pk], "mood": ["negative"]}
    question = asked("volume", Period(alert.day, alert.day), filters=filters)
    assert measure(lead, question).total.count == alert.value


def test_an_alert_about_everything_is_for_those_who_see_every_team(rule, spike, lead, analyst):
    watch_days()

    assert not Alert.objects.visible_to(lead).exists()
    assert Alert.objects.visible_to(analyst).exists()


def test_a_key_customer_with_a_bad_score_is_told_to_who_looks_after_them(team, lead, analyst):
    AlertRule.objects.exclude(kind=AlertKind.CUSTOMER).update(is_active=False)
    manager = member(Role.AGENT, team)
    customer = CustomerFactory(tier=Tier.KEY, owner=manager)
    (bad,) = records(team, days_ago=0, count=1)
    Feedback.objects.filter(pk=bad.pk).update(
        customer=customer, satisfaction=1, satisfaction_at=timezone.now()
    )

    assert watch_now() == 1
    assert watch_now() == 0

    alert = Alert.objects.get()
    assert alert.customer == customer
    assert alert.evidence.get().feedback == bad
    told = Notification.objects.get(user=manager)
    assert customer.name not in f"{told.about}"
    assert Alert.objects.visible_to(lead).exists()
    assert not Alert.objects.visible_to(member(Role.LEAD, TeamFactory())).exists()


def test_a_snoozed_rule_raises_and_does_not_tell(rule, spike, analyst):
    AlertRule.objects.update(snoozed_until=today(timezone.now()))

    watch_days()

    assert Alert.objects.count() == 1
    assert not Notification.objects.exists()


def test_mail_waits_until_quiet_hours_are_over_or_is_not_sent(rule, spike, analyst):
    # It is noon of the default time zone.
    AlertRule.objects.update(quiet_from=11, quiet_to=14)
    watch_days()
    told = Notification.objects.get(user=analyst)
    assert timezone.localtime(told.mail_after).hour >= 14

    Notification.objects.all().delete()
    Alert.objects.all().delete()
    AlertRule.objects.update(by_mail=False, checked_on=None)
    watch_days()
    assert Notification.objects.get(user=analyst).mail_after is None


def test_a_preview_counts_what_would_have_been_raised(rule, spike):
    found = preview_of(rule, timezone.now())

    assert found.count == 1
    assert found.named[0][0] == today(timezone.now()) - DAY
    assert not Alert.objects.exists()


def test_who_sees_some_teams_makes_rules_for_these_only(lead, team):
    with pytest.raises(AlertRuleRefused):
        save_rule(None, by=lead, kind=AlertKind.NEGATIVE)
    with pytest.raises(AlertRuleRefused):
        save_rule(None, by=lead, kind=AlertKind.NEGATIVE, team=TeamFactory())

    assert save_rule(None, by=lead, kind=AlertKind.NEGATIVE, team=team).team == team


@pytest.mark.parametrize(
    "fields",
    [
        {"metric": "backlog"},
        {"metric": "volume", "each": "assignee"},
        {"metric": "volume", "filters": {"assignee": ["none"]}},
        {"kind": AlertKind.NEGATIVE, "filters": {"assignee": ["none"]}},
        {"metric": "volume", "filters": {"survey": ["x"]}},
        {"metric": "volume", "filters": {"channel": ["pigeon"]}},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(analyst, fields):
    with pytest.raises(AlertRuleRefused):
        save_rule(None, by=analyst, **{"kind": AlertKind.METRIC, **fields})


def test_a_ready_rule_that_was_removed_does_not_come_back(rule):
    remove_rule(rule.pk)
    ensure_ready_rules()

    assert not AlertRule.objects.there().filter(code="negative").exists()
