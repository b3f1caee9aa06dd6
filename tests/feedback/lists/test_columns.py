"""Columns: any field, in the order that somebody chose, and which of them can sort."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from feedback.errors import FilterNotKnown
from feedback.models import Feedback
from feedback.selectors import columns as registry
from feedback.selectors.columns import (
    Column,
    columns_named,
    columns_offered,
    register_column,
    register_column_source,
)
from feedback.selectors.queue import VIEWS, queue_page, read_query
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db
QUEUE = reverse("feedback:queue")


def page_of(client, url, **data):
    return client.get(url, data).content.decode()


def test_every_column_is_drawn_and_every_list_sorts_by_those_it_can(agent, agent_client, team):
    record = FeedbackFactory(team=team, order_number="<b>7</b>")
    names = [column.name for column in columns_offered()]
    for part in (names[:18], names[18:]):
        page = page_of(agent_client, f"{QUEUE}?view=all&columns={','.join(part)}")
        assert "<b>7</b>" not in page
        assert record.subject in page
    for view in VIEWS:
        for column in columns_offered():
            for direction in ("asc", "desc"):
                asked = f"view={view}&sort={column.name}.{direction}"
                if column.sorts(everything=VIEWS[view].everything):
                    queue_page(read_query(asked, agent), agent)
                else:
                    with pytest.raises(FilterNotKnown):
                        read_query(asked, agent)


def test_what_would_sort_the_whole_table_says_why_it_cannot(agent_client, team):
    FeedbackFactory(team=team)

    everything = page_of(agent_client, f"{QUEUE}?view=all&columns=subject,team,number")
    still_open = page_of(agent_client, f"{QUEUE}?view=open&columns=subject,team,number")

    assert "all records would take too long" in everything
    assert "sort=team.asc" not in everything
    assert "sort=number.desc" in everything
    assert "sort=team.asc" in still_open


def test_pressing_a_heading_again_turns_the_order_round(agent_client, team):
    FeedbackFactory.create_batch(2, team=team)

    page = page_of(agent_client, f"{QUEUE}?view=open&sort=number.desc")

    assert 'aria-sort="descending"' in page
    assert "sort=number.asc" in page


def test_each_person_keeps_the_columns_of_each_list(agent_client, team):
    FeedbackFactory(team=team)
    url = reverse("feedback:columns")
    data = {"list": "view=open", "columns-sent": "1", "columns": ["team", "subject"]}

    agent_client.post(url, data)

    assert 'data-label="Team"' in page_of(agent_client, f"{QUEUE}?view=open")
    assert 'data-label="Team"' not in page_of(agent_client, f"{QUEUE}?view=unassigned")
    agent_client.post(url, {"list": "view=open", "usual": "1"})
    assert 'data-label="Team"' not in page_of(agent_client, f"{QUEUE}?view=open")


def test_without_a_script_the_buttons_move_a_column_and_keep_nothing(agent, agent_client):
    data = {
        "list": "view=open",
        "columns-sent": "1",
        "columns": ["number", "subject", "team"],
        "columns-move": "up:team",
    }

    response = agent_client.post(reverse("feedback:columns"), data)

    page = response.content.decode()
    assert response.status_code == 422
    assert page.index('value="team" checked') < page.index('value="subject" checked')
    agent.refresh_from_db()
    assert agent.list_choices == {}


def test_a_column_that_is_made_at_run_time_is_offered_shown_and_guarded(
    agent, agent_client, team, monkeypatch
):
    monkeypatch.setattr(registry, "_registry", registry._Registry(dict(registry._registry.fixed)))
    FeedbackFactory(team=team, order_number="A-1")
    shown = Column(name="own.size", label="Size", value=lambda one: "large")
    secret = Column(
        name="own.secret",
        label="Secret",
        value=lambda one: "hidden words",
        permission="accounts.view_every_team",
    )
    register_column_source("own", lambda: [shown, secret])

    page = page_of(agent_client, f"{QUEUE}?view=open&columns=own.size,own.secret")

    assert "large" in page
    assert "hidden words" not in page
    assert [one.name for one in columns_named(["own.secret", "gone"], agent)] == []
    with pytest.raises(ValueError, match="already"):
        register_column(Column(name="number", label="x", value=Feedback.__str__))


def test_what_is_promised_and_snoozed_stands_in_columns_that_sort(
    agent_client, team, django_assert_num_queries
):
    today = timezone.localdate()
    asked = f"{QUEUE}?view=open&columns=subject,promised,snoozed_until"
    until = timezone.now() + timedelta(days=3)
    soon, late, _never, asleep = FeedbackFactory.create_batch(4, team=team)
    for record, days in ((soon, 2), (late, -2)):
        record.promised_on = today + timedelta(days=days)
        record.save(update_fields=["promised_on"])
    Feedback.objects.filter(pk=asleep.pk).update(snoozed_until=until)
    page_of(agent_client, asked)

    with django_assert_num_queries(5):
        page = page_of(agent_client, f"{asked}&sort=promised")
    snoozed = page_of(agent_client, asked.replace("view=open", "view=snoozed"))

    assert page.index(late.subject) < page.index(soon.subject)
    assert page.count("tone-red") == 1
    assert date_format(soon.promised_on, "SHORT_DATE_FORMAT") in page
    assert "sort=promised.desc" in page  # the heading turns the order round
    assert asleep.subject not in page
    words = date_format(timezone.localtime(until), "SHORT_DATETIME_FORMAT")
    assert snoozed.count(words) == 1  # in its column, so not beside the subject, too
