"""Answers that go later: at their time, unless something happened that must be read first."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from feedback.enums import Channel, CommitmentKind, Direction, HeldBecause, NoticeKind, State
from feedback.errors import NothingWritten, NoWayToAnswer, Stale, TimeHasPassed, VariablesUnfilled
from feedback.models import BusinessCalendar, Draft, Feedback, Notification, Status
from feedback.rules.business_time import elapsed
from feedback.rules.commitments import Said
from feedback.rules.send_times import next_weekday_morning, tomorrow_morning
from feedback.selectors.send_times import next_business_hours
from feedback.selectors.sla_policies import calendar_of
from feedback.services.attachments import IncomingFile
from feedback.services.commitments import make_commitment
from feedback.services.conversation import add_customer_message
from feedback.services.replies import add_note, recall_reply, send_reply
from feedback.services.scheduling import (
    schedule_reply,
    send_due_replies,
    send_scheduled_now,
    take_back_scheduled,
)
from feedback.services.workflow import change_status
from tests.conftest import member
from tests.factories import CustomerFactory, FeedbackFactory
from tests.feedback.sla.promises import calendar, policy, promise

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


@pytest.fixture
def colleague(team):
    return member(Role.AGENT, team)


def scheduled(record, by, **more):
    return schedule_reply(
        record.pk, by=by, **{"text": "Good morning", "send_at": timezone.now() + HOUR} | more
    )


def now_is_its_time():
    Draft.objects.scheduled().update(send_at=timezone.now() - timedelta(seconds=1))
    return send_due_replies()


def answers(record):
    return record.messages.filter(direction=Direction.OUT)


def test_nothing_is_sent_or_shown_before_its_time(agent, record, client):
    scheduled(record, agent)

    assert send_due_replies() == 0
    assert not answers(record).exists()
    record.refresh_from_db()
    assert record.first_response_at is None
    assert record.waiting_since is not None
    page = client.get(reverse("feedback:status_page", args=[record.status_token]))
    assert "Good morning" not in page.content.decode()


def test_at_its_time_it_goes_with_its_files_and_status(agent, record):
    waiting = Status.objects.default_for(State.WAITING_CUSTOMER)
    scheduled(record, agent, then=waiting, files=[IncomingFile("plan.txt", b"the plan")])

    assert now_is_its_time() == 1
    assert send_due_replies() == 0
    message = answers(record).get()
    assert (message.text, message.author) == ("Good morning", agent)
    assert message.attachments.get().name == "plan.txt"
    assert message.outgoing.not_before <= timezone.now()
    record.refresh_from_db()
    assert record.status == waiting
    assert not Draft.objects.exists()


def held(record, why):
    assert not answers(record).filter(text="Good morning").exists()
    return Draft.objects.get().held_because == why


def test_what_it_tells_of_a_commitment_is_noted_when_it_goes(agent, agent_client, record):
    said = Said(kind=CommitmentKind.SOLUTION, staff_text="New filter", customer_text="新滤芯")
    one = make_commitment(record.pk, by=agent, said=said, owner=None)
    page = {"text": "It comes", "do": "tomorrow", "commitment": one.pk}
    agent_client.post(reverse("feedback:compose", args=[record.number]), page)
    one.refresh_from_db()
    assert not one.was_told

    now_is_its_time()

    one.refresh_from_db()
    assert one.told_in == answers(record).get()


@pytest.mark.parametrize("do", ["send", "tomorrow"])
def test_taken_back_it_still_knows_which_commitment_it_tells(
    agent, agent_client, record, settings, do
):
    settings.RECALL_SECONDS = 60
    said = Said(kind=CommitmentKind.SOLUTION, staff_text="New filter", customer_text="新滤芯")
    one = make_commitment(record.pk, by=agent, said=said, owner=None)
    compose = reverse("feedback:compose", args=[record.number])
    agent_client.post(compose, {"text": "It comes", "do": do, "commitment": one.pk})
    if do == "send":
        recall_reply(answers(record).get().pk, by=agent)
    else:
        take_back_scheduled(Draft.objects.get().pk, by=agent)
    one.refresh_from_db()
    assert not one.was_told

    page = agent_client.get(record.get_absolute_url()).content.decode()
    assert "Tells the customer of: New filter" in page
    assert f'<input type="hidden" name="commitment" value="{one.pk}">' in page
    refused = agent_client.post(compose, {"text": "", "do": "send", "commitment": one.pk})
    assert f'name="commitment" value="{one.pk}"' in refused.content.decode()
    agent_client.post(compose, {"text": "It comes soon", "do": "send", "commitment": one.pk})

    one.refresh_from_db()
    assert one.told_in.text == "It comes soon"


def test_the_customer_writing_meanwhile_holds_it_at_once(agent, agent_client, record):
    scheduled(record, agent)

    add_customer_message(record.pk, channel=Channel.EMAIL, text="It works again!")

    assert held(record, HeldBecause.CUSTOMER)
    assert Notification.objects.filter(user=agent, kind=NoticeKind.HELD).count() == 1
    assert now_is_its_time() == 0
    page = agent_client.get(record.get_absolute_url()).content.decode()
    assert "Held back" in page
    assert "A scheduled answer was held back: The customer wrote meanwhile." in page


def test_an_out_of_office_reply_or_a_note_holds_nothing(agent, record):
    scheduled(record, agent)
    add_customer_message(record.pk, channel=Channel.EMAIL, text="Away", is_automatic=True)
    add_note(record.pk, by=agent, text="Careful")

    now_is_its_time()

    assert answers(record).get().text == "Good morning"


def test_a_colleagues_answer_holds_it(agent, colleague, record):
    scheduled(record, agent)
    send_reply(record.pk, by=colleague, text="We have been there")

    now_is_its_time()

    assert held(record, HeldBecause.COLLEAGUE)


def test_a_closed_record_holds_it(agent, record):
    scheduled(record, agent)
    change_status(record.pk, status=Status.objects.default_for(State.SPAM), by=agent)

    now_is_its_time()

    assert held(record, HeldBecause.DONE)


def test_of_somebody_who_left_nothing_goes_by_itself(agent, record):
    scheduled(record, agent)
    agent.is_active = False
    agent.save(update_fields=["is_active"])

    now_is_its_time()

    assert held(record, HeldBecause.AUTHOR)


def test_what_can_no_longer_be_sent_is_held_and_not_tried_for_ever(agent, record):
    scheduled(record, agent)
    record.customer.contact_points.all().delete()

    assert now_is_its_time() == 1
    assert held(record, HeldBecause.REFUSED)
    assert now_is_its_time() == 0


def test_a_held_answer_can_be_sent_all_the_same(agent, agent_client, record):
    draft = scheduled(record, agent)
    add_customer_message(record.pk, channel=Channel.EMAIL, text="Hello?")

    url = reverse("feedback:scheduled", args=[record.number, draft.pk])
    agent_client.post(url, {"do": "send"})

    assert answers(record).get().text == "Good morning"


def test_taken_back_it_is_in_the_editor_and_does_not_go(agent, agent_client, record):
    draft = scheduled(record, agent, files=[IncomingFile("plan.txt", b"the plan")])
    url = reverse("feedback:scheduled", args=[record.number, draft.pk])

    page = agent_client.post(url, {"do": "back"}, follow=True).content.decode()

    assert ">Good morning</textarea>" in page
    assert "plan.txt" in page
    assert now_is_its_time() == 0
    assert not answers(record).exists()


def test_what_went_cannot_be_taken_back(agent, agent_client, record):
    draft = scheduled(record, agent)
    now_is_its_time()

    for act in (take_back_scheduled, send_scheduled_now):
        with pytest.raises(Draft.DoesNotExist):
            act(draft.pk, by=agent)
    assert answers(record).count() == 1


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"text": " "}, NothingWritten),
        ({"text": "Dear {{ customer.nmae }}"}, VariablesUnfilled),
        ({"send_at": timezone.now() - HOUR}, TimeHasPassed),
        ({"send_at": timezone.now() + timedelta(days=900)}, TimeHasPassed),
        ({"version": 99}, Stale),
    ],
)
def test_what_could_never_go_is_refused_at_once(agent, record, more, refusal):
    with pytest.raises(refusal):
        scheduled(record, agent, **more)
    assert not Draft.objects.exists()


def test_nobody_is_scheduled_an_answer_who_cannot_get_one(agent, team):
    record = FeedbackFactory(team=team, customer=CustomerFactory())
    record.customer.contact_points.all().delete()

    with pytest.raises(NoWayToAnswer):
        scheduled(record, agent)


@pytest.mark.parametrize("do", ["tomorrow", "business", "later"])
def test_the_editor_offers_later(agent_client, record, do):
    at = timezone.localtime(timezone.now() + 30 * HOUR).strftime("%Y-%m-%dT%H:%M")
    data = {"text": "Good morning", "do": do, "send_at": at if do == "later" else ""}
    data["version"] = Feedback.objects.get(pk=record.pk).version

    page = agent_client.post(
        reverse("feedback:compose", args=[record.number]), data, follow=True
    ).content.decode()

    assert "Scheduled for" in page
    assert "Goes on" in page
    assert Draft.objects.scheduled().get().text == "Good morning"


def test_later_without_a_time_is_refused_and_keeps_the_text(agent_client, record):
    data = {"text": "Good morning", "do": "later"}

    response = agent_client.post(reverse("feedback:compose", args=[record.number]), data)

    assert response.status_code == 422
    assert ">Good morning</textarea>" in response.content.decode()


def test_others_do_not_touch_what_waits(agent, outsider_client, record):
    draft = scheduled(record, agent)
    url = reverse("feedback:scheduled", args=[record.number, draft.pk])

    assert outsider_client.post(url, {"do": "send"}).status_code == 404
    assert Draft.objects.scheduled().exists()


@pytest.mark.parametrize(
    ("now", "tomorrow", "business"),
    [
        ("2026-11-20T08:59", "2026-11-21T09:00", "2026-11-20T09:00"),  # a Friday
        ("2026-11-20T09:00", "2026-11-21T09:00", "2026-11-23T09:00"),
        ("2026-11-21T07:00", "2026-11-22T09:00", "2026-11-23T09:00"),
        ("2026-12-31T23:59", "2027-01-01T09:00", "2027-01-01T09:00"),
    ],
)
def test_later_is_nine_in_the_morning(now, tomorrow, business):
    moment = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)

    assert tomorrow_morning(moment).strftime("%Y-%m-%dT%H:%M") == tomorrow
    assert next_weekday_morning(moment).strftime("%Y-%m-%dT%H:%M") == business


def test_work_begins_as_the_default_calendar_says():
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=SHANGHAI)

    opens = next_business_hours(friday)

    calendar = calendar_of(BusinessCalendar.objects.get(is_default=True))
    assert opens > friday + HOUR
    assert elapsed(calendar, opens - timedelta(minutes=1), opens) == 0
    assert elapsed(calendar, opens, opens + timedelta(minutes=1)) == 60


def test_work_begins_as_the_calendar_of_the_record_says(team):
    nights = calendar(week=[((22 * 60, 23 * 60),)] * 7)
    policy(promise(), calendar=nights)
    record = FeedbackFactory(team=team)
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)

    opens = next_business_hours(noon, record).astimezone(SHANGHAI)

    assert opens.strftime("%Y-%m-%dT%H:%M") == "2026-11-20T22:00"


def test_a_lead_sees_all_that_waits_and_nobody_what_they_may_not_open(
    agent, agent_client, colleague, outsider_client, record
):
    scheduled(record, agent, text="MY ANSWER", files=[IncomingFile("plan.txt", b"x")])
    scheduled(FeedbackFactory(team=record.team), colleague, text="THEIR ANSWER")
    Draft.objects.filter(user=colleague).update(held_because=HeldBecause.CUSTOMER)
    address = reverse("feedback:scheduled_list")

    page = agent_client.get(address).content.decode()

    # What was held back comes first.
    assert 0 < page.index("THEIR ANSWER") < page.index("MY ANSWER") < page.index("plan.txt")
    assert "THEIR ANSWER" not in agent_client.get(f"{address}?mine").content.decode()
    assert "ANSWER" not in outsider_client.get(address).content.decode()


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_of_scheduled_answers_costs_the_same_for_any_number(
    agent, agent_client, team, rows, django_assert_num_queries
):
    for one in FeedbackFactory.create_batch(rows, team=team):
        scheduled(one, agent)
    address = reverse("feedback:scheduled_list")
    agent_client.get(address)

    with django_assert_num_queries(7):
        agent_client.get(address)
