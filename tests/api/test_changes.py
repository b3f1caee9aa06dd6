"""Changing a record as the page does, and reading why it is where it is."""

import pytest

from accounts.enums import Role
from feedback.enums import Priority
from feedback.models import Feedback
from tests.api.conftest import staff
from tests.api.test_doors import problem
from tests.factories import FeedbackFactory, ProductFactory, TeamFactory

pytestmark = pytest.mark.django_db


def test_several_things_are_changed_at_once_and_told(api, team):
    record = FeedbackFactory(team=team, priority=Priority.NORMAL)
    where = f"feedback/{record.number}/"

    changed = api.patch(
        where,
        {
            "priority": "high",
            "category": "product",
            "tags": ["漏水", "Pump"],
            "assignee": api.user.pk,
            "product": ProductFactory(code="p1").code,
            "place": "上海",
            "status": "open",
            "version": record.version,
        },
    )

    assert changed.status_code == 200, changed.json()
    body = changed.json()
    assert (body["priority"], body["category"], body["status"]) == ("high", "product", "open")
    assert sorted(body["tags"]) == ["Pump", "漏水"]
    assert body["assignee"]["id"] == api.user.pk
    assert (body["product"], body["place"]) == ("p1", "上海")
    told = api.get(f"{where}timeline/").json()["results"]
    assert {"about", "category", "tags", "priority", "assigned"} <= {one["kind"] for one in told}
    assert all(one["sentence"] for one in told)
    problem(api.patch(where, {"place": "x", "version": record.version}), 409, "stale")


def test_nothing_is_changed_when_one_thing_is_refused(api, team):
    record = FeedbackFactory(team=team)
    where = f"feedback/{record.number}/"
    elsewhere = staff(Role.AGENT, TeamFactory())

    refused = api.patch(where, {"place": "北京", "assignee": elsewhere.pk})

    problem(refused, 409, "not_in_team")
    assert "prioritty" in api.patch(where, {"prioritty": "high"}).json()["errors"]
    assert "status" in api.patch(where, {"status": "merged"}).json()["errors"]
    assert Feedback.objects.get(pk=record.pk).version == record.version


def test_nobody_changes_what_they_may_not_see(api, stranger_api, team):
    where = f"feedback/{FeedbackFactory(team=team).number}/"

    problem(stranger_api.patch(where, {"priority": "low"}), 404, "not_found")
    problem(stranger_api.get(f"{where}timeline/"), 404, "not_found")


def test_a_record_handed_on_leaves_whoever_may_not_see_it_there(lead_api, team):
    record = FeedbackFactory(team=team)
    lead_api.patch(f"feedback/{record.number}/", {"assignee": lead_api.user.pk})
    other = TeamFactory()

    given = lead_api.patch(f"feedback/{record.number}/", {"team": other.pk}).json()

    assert (given["team"]["id"], given["assignee"]) == (other.pk, None)


@pytest.mark.parametrize("entries", [1, 5])
def test_a_story_costs_the_same_however_long(api, team, entries, django_assert_num_queries):
    record = FeedbackFactory(team=team)
    for n in range(entries):
        api.patch(f"feedback/{record.number}/", {"place": f"{n}", "tags": [f"t{n}"]})
    where = f"feedback/{record.number}/timeline/"
    count = len(api.get(where).json()["results"])

    assert count == 1 + 2 * entries
    with django_assert_num_queries(7):
        api.get(where)
