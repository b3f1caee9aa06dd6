"""Views that people keep: what they show, to whom, and what they cost."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.enums import Role
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import Priority, State, ViewScope
from feedback.errors import ViewNotAllowed
from feedback.models import Feedback, SavedView, Status, Tag
from feedback.selectors.queue import queue_records, read_query
from feedback.services.details import set_tags
from feedback.services.saved_views import (
    archive_view,
    begin_with,
    copy_view,
    move_view,
    save_view,
)
from feedback.services.workflow import change_status
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db
QUEUE = reverse("feedback:queue")


def condition(text):
    return parse(text, vocabulary("feedback")).tree


def keep(by, **more):
    return save_view(SavedView(**{"name_en": "Mine", "view": "open", **more}), by=by)


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


def numbers(view, user):
    state = read_query(f"saved={view.pk}", user)
    return set(queue_records(state, user).values_list("number", flat=True))


def page_of(client, url, **data):
    return client.get(url, data).content.decode()


def test_a_view_shows_what_its_filters_and_its_condition_allow(agent, team):
    urgent, _plain, low = (
        FeedbackFactory(team=team, priority=priority)
        for priority in (Priority.URGENT, Priority.URGENT, Priority.LOW)
    )
    for one in (urgent, low):
        set_tags(one.pk, by=agent, names=["leak"])
    view = keep(agent, filters={"priority": ["4"]}, condition=condition('tag has "leak"'))

    assert numbers(view, agent) == {urgent.number}


# T84
def test_a_shared_view_shows_each_person_only_what_they_may_open(lead, agent, team):
    """A team's view, a view for everybody and their numbers hold nothing that the record page
    refuses."""
    ours, theirs = FeedbackFactory(team=team), FeedbackFactory(team=TeamFactory())
    view = keep(lead, scope=ViewScope.EVERYONE)
    outsider = member(Role.AGENT, theirs.team)

    assert numbers(view, agent) == {ours.number}
    assert numbers(view, outsider) == {theirs.number}
    shown = page_of(client_of(outsider), f"{QUEUE}?saved={view.pk}")
    assert ours.subject not in shown
    assert theirs.subject in shown
    sidebar = page_of(client_of(outsider), reverse("feedback:sidebar_views"))
    assert 'sidebar-count">1<' in sidebar


def test_me_in_a_shared_view_is_whoever_looks(lead, agent, team):
    mine = FeedbackFactory(team=team)
    Feedback.objects.filter(pk=mine.pk).update(assignee=agent)
    view = keep(lead, scope=ViewScope.TEAM, team=team, condition=condition("assignee is me"))

    assert numbers(view, agent) == {mine.number}
    assert numbers(view, lead) == set()


def test_a_view_whose_condition_no_longer_reads_says_so_and_shows_nothing(
    agent, agent_client, team
):
    FeedbackFactory(team=team)
    tag = Tag.objects.create(name="leak")
    view = keep(agent, condition=condition('tag has "leak"'))
    tag.delete()

    page = page_of(agent_client, f"{QUEUE}?saved={view.pk}")

    assert "This view shows nothing until it is mended." in page
    assert "data-row-check" not in page
    assert numbers(view, agent) == set()
    assert "needs mending" in page_of(agent_client, reverse("feedback:sidebar_views"))


def test_a_filter_that_is_gone_breaks_a_view_like_a_condition(agent, agent_client, team):
    FeedbackFactory(team=team)
    view = keep(agent)
    SavedView.objects.filter(pk=view.pk).update(filters={"tag": ["gone"]})

    assert numbers(view, agent) == set()
    assert "until it is mended" in page_of(agent_client, f"{QUEUE}?saved={view.pk}")


@pytest.mark.parametrize("kind", ["of somebody else", "archived", "not there"])
def test_a_view_that_is_not_for_this_person_does_not_open(kind, agent, lead, agent_client):
    view = keep(lead if kind == "of somebody else" else agent)
    if kind == "archived":
        archive_view(view, by=agent)
    number = view.pk + 1 if kind == "not there" else view.pk

    response = agent_client.get(f"{QUEUE}?saved={number}")

    assert response.status_code == 400
    assert "This view is not there any more" in response.content.decode()


def test_only_leads_share_views_and_change_shared_ones(agent, lead, team):
    with pytest.raises(ViewNotAllowed):
        keep(agent, scope=ViewScope.TEAM, team=team)
    with pytest.raises(ViewNotAllowed):
        keep(lead, scope=ViewScope.TEAM, team=TeamFactory())
    shared = keep(lead, scope=ViewScope.TEAM, team=team)
    with pytest.raises(ViewNotAllowed):
        archive_view(shared, by=agent)

    copy = copy_view(shared, by=agent)

    assert (copy.scope, copy.owner, copy.name_en) == ("personal", agent, "Mine (copy)")


def test_views_change_places_among_those_one_has(agent):
    first, second = keep(agent, name_en="A"), keep(agent, name_en="B")

    move_view(second, by=agent, earlier=True)

    assert list(SavedView.objects.in_order()) == [second, first]


def test_the_queue_begins_with_the_list_that_was_chosen(agent, agent_client, team):
    waiting, new = FeedbackFactory.create_batch(2, team=team)
    status = Status.objects.default_for(State.WAITING_CUSTOMER)
    change_status(waiting.pk, status=status, by=agent)
    view = keep(agent, view="waiting")

    agent_client.post(reverse("feedback:start_with"), {"list": f"saved={view.pk}"})

    page = page_of(agent_client, QUEUE)
    assert waiting.subject in page
    assert new.subject not in page
    archive_view(view, by=agent)
    assert "The list that you begin with is not there any more." in page_of(agent_client, QUEUE)
    begin_with("", by=agent)
    assert new.subject in page_of(agent_client, QUEUE)


def test_an_edited_view_can_be_saved_saved_anew_and_reset(agent, agent_client, team):
    FeedbackFactory(team=team)
    view = keep(agent, filters={"priority": ["4"]})
    edited = f"saved={view.pk}&edited=1&view=open&channel=web_form"

    page = page_of(agent_client, f"{QUEUE}?{edited}")

    assert f'href="{QUEUE}?saved={view.pk}" data-shortcut="Escape">Reset' in page
    assert "Save as …" in page
    agent_client.post(reverse("feedback:change_view", args=[view.pk, "update"]), {"list": edited})
    view.refresh_from_db()
    assert view.filters == {"channel": ["web_form"]}
    assert "Save as …" not in page_of(agent_client, f"{QUEUE}?saved={view.pk}")


def test_a_view_is_made_in_the_browser_from_the_list_and_a_condition(agent, agent_client, team):
    FeedbackFactory(team=team, priority=Priority.URGENT)
    url = reverse("feedback:new_view")
    asked = {"list": "view=open&priority=4"}
    assert "Urgent" in page_of(agent_client, url, **asked)
    data = asked | {
        "name_zh": "紧急漏水",
        "scope": "personal",
        "view": "open",
        "is_pinned": "on",
        "condition-mode": "text",
        "condition-text": "subject contains 漏水",
        "columns-sent": "1",
        "columns": ["number", "subject", "team"],
        "sort": "team.asc",
    }

    refused = agent_client.post(url, data | {"name_zh": ""})
    assert refused.status_code == 422
    assert "漏水" in refused.content.decode()
    agent_client.post(url, data)

    view = SavedView.objects.get()
    assert view.filters == {"priority": ["4"]}
    assert (view.columns, view.sort) == (["number", "subject", "team"], "team.asc")
    assert view.condition == ["contains", "subject", ["漏水"]]
    assert page_of(agent_client, f"{QUEUE}?saved={view.pk}").count('aria-sort="ascending"') == 1


@pytest.mark.parametrize("views", [1, 5])
def test_the_sidebar_costs_the_same_for_any_number_of_views(
    agent, agent_client, team, views, django_assert_num_queries
):
    FeedbackFactory(team=team)
    for n in range(views):
        keep(agent, condition=condition(f"number > {n} and assignee is not me"))
    url = reverse("feedback:sidebar_views")
    agent_client.get(url)
    cache.clear()

    # Session, person, permissions, views, who "me" is, one statement for all the numbers, and
    # what keeping them for some seconds costs.
    with django_assert_num_queries(16):
        assert page_of(agent_client, url).count("sidebar-count") == views
    with django_assert_num_queries(5):
        page_of(agent_client, url)


@pytest.mark.parametrize("rows", [1, 5])
def test_a_saved_view_costs_the_same_for_any_number_of_rows(
    agent, agent_client, team, rows, django_assert_num_queries
):
    FeedbackFactory.create_batch(rows, team=team)
    view = keep(
        agent,
        filters={"priority": ["2"]},
        condition=condition("assignee is not me"),
        columns=["subject", "tags", "messages", "quality", "team", "organisation", "resolved_by"],
    )
    agent_client.get(QUEUE)

    # As any list, the view, who "me" is, and the tags.
    with django_assert_num_queries(8):
        page = page_of(agent_client, f"{QUEUE}?saved={view.pk}")
    assert page.count("data-row-check") == rows
