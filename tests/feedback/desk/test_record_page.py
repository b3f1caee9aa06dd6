"""The page of one record: reading it, changing it in place, two people at once."""

import re

import pytest
from django.urls import reverse

from accounts.enums import Role, Tier
from accounts.models import Customer, OutgoingMessage
from feedback.enums import Channel, Priority, State, TimelineKind
from feedback.models import Category, Feedback, Status
from feedback.panels import Panel, register_panel
from feedback.services.assignment import assign_feedback
from feedback.services.conversation import add_customer_message
from feedback.services.details import set_category, set_priority, set_tags
from feedback.services.followup import plan_call_back, record_satisfaction
from feedback.services.replies import add_note, send_reply
from feedback.services.workflow import change_status, resolve_feedback
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, ProductFactory, TeamFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


def url_of(feedback, what=""):
    if not what:
        return reverse("feedback:record", args=[feedback.number])
    return reverse("feedback:change", args=[feedback.number, what])


def fields(feedback, **more):
    """What a form on a page drawn now would carry."""
    now = Feedback.objects.get(pk=feedback.pk)
    last = now.timeline.last()
    return {"version": now.version, "seen": last.pk if last else 0} | more


def undo_url(html: str) -> str:
    return re.search(r'action="(/undo/[^"]+)"', html)[1]


def test_the_page_shows_conversation_customer_and_story(agent_client, agent, record):
    Customer.objects.filter(pk=record.customer_id).update(tier=Tier.KEY)
    add_note(record.pk, by=agent, text="He is upset")
    send_reply(record.pk, by=agent, text="We come at three")
    add_customer_message(record.pk, channel=Channel.EMAIL, text="Nobody came")
    other = FeedbackFactory(customer=record.customer, team=record.team, subject="An older matter")

    text = agent_client.get(url_of(record)).content.decode()

    for words in (
        "He is upset",
        "The customer never sees this",
        "We come at three",
        "Take back",
        "Nobody came",
        record.customer.email,
        "Key customer",
        other.subject,
        "1 in all, 1 open",
        "answered",
    ):
        assert words in text


def test_a_stranger_gets_404_everywhere(outsider_client, record):
    message = record.messages.get()
    number = record.number
    for name, args in (
        ("record", [number]),
        ("record_news", [number]),
        ("templates", [number]),
        ("choices", [number, "status"]),
        ("message", [number, message.pk]),
        ("message_html", [number, message.pk]),
        ("plan_task", [number]),
    ):
        assert outsider_client.get(reverse(f"feedback:{name}", args=args)).status_code == 404, name
    for name, args in (
        ("compose", [number]),
        ("change", [number, "status"]),
        ("recall", [number, message.pk]),
        ("plan_task", [number]),
    ):
        assert outsider_client.post(reverse(f"feedback:{name}", args=args)).status_code == 404, (
            name
        )


def test_an_analyst_sees_no_control_that_writes(record):
    client = client_of(member(Role.ANALYST))

    text = client.get(url_of(record)).content.decode()

    assert record.subject in text
    main = text.split('id="record-head"')[1].split('id="toasts"')[0]
    assert "<form" not in main
    assert "hx-post" not in main
    for name in ("change", "choices"):
        args = [record.number, "priority"]
        assert client.post(reverse(f"feedback:{name}", args=args)).status_code == 403
    assert client.post(reverse("feedback:compose", args=[record.number])).status_code == 403


@pytest.mark.parametrize("messages", [1, 8])
def test_a_record_costs_the_same_for_any_length(
    agent_client, agent, team, messages, django_assert_num_queries
):
    record = FeedbackFactory(team=team)
    for _ in range(messages):
        add_customer_message(record.pk, channel=Channel.EMAIL, text="Hello?")
        send_reply(record.pk, by=agent, text="Yes")
        set_priority(record.pk, by=agent, priority=Priority.HIGH)
        set_priority(record.pk, by=agent, priority=Priority.LOW)
        FeedbackFactory(team=team, customer=record.customer)
    agent_client.get(url_of(record))

    with django_assert_num_queries(13):
        agent_client.get(url_of(record))


@pytest.mark.parametrize(
    ("what", "data", "check"),
    [
        ("priority", {"priority": 4}, lambda one: one.priority == Priority.URGENT),
        ("tags", {"tags": "leak，vip, "}, lambda one: one.tags.count() == 2),
    ],
)
def test_a_change_in_place_draws_the_side_anew_and_can_be_undone(
    agent_client, record, what, data, check
):
    response = agent_client.post(url_of(record, what), fields(record, **data), headers=HTMX)

    text = response.content.decode()
    assert response.status_code == 200
    assert 'id="record-side"' in text
    assert 'id="record-state" hx-swap-oob="true"' in text
    assert check(Feedback.objects.get(pk=record.pk))

    agent_client.post(undo_url(text), {"next": url_of(record)})
    assert not check(Feedback.objects.get(pk=record.pk))


def test_status_assignee_team_category_change_in_place(agent_client, agent, record):
    other = TeamFactory()
    status = Status.objects.default_for(State.WAITING_THIRD)
    category = Category.objects.get(code="service")
    for what, value in (
        ("status", status.pk),
        ("assignee", agent.pk),
        ("category", category.pk),
        ("team", other.pk),
    ):
        data = fields(record, **{what: value})
        assert agent_client.post(url_of(record, what), data).status_code == 302, what

    record.refresh_from_db()
    assert (record.status, record.category, record.team) == (status, category, other)
    assert record.assignee is None  # does not work in the other team


def test_without_a_script_one_comes_back_to_the_page_in_its_list(agent_client, record):
    data = fields(record, priority=4, list="view=open", at="1")

    response = agent_client.post(url_of(record, "priority"), data, follow=True)

    assert response.redirect_chain[0][0] == f"{url_of(record)}?list=view%3Dopen&at=1"
    assert "Priority changed." in response.content.decode()


def test_details_are_changed_together(agent_client, record):
    product = ProductFactory()
    data = {
        "subject": "Leak under the sink",
        "product": product.pk,
        "order_number": "HY-1",
        "place": "Shanghai",
        "journey_stage": "use",
    }

    agent_client.post(url_of(record, "about"), fields(record, **data))

    record.refresh_from_db()
    assert (record.subject, record.product, record.order_number) == (
        "Leak under the sink",
        product,
        "HY-1",
    )


def test_bad_input_says_so_and_keeps_what_was_typed(agent_client, record):
    data = fields(record, subject="", order_number="HY-77")

    response = agent_client.post(url_of(record, "about"), data)

    assert response.status_code == 422
    text = response.content.decode()
    assert "This field is required." in text
    assert 'value="HY-77"' in text
    assert agent_client.post(url_of(record, "priority"), {"priority": 99}).status_code == 422
    assert agent_client.get(
        url_of(record, "nonsense").replace("change", "choices")
    ).status_code == (404)


def test_a_refusal_is_said_and_changes_nothing(agent_client, agent, record):
    change_status(record.pk, status=Status.objects.default_for(State.CLOSED), by=agent)
    data = fields(record, status=Status.objects.default_for(State.OPEN).pk)

    response = agent_client.post(url_of(record, "status"), data, headers=HTMX)

    assert "cannot become" in response.content.decode()
    assert Feedback.objects.get(pk=record.pk).state == State.CLOSED


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stale_change_is_a_409_with_both_versions(agent_client, outsider, record, headers):
    data = fields(record, priority=4)
    set_priority(record.pk, by=outsider, priority=Priority.LOW)

    response = agent_client.post(url_of(record, "priority"), data, headers=headers)

    assert response.status_code == 409
    text = response.content.decode()
    assert f"<strong>{outsider.name}</strong>: Priority: Normal → Low" in text
    assert "<td>Low</td><td><strong>Urgent</strong></td>" in text
    assert Feedback.objects.get(pk=record.pk).priority == Priority.LOW

    again = dict(
        re.findall(r'name="(\w+)" value="([^"]*)"', text.split('class="panel conflict"')[1])
    )
    agent_client.post(url_of(record, "priority"), again, headers=headers)
    assert Feedback.objects.get(pk=record.pk).priority == Priority.URGENT


def test_a_stale_form_of_details_shows_each_field_twice(agent_client, agent, record):
    data = fields(record, subject="Mine", order_number="HY-1", place="", journey_stage="")
    add_note(record.pk, by=agent, text="meanwhile")

    text = agent_client.post(url_of(record, "about"), data).content.decode()

    assert f"<td>{record.subject}</td><td><strong>Mine</strong></td>" in text
    assert "<td>–</td><td><strong>HY-1</strong></td>" in text
    assert 'name="subject" value="Mine"' in text


def test_the_menus_carry_the_version_that_the_page_showed(agent_client, agent, record):
    seen = fields(record)
    add_note(record.pk, by=agent, text="meanwhile")
    for what in ("status", "assignee", "team", "priority", "category", "tags", "about"):
        url = reverse("feedback:choices", args=[record.number, what])

        response = agent_client.get(url, seen, headers=HTMX)

        assert f'name="version" value="{seen["version"]}"' in response.content.decode(), what
        assert agent_client.get(url, seen).status_code == 200


def test_news_tell_what_others_did_since_the_page_was_drawn(agent_client, agent, record):
    seen = fields(record)["seen"]
    url = reverse("feedback:record_news", args=[record.number])
    assert "data-show-news" not in agent_client.get(url, {"seen": seen}).content.decode()

    add_customer_message(record.pk, channel=Channel.EMAIL, text="Hello?")

    text = agent_client.get(url, {"seen": seen}).content.decode()
    assert f"<strong>{record.customer}</strong>: wrote" in text


def test_everything_that_can_happen_is_told_in_words(agent_client, agent, record):
    other = TeamFactory()
    set_category(record.pk, by=agent, category=Category.objects.get(code="service"))
    set_tags(record.pk, by=agent, names=["old"])
    set_tags(record.pk, by=agent, names=["new"])
    assign_feedback(record.pk, by=agent, assignee=None, team=other)
    assign_feedback(record.pk, by=agent, assignee=agent, team=None)
    resolve_feedback(record.pk, by=agent)
    record_satisfaction(record.pk, overall=1, solved=False, comment="Still leaks")
    plan_call_back(record, reason="low_score")

    text = agent_client.get(url_of(record)).content.decode()

    for words in (
        "Received by Web form",
        "Category: – → Service",
        "Tags: +new −old",
        f"Team: {record.team} → {other}",
        "took it",
        "Status: New → Resolved",
        "rated 1 of 5; it is not solved",
        "Still leaks",
        "Reopened. Status: Resolved → In progress – the customer said it is not solved",
        "Task: Call the customer back",
    ):
        assert words in text, words
    kinds = set(record.timeline.values_list("kind", flat=True))
    assert kinds <= set(TimelineKind.values)


def test_a_record_in_a_list_leads_to_its_neighbours(agent_client, team):
    first, second = sorted(
        FeedbackFactory.create_batch(2, team=team), key=lambda one: one.reply_due_at
    )

    text = agent_client.get(url_of(first), {"list": "view=open", "at": "1"}).content.decode()

    assert "1 of 2" in text
    assert f"{url_of(second)}?list=view%3Dopen&amp;at=2" in text


def test_a_list_that_makes_no_sense_is_forgotten(agent_client, record):
    for query in ("view=moon", "a=" * 300, "\x01", "&" * 500):
        response = agent_client.get(url_of(record), {"list": query, "at": "x"})
        assert response.status_code == 200


def test_an_app_above_adds_its_panel(agent_client, record, monkeypatch):
    monkeypatch.setattr("feedback.panels._sources", [])
    register_panel(lambda feedback, user: Panel("Survey answers", "components/badge.html", {}))
    register_panel(lambda feedback, user: None)

    assert "Survey answers" in agent_client.get(url_of(record)).content.decode()


def test_the_status_page_link_is_the_customers(agent_client, record):
    text = agent_client.get(url_of(record)).content.decode()

    assert record.status_token in text
    assert OutgoingMessage.objects.count() == 0
