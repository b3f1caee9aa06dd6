"""Who has a record open: seen by others, gone after 25 seconds, nobody is held up."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from feedback.models import Presence
from feedback.services.presence import be_present, forget_the_absent
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


@pytest.fixture
def colleague(team):
    return member(Role.AGENT, team)


def beat(client, record, **more):
    return client.post(reverse("feedback:presence", args=[record.number]), more).content.decode()


def test_others_see_who_views_and_who_writes(agent_client, agent, record, colleague):
    beat(agent_client, record, writing="0")
    other = client_of(colleague)
    assert "is viewing" in beat(other, record, writing="0")

    beat(agent_client, record, writing="1")
    said = beat(other, record, writing="0")

    assert agent.name in said
    assert "is writing" in said
    assert "is viewing" not in said


def test_nobody_sees_themselves(agent_client, agent, record):
    assert agent.name not in beat(agent_client, record, writing="1")


def test_who_is_silent_for_25_seconds_is_gone(agent_client, record, colleague, clock):
    be_present(record.pk, by=colleague, is_writing=True)
    clock.shift(timedelta(seconds=24))
    assert "is writing" in beat(agent_client, record)

    clock.shift(timedelta(seconds=1))

    assert colleague.name not in beat(agent_client, record)


def test_who_leaves_is_gone_at_once(agent_client, agent, record, colleague):
    beat(agent_client, record)
    beat(agent_client, record, leave="1")

    assert agent.name not in beat(client_of(colleague), record)


def test_the_queue_marks_the_rows_that_somebody_has_open(agent_client, record, colleague, team):
    other = FeedbackFactory(team=team)
    be_present(record.pk, by=colleague, is_writing=False)
    url = reverse("feedback:queue_presence")

    marks = agent_client.get(f"{url}?row={record.pk}&row={other.pk}&row=x").content.decode()

    assert f'id="here-{record.pk}"' in marks
    assert f'id="here-{other.pk}"' in marks
    assert marks.count(f"{colleague.name} is viewing") == 2  # title and words


def test_the_queue_says_nothing_of_records_one_may_not_see(outsider_client, record, colleague):
    be_present(record.pk, by=colleague, is_writing=True)

    marks = outsider_client.get(f"{reverse('feedback:queue_presence')}?row={record.pk}")

    assert colleague.name not in marks.content.decode()


def test_rows_of_those_who_left_without_a_word_are_removed(record, colleague, clock):
    be_present(record.pk, by=colleague, is_writing=False)
    clock.shift(timedelta(hours=2))

    assert forget_the_absent() == 1
    assert not Presence.objects.exists()
