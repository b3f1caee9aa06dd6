"""When a customer writes to a settled record: reopened or followed up, on every channel alike."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role, Scope
from accounts.models import OutgoingMessage
from feedback.enums import Channel, Metric, OnAnswer, State, TimelineKind
from feedback.errors import RecordClosed, ReopeningUnclear, StepNotAllowed
from feedback.models import Feedback, ReopenPolicy, SLAClock, Status
from feedback.selectors.story import story_of
from feedback.services.assignment import assign_feedback
from feedback.services.conversation import add_customer_message
from feedback.services.reopening import close_old_records, forget_reopening, set_reopening
from feedback.services.replies import add_note, send_reply
from feedback.services.workflow import change_status, reopen_feedback, resolve_feedback
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(agent, team):
    """Resolved by an agent who took care of it."""
    feedback = FeedbackFactory(team=team, acknowledge=False)
    assign_feedback(feedback.pk, by=None, assignee=agent, team=team)
    return resolve_feedback(feedback.pk, by=agent)


def writes(record, channel=Channel.EMAIL, **more):
    message = add_customer_message(record.pk, channel=channel, text="又漏了", **more)
    return Feedback.objects.get(pk=message.feedback_id)


def close(record, by=None):
    return change_status(record.pk, status=Status.objects.default_for(State.CLOSED), by=by)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.WEB_FORM, Channel.CHAT])
@pytest.mark.parametrize(
    ("rule", "after_days", "same"),
    [
        ({"on_answer": OnAnswer.REOPEN}, 400, True),
        ({"on_answer": OnAnswer.FOLLOW_UP}, 0, False),
        ({"on_answer": OnAnswer.WITHIN, "days": 7}, 6, True),
        ({"on_answer": OnAnswer.WITHIN, "days": 7}, 8, False),
    ],
)
def test_the_rule_of_the_team_says_what_happens_whatever_the_channel(  # T59
    record, team, clock, channel, rule, after_days, same
):
    set_reopening(team, **rule)
    clock.shift(timedelta(days=after_days))

    after = writes(record, channel)

    assert (after.pk == record.pk) is same
    assert after.state == (State.OPEN if same else State.NEW)
    assert after.waiting_since == timezone.now()  # the wait begins anew on every channel


def test_a_follow_up_knows_what_it_follows_and_the_customer_gets_its_number(record, agent):
    close(record)

    later = writes(record)

    assert (later.follow_up_of, later.customer, later.team) == (
        record, record.customer, record.team,
    )  # fmt: skip
    assert later.assignee == agent
    told = OutgoingMessage.objects.get(dedupe_key=f"ack:{later.pk}")
    assert f"#{later.number}" in told.subject
    assert any(f"#{later.number}" in line.sentence for line in story_of(record))


def test_a_second_message_to_the_old_record_goes_to_the_same_follow_up(record):  # T23
    close(record)

    assert writes(record) == writes(record)


def test_an_automatic_mail_reopens_nothing_and_begins_nothing(record, team):
    set_reopening(team, on_answer=OnAnswer.REOPEN)
    assert writes(record, is_automatic=True).state == State.RESOLVED
    close(record)
    assert writes(record, is_automatic=True) == record
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("keeps", [True, False])
def test_the_assignee_stays_or_goes_as_the_rule_says(record, team, agent, keeps):
    set_reopening(team, on_answer=OnAnswer.REOPEN, keeps_assignee=keeps)

    assert writes(record).assignee == (agent if keeps else None)


def test_somebody_who_left_does_not_keep_what_is_reopened(record, agent):
    agent.is_active = False
    agent.save()

    assert writes(record).assignee is None


def test_reopening_goes_on_with_the_solution_and_keeps_the_first_answer(  # T62
    team, agent, clock
):
    feedback = FeedbackFactory(team=team)
    clock.shift(timedelta(hours=2))
    send_reply(feedback.pk, by=agent, text="好了", then=Status.objects.default_for(State.RESOLVED))
    before = Feedback.objects.get(pk=feedback.pk).first_response_at
    clock.shift(timedelta(days=3))

    again = writes(feedback)

    assert again.first_response_at == before
    first = SLAClock.objects.get(feedback=again, metric=Metric.FIRST_RESPONSE)
    assert first.met_at == before
    solution = SLAClock.objects.get(feedback=again, metric=Metric.RESOLUTION)
    assert (solution.is_live, solution.started_at) == (True, feedback.received_at)


def test_closed_is_for_good_but_for_those_who_may(record, agent, agent_client):
    close(record)
    with pytest.raises(StepNotAllowed):
        reopen_feedback(record.pk, by=agent)
    url = reverse("feedback:change", args=[record.number, "reopen"])
    assert agent_client.post(url, {"reason": "x"}).status_code == 403

    lead = client_of(member(Role.LEAD, record.team))
    lead.post(url, {"reason": "wrong button"})

    record.refresh_from_db()
    assert (record.state, record.closed_at is None) == (State.OPEN, False)
    assert record.timeline.get(kind=TimelineKind.REOPENED).note == "wrong button"


def test_a_closed_record_says_so_instead_of_offering_to_write(record, agent, agent_client):
    close(record)

    page = agent_client.get(record.get_absolute_url()).content.decode()

    assert "Closed for good since" in page
    assert 'id="composer"' not in page
    for write in (add_note, send_reply):
        with pytest.raises(RecordClosed):
            write(record.pk, by=agent, text="noch etwas")


def test_what_was_resolved_long_ago_is_closed_by_the_rule_of_its_team(record, team, clock):
    other = FeedbackFactory(team=TeamFactory())
    resolve_feedback(other.pk, by=None)
    set_reopening(team, on_answer=OnAnswer.REOPEN, close_after_days=30)
    clock.shift(timedelta(days=29))
    assert close_old_records() == 0
    clock.shift(timedelta(days=2))

    assert [close_old_records(), close_old_records()] == [1, 0]

    states = dict(Feedback.objects.values_list("pk", "state"))
    assert states == {record.pk: State.CLOSED, other.pk: State.RESOLVED}
    assert "long enough ago" in story_of(record)[-1].sentence


def test_one_run_closes_no_more_than_it_may(record, team, clock):
    resolve_feedback(FeedbackFactory(team=team).pk, by=None)
    set_reopening(None, on_answer=OnAnswer.REOPEN, close_after_days=1)
    clock.shift(timedelta(days=2))

    assert [close_old_records(at_most=1) for _ in range(3)] == [1, 1, 0]


@pytest.mark.parametrize(
    "rule", [{"on_answer": "within"}, {"on_answer": "?"}, {"on_answer": "within", "days": 9999}]
)
def test_a_rule_that_says_nothing_is_refused(team, rule):
    with pytest.raises(ReopeningUnclear):
        set_reopening(team, **rule)


def test_leads_set_the_rule_of_their_own_team_only(team):
    lead = member(Role.LEAD, team)
    lead.memberships.update(is_lead=True)
    client, other = client_of(lead), TeamFactory()
    data = {"on_answer": "within", "days": 14, "close_after_days": 60}

    refused = client.post(reverse("feedback:edit_reopening", args=[team.pk]), data | {"days": ""})
    assert refused.status_code == 422
    client.post(reverse("feedback:edit_reopening", args=[team.pk]), data)
    page = client.get(reverse("feedback:reopening")).content.decode()

    assert "opened again within 14 days, later a follow-up begins" in page
    assert client.get(reverse("feedback:edit_reopening", args=[other.pk])).status_code == 403
    forget_reopening(team)
    assert list(ReopenPolicy.objects.values_list("team", flat=True)) == [None]


@pytest.mark.parametrize("teams", [1, 5])
def test_the_page_of_rules_costs_the_same_for_any_number(
    admin_client, teams, django_assert_num_queries
):
    TeamFactory.create_batch(teams)
    admin_client.get(reverse("feedback:reopening"))

    with django_assert_num_queries(6):
        admin_client.get(reverse("feedback:reopening"))


def test_programs_reopen_and_read_the_rules(record, team):
    program = ApiClient(member(Role.LEAD, team), Scope.values)
    close(record)

    assert program.post(f"feedback/{record.number}/reopen/", {}).json()["state"] == "open"
    assert program.get("reopen-policies/").json()["results"][0]["on_answer"] == "within"
