"""The queue as a page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from feedback.enums import Channel, Priority, State
from feedback.models import Feedback, Status
from feedback.selectors.queue import queue_url
from feedback.services.conversation import add_customer_message
from feedback.services.workflow import change_status
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
QUEUE = reverse("feedback:queue")


def page_of(client, url=QUEUE, **more):
    return client.get(url, **more).content.decode()


@pytest.mark.parametrize("rows", [1, 5])
def test_the_queue_costs_the_same_for_any_number_of_rows(
    agent_client, team, rows, django_assert_num_queries
):
    FeedbackFactory.create_batch(rows, team=team)
    agent_client.get(QUEUE)

    with django_assert_num_queries(5):  # session, person, permissions, rows, numbers
        response = agent_client.get(QUEUE)

    assert response.content.decode().count("data-row-check") == rows


def test_a_list_is_counted_once(agent_client, team, django_assert_num_queries):
    FeedbackFactory.create_batch(26, team=team)
    agent_client.get(QUEUE)

    with django_assert_num_queries(5):
        assert "26–26 of 26" in page_of(agent_client, f"{QUEUE}?page=2")
    with django_assert_num_queries(6):
        assert "26–26 of 26" in page_of(agent_client, f"{QUEUE}?view=all&priority=2&page=2")


def test_a_row_shows_what_an_agent_decides_by(agent_client, team):
    feedback = FeedbackFactory(team=team, priority=Priority.URGENT, channel=Channel.PHONE)

    text = page_of(agent_client)

    for words in (
        f"#{feedback.number}",
        feedback.subject,
        str(feedback.customer),
        "Urgent",
        "24 hours left",
        "The customer wrote last",
        "Phone",
    ):
        assert words in text


def test_other_teams_records_are_not_there(outsider_client, team):
    feedback = FeedbackFactory(team=team)

    assert feedback.subject not in page_of(outsider_client)
    assert feedback.subject not in page_of(outsider_client, f"{QUEUE}?q={feedback.number}")


@pytest.mark.parametrize(
    ("query", "field"), [("colour=red", "colour"), ("sort=customer__note", "sort")]
)
def test_an_unknown_filter_is_a_400_that_names_it(agent_client, query, field):
    for name in ("queue", "queue_filters", "queue_news"):
        response = agent_client.get(reverse(f"feedback:{name}") + f"?{query}")

        assert response.status_code == 400
        assert field in response.content.decode()


def test_typing_a_number_leads_straight_to_the_record(agent_client, team):
    feedback = FeedbackFactory(team=team)

    response = agent_client.get(QUEUE, {"q": f"#{feedback.number}"})

    assert response.url == feedback.get_absolute_url()


def test_an_empty_list_says_why(agent_client, team):
    assert "No feedback yet" in page_of(agent_client)
    assert "Nothing matches these filters" in page_of(agent_client, f"{QUEUE}?q=nothing")
    FeedbackFactory(team=team)
    assert "Nothing is left to do here" in page_of(agent_client, f"{QUEUE}?view=mine")


def test_filters_stand_as_chips_and_can_be_taken_away(agent_client, team):
    FeedbackFactory(team=team)

    text = page_of(agent_client, f"{QUEUE}?view=all&channel=web_form&priority=2")

    assert "Remove the filter Channel Web form" in text
    assert "/queue/?view=all&amp;priority=2" in text


def test_the_filter_form_is_filled_as_the_list_is(agent_client, team):
    text = page_of(
        agent_client,
        reverse("feedback:queue_filters") + f"?view=all&channel=email&team={team.pk}&team=none",
    )

    assert 'value="email" id="id_channel_1" checked' in text.replace("\n", " ") or (
        "checked" in text
    )
    assert '<input type="hidden" name="team" value="none">' in text


def test_news_count_what_came_since_and_nothing_else(agent_client, team):
    old = FeedbackFactory(team=team, received_at=timezone.now() - timedelta(hours=1))
    since = timezone.now().isoformat()
    news = reverse("feedback:queue_news")
    assert "new – show" not in page_of(agent_client, news, data={"since": since})

    FeedbackFactory(team=team)
    add_customer_message(old.pk, channel=Channel.EMAIL, text="And another thing")
    FeedbackFactory(team=TeamFactory())  # somebody else's

    assert "2 new – show" in page_of(agent_client, news, data={"since": since})


def test_an_analyst_reads_the_queue_and_changes_nothing(team):
    client = client_of(member(Role.ANALYST))
    feedback = FeedbackFactory(team=team)

    assert "data-row-check" not in page_of(client)
    data = {"id": [feedback.pk], "priority": 4}
    assert client.post(reverse("feedback:bulk"), data).status_code == 403


def test_many_records_are_changed_at_once_and_undone_at_once(agent_client, agent, team):
    records = FeedbackFactory.create_batch(3, team=team)
    data = {"id": [one.pk for one in records], "assignee": "me", "list": "view=open"}

    response = agent_client.post(reverse("feedback:bulk"), data, follow=True)

    assert response.redirect_chain == [("/queue/?view=open", 302)]
    text = response.content.decode()
    assert "3 records changed." in text
    assert Feedback.objects.filter(assignee=agent).count() == 3

    undo_url = text.split('action="/undo/')[1].split('"')[0]
    agent_client.post(f"/undo/{undo_url}", {"next": "/queue/?view=mine"})
    assert Feedback.objects.filter(assignee=agent).count() == 0


def test_what_could_not_be_changed_is_named(agent_client, agent, team):
    closed, fine = FeedbackFactory.create_batch(2, team=team)
    change_status(closed.pk, status=Status.objects.default_for(State.CLOSED), by=agent)
    status = Status.objects.default_for(State.WAITING_CUSTOMER)
    data = {"id": [closed.pk, fine.pk], "status": status.pk}

    text = agent_client.post(reverse("feedback:bulk"), data, follow=True).content.decode()

    assert "1 record changed." in text
    assert f"Not changed: #{closed.number}." in text


def test_all_that_match_are_changed_and_what_one_may_not_see_is_not(agent_client, team):
    mine = FeedbackFactory.create_batch(2, team=team)
    other = FeedbackFactory(team=TeamFactory())
    data = {"all": "1", "list": "view=all&channel=web_form", "priority": 4, "id": [other.pk]}

    agent_client.post(reverse("feedback:bulk"), data)

    urgent = Feedback.objects.filter(priority=Priority.URGENT)
    assert set(urgent.values_list("pk", flat=True)) == {one.pk for one in mine}


def test_bulk_without_a_script_has_a_page_of_its_own(agent_client, team):
    feedback = FeedbackFactory(team=team)
    url = reverse("feedback:bulk")

    assert "1 record is selected" in page_of(agent_client, url, data={"id": feedback.pk})
    assert "Select some records first" in page_of(agent_client, url, follow=True)
    refused = agent_client.post(url, {"id": feedback.pk})
    assert refused.status_code == 422
    assert "Choose one thing to change" in refused.content.decode()


def test_bulk_in_an_unknown_list_is_a_400(agent_client):
    response = agent_client.post(reverse("feedback:bulk"), {"all": "1", "list": "view=moon"})

    assert response.status_code == 400


def test_links_of_dashboards_lead_to_lists_that_exist(agent_client, team):
    for filters in (
        {"view": "overdue"},
        {"view": "unassigned", "team": team},
        {"channel": Channel.EMAIL, "received_from": timezone.localdate()},
        {"score": [1, 2], "rated_from": timezone.localdate()},
        {"assignee": UserFactory(), "resolved_to": timezone.now()},
    ):
        assert agent_client.get(queue_url(**filters)).status_code == 200
