from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from analytics.enums import AlertKind
from analytics.models import Alert, AlertEvidence, AlertRule
from feedback.enums import Channel, State
from feedback.models import Feedback, Status
from tests.conftest import client_of, member
from tests.factories import CustomerFactory

SPIKE = 20


@pytest.fixture(autouse=True)
def noon(clock):
    """Whole days lie behind; it is a Wednesday, and no mail is held back at this hour."""
    clock.move_to(timezone.now().replace(hour=4, minute=0))


@pytest.fixture
def analyst():
    return member(Role.ANALYST)


@pytest.fixture
def analyst_client(analyst):
    return client_of(analyst)


@pytest.fixture
def rule():
    """The ready rule about all negative feedback; no other is at work."""
    AlertRule.objects.exclude(code="negative").update(is_active=False)
    return AlertRule.objects.get(code="negative")


def records(team, *, days_ago: int, count: int, sentiment: int = -60, **fields) -> list[Feedback]:
    at, customer = timezone.now() - timedelta(days=days_ago), CustomerFactory()
    return Feedback.objects.bulk_create(
        Feedback(
            team=team,
            customer=customer,
            subject="漏水",
            received_at=at - timedelta(minutes=one),
            channel=fields.get("channel", Channel.WEB_FORM),
            state=State.NEW,
            status=Status.objects.default_for(State.NEW),
            sentiment=sentiment,
            language="zh-hans",
        )
        for one in range(count)
    )


@pytest.fixture
def spike(team):
    """Two negative records a day for eight weeks, and twenty yesterday, by mail."""
    for day in range(2, 60):
        records(team, days_ago=day, count=2)
    return records(team, days_ago=1, count=SPIKE, channel=Channel.EMAIL)


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
