"""Who of a team gets a record; and taking the next one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from accounts.enums import Availability, Role
from accounts.models import User
from accounts.services.availability import set_availability
from feedback.enums import Distribution, State, TimelineKind
from feedback.errors import Stale
from feedback.models import Feedback, Skill, Status, Tag
from feedback.selectors.story import story_of
from feedback.services.assignment import assign_feedback
from feedback.services.claiming import claim_next
from feedback.services.details import set_tags
from feedback.services.distribution import distribute_waiting, take_back_idle
from feedback.services.replies import add_note
from feedback.services.workflow import change_status
from tests.conftest import member
from tests.factories import FeedbackFactory, TeamFactory, UserFactory
from tests.feedback.routing.rules import members, works
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db
AGENTS = 40


def arrived(team, number=1, **more):
    """Records that came in for a team, after the jobs they led to."""
    made = []
    for _ in range(number):
        made.append(FeedbackFactory(team=team, **more))
        run_queued_jobs()
    return [Feedback.objects.get(pk=one.pk) for one in made]


def whose(records):
    return [one.assignee for one in records]


def test_by_hand_nobody_is_given_anything(team, agent):
    assert whose(arrived(team)) == [None]


def test_records_go_round_the_team(team):
    one, two, three = members(team, 3)
    works(team, Distribution.ROUND_ROBIN)

    assert whose(arrived(team, 4)) == [one, two, three, one]


def test_records_go_to_whoever_has_the_fewest_that_wait_for_us(team):
    busy, free = members(team, 2)
    for feedback in arrived(team, 2):
        assign_feedback(feedback.pk, by=busy, assignee=busy, team=team)
    resolved = arrived(team)[0]
    assign_feedback(resolved.pk, by=free, assignee=free, team=team)
    change_status(resolved.pk, by=free, status=Status.objects.default_for(State.RESOLVED))
    works(team, Distribution.LEAST_OPEN)

    records = arrived(team, 2)

    assert whose(records) == [free, free]
    assert "fewest open records" in story_of(records[0])[-1].sentence


def test_who_is_away_gets_nothing_and_nobody_gets_more_than_they_may_have(team):
    away, small, big = members(team, 3)
    set_availability(away.pk, availability=Availability.AWAY)
    User.objects.filter(pk=small.pk).update(max_open=1)
    works(team, Distribution.ROUND_ROBIN, max_open=2)

    assert whose(arrived(team, 4)) == [small, big, big, None]


def test_who_may_not_work_on_records_gets_none(team):
    member(Role.ANALYST, team)
    UserFactory(team=team)
    works(team, Distribution.ROUND_ROBIN)

    assert whose(arrived(team)) == [None]


def test_who_knows_the_tags_comes_first(team):
    _other, knows = members(team, 2)
    Skill.objects.create(user=knows, tag=Tag.objects.create(name="X3"))
    feedback = arrived(team)[0]
    set_tags(feedback.pk, by=knows, names=["X3"])
    works(team, Distribution.ROUND_ROBIN, by_skill=True)

    distribute_waiting()

    feedback.refresh_from_db()
    assert feedback.assignee == knows


def test_what_waits_is_given_out_when_somebody_is_back_longest_waiting_first(team):
    (agent,) = members(team, 1)
    set_availability(agent.pk, availability=Availability.AWAY)
    works(team, Distribution.LEAST_OPEN, max_open=1)
    first, second = arrived(team, 2)
    assert whose([first, second]) == [None, None]

    set_availability(agent.pk, availability=Availability.AVAILABLE)

    assert distribute_waiting() == 1
    assert distribute_waiting() == 0
    first.refresh_from_db()
    assert first.assignee == agent


def test_the_backlog_is_left_alone(team):
    members(team, 1)
    old = arrived(team, received_at=timezone.now() - timedelta(hours=100))[0]
    works(team, Distribution.ROUND_ROBIN, backlog_hours=72)

    assert distribute_waiting() == 0
    old.refresh_from_db()
    assert old.assignee is None


def test_an_archived_team_gives_nothing_out(team):
    members(team, 1)
    arrived(team)
    works(team, Distribution.ROUND_ROBIN)
    team.archived_at = timezone.now()
    team.save()

    assert distribute_waiting() == 0


# --- idle --------------------------------------------------------------------------------------
def test_what_nobody_worked_on_goes_to_somebody_else(team, clock):
    first, second = members(team, 2)
    works(team, Distribution.ROUND_ROBIN, unassign_after_minutes=7 * 24 * 60, backlog_hours=9999)
    feedback = arrived(team)[0]
    assert feedback.assignee == first

    clock.shift(timedelta(days=60))

    assert take_back_idle() == 1
    assert take_back_idle() == 0
    assert f"taken from {first.name}" in story_of(feedback)[-1].sentence
    distribute_waiting()
    feedback.refresh_from_db()
    assert feedback.assignee == second


def test_who_works_on_a_record_keeps_it(team, clock):
    (agent,) = members(team, 1)
    works(team, Distribution.ROUND_ROBIN, unassign_after_minutes=7 * 24 * 60)
    feedback = arrived(team)[0]
    clock.shift(timedelta(days=60))
    add_note(feedback.pk, by=agent, text="Calling them")

    assert take_back_idle() == 0


def test_nobody_is_idle_at_night_and_on_weekends(team, time_machine):
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    time_machine.move_to(friday, tick=False)
    members(team, 1)
    works(team, Distribution.ROUND_ROBIN, unassign_after_minutes=60)
    arrived(team)

    time_machine.move_to(friday + timedelta(days=2), tick=False)
    assert take_back_idle() == 0
    time_machine.move_to(friday + timedelta(days=3), tick=False)
    assert take_back_idle() == 1


def test_what_waits_for_the_customer_is_not_idle(team, clock):
    (agent,) = members(team, 1)
    works(team, Distribution.ROUND_ROBIN, unassign_after_minutes=60)
    feedback = arrived(team)[0]
    waiting = Status.objects.default_for(State.WAITING_CUSTOMER)
    change_status(feedback.pk, by=agent, status=waiting)
    clock.shift(timedelta(days=60))

    assert take_back_idle() == 0


# --- taking the next one -----------------------------------------------------------------------
def test_the_next_one_is_what_is_due_first_in_ones_own_teams(team, agent):
    FeedbackFactory(team=TeamFactory(), priority=4)
    later = FeedbackFactory(team=team)
    first = FeedbackFactory(team=team, priority=4)

    assert [claim_next(by=agent), claim_next(by=agent), claim_next(by=agent)] == [
        first,
        later,
        None,
    ]
    assert first.timeline.get(kind=TimelineKind.ASSIGNED).actor == agent


def test_of_two_who_take_the_same_record_one_is_told(team, agent):
    feedback = FeedbackFactory(team=team)
    other = member(Role.AGENT, team)
    assign_feedback(feedback.pk, by=agent, assignee=agent, team=team, version=1)

    with pytest.raises(Stale):
        assign_feedback(feedback.pk, by=other, assignee=other, team=team, version=1)


@pytest.mark.django_db(transaction=True)
def test_t90_forty_people_who_take_from_one_queue_never_get_the_same_record():
    team = TeamFactory()
    people = members(team, AGENTS)
    records = [FeedbackFactory(team=team).pk for _ in range(AGENTS + 10)]
    start = Barrier(AGENTS)

    def take_all(person):
        taken = []
        try:
            start.wait()
            while (one := claim_next(by=person)) is not None:
                taken.append(one.pk)
        finally:
            connection.close()
        return taken

    with ThreadPoolExecutor(AGENTS) as pool:
        taken = [pk for some in pool.map(take_all, people) for pk in some]

    assert sorted(taken) == sorted(records)
    assert not Feedback.objects.filter(assignee=None).exists()
