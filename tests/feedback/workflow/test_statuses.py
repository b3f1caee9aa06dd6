"""The steps of a record: what a settings page may do to them, and what is refused."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from feedback.enums import State
from feedback.errors import (
    LastOfItsKind,
    NextStatusLoops,
    StatusNeeded,
    StatusNotUsable,
    StepNotAllowed,
)
from feedback.models import Feedback, Status
from feedback.services.statuses import move_status, remove_status, save_status
from feedback.services.workflow import change_status, reopen_feedback
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db


def made(code, state=State.OPEN, **more):
    return save_status(Status(code=code, state=state, name_zh=code, name_en=code, **more))


def status(code):
    return Status.objects.get(code=code)


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


def test_a_circle_of_what_follows_is_refused_with_the_way_it_would_take():
    first = made("parts-ordered", State.WAITING_THIRD)
    second = made("parts-here", next_status=first)
    first.next_status = second

    with pytest.raises(NextStatusLoops, match="parts-ordered → parts-here → parts-ordered"):
        save_status(first)

    assert Status.objects.get(pk=first.pk).next_status is None


@pytest.mark.parametrize(
    ("following", "refusal"),
    [("new", StepNotAllowed), ("merged", StatusNotUsable)],
)
def test_what_follows_must_be_a_step_that_a_record_may_take(following, refusal):
    with pytest.raises(refusal):
        made("asked", State.WAITING_CUSTOMER, next_status=status(following))


def test_there_is_always_one_status_to_begin_with_and_one_to_reopen_with():
    new, opened = status("new"), status("open")
    new.is_default_create = opened.is_default_reopen = False
    for one in (new, opened):
        with pytest.raises(StatusNeeded):
            save_status(one)
        with pytest.raises(StatusNeeded):
            remove_status(status(one.code))
    with pytest.raises(StatusNotUsable):
        made("done", State.RESOLVED, is_default_create=True)


def test_a_new_default_takes_the_place_of_the_one_before():
    made("triage", State.NEW, is_default_create=True)
    made("again", State.OPEN, is_default_reopen=True)

    record = FeedbackFactory()
    change_status(record.pk, status=status("resolved"), by=UserFactory())
    reopened = reopen_feedback(record.pk, by=UserFactory())

    assert record.status.code == "triage"
    assert reopened.status.code == "again"
    assert not status("new").is_default_create


def test_what_follows_another_status_cannot_go():
    made("asked", State.WAITING_CUSTOMER, next_status=made("answered"))

    with pytest.raises(StatusNeeded, match="asked"):
        remove_status(status("answered"))
    with pytest.raises(LastOfItsKind):
        remove_status(status("waiting-third"))


def test_a_lead_edits_reorders_and_archives_on_one_page(lead):
    client, used = client_of(lead), made("parts", State.WAITING_THIRD)
    change_status(FeedbackFactory().pk, status=used, by=lead)
    page = client.get(reverse("feedback:statuses")).content.decode()
    assert 'href="/queue/?view=all&amp;status=parts">1</a>' in page

    form = {"code": "parts", "state": "waiting_third", "name_zh": "等配件", "name_en": "Parts"}
    client.post(
        reverse("feedback:edit_status", args=[used.pk]), form | {"next_status": status("open").pk}
    )
    client.post(reverse("feedback:change_status", args=[used.pk, "up"]))
    client.post(reverse("feedback:change_status", args=[used.pk, "remove"]))

    used.refresh_from_db()
    assert (used.name_zh, used.next_status.code) == ("等配件", "open")
    assert used.archived_at is not None  # a record has it: never deleted
    assert Status.objects.get(code="spam").order > used.order


def test_a_refused_status_keeps_what_was_typed_and_says_why(lead):
    opened = status("open")
    form = {"code": "open", "state": "open", "name_zh": "办理", "name_en": "Doing"}

    answer = client_of(lead).post(
        reverse("feedback:edit_status", args=[opened.pk]), form | {"is_default_create": ""}
    )

    assert answer.status_code == 422
    assert "Reopened records get this status" in answer.content.decode()
    assert "办理" in answer.content.decode()


def test_agents_do_not_set_up_the_steps(agent_client):
    assert agent_client.get(reverse("feedback:statuses")).status_code == 403


@pytest.mark.parametrize("more", [0, 4])
def test_the_page_of_statuses_costs_the_same_for_any_number(lead, more, django_assert_num_queries):
    client = client_of(lead)
    for n in range(more):
        made(f"more-{n}")
    client.get(reverse("feedback:statuses"))

    with django_assert_num_queries(5):
        client.get(reverse("feedback:statuses"))


def test_the_order_is_that_of_the_menus():
    move_status(status("closed"), earlier=True)

    assert [one.code for one in Status.objects.active()][4:6] == ["closed", "resolved"]
    assert Feedback.objects.count() == 0
