"""The set-up page: what is left to do, the tour, and the end of the demo."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import OutgoingState, Role
from accounts.models import OutgoingMessage, User
from analytics.models import DemoCompany
from analytics.selectors.first_steps import first_steps
from analytics.selectors.setup import set_up_state
from analytics.selectors.tour import tour
from analytics.services.demo_order import NotEmpty, order_demo
from feedback.enums import State
from feedback.models import Category, Feedback, InboundMail, Status
from feedback.services.replies import send_reply
from surveys.distribution.email import write_invitation
from surveys.services.answering import submit_response
from surveys.services.defaults import ensure_call_back_survey
from surveys.services.inviting import plan_call_back, send_due_invitations
from tests.conftest import client_of
from tests.factories import (
    FeedbackFactory,
    MailboxFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.surveys import let_time_pass
from tests.support.jobs import queued, run_queued_jobs

pytestmark = pytest.mark.django_db
PAGE = reverse("analytics:setup")
REMOVE = reverse("analytics:remove_demo")
ACCOUNT = {"name": "王敏", "email": "min@huiyin.test", "password": "a-long-enough-Word-7"}


# --- five steps -------------------------------------------------------------------------------
def test_at_first_nothing_is_done():
    assert first_steps().done == 0


def test_the_demo_company_fulfils_no_step(demo):
    steps = first_steps()

    assert steps.done == 0
    assert steps.mailbox is None
    assert steps.team is None


def test_the_way_to_the_set_up_page_is_shown_until_mailbox_and_team_are_their_own(demo):
    ensure_call_back_survey()
    assert set_up_state().is_complete is False

    MailboxFactory()
    TeamFactory()

    assert set_up_state().is_complete is True


def test_a_mailbox_is_done_once_mail_has_come():
    mailbox = MailboxFactory()
    assert not first_steps().mailbox_done

    InboundMail.objects.create(mailbox=mailbox, raw=b"x", sha256="0", size=1)

    assert first_steps().mailbox_done


def test_a_team_is_done_once_somebody_works_in_it():
    team = TeamFactory()
    assert not first_steps().team_done

    UserFactory(team=team)

    assert first_steps().team_size == 1


def test_categories_are_done_once_one_finds_its_team():
    Category.objects.filter(code="product").update(team=TeamFactory())

    assert first_steps().categories_done


def test_the_form_is_done_once_somebody_real_used_it():
    FeedbackFactory()

    assert first_steps().form_done


def test_the_page_costs_the_same_however_much_there_is(admin_client):
    def cost():
        admin_client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(PAGE)
        return len(queries)

    def more():
        FeedbackFactory()
        UserFactory(team=TeamFactory())
        InboundMail.objects.create(mailbox=MailboxFactory(), raw=b"x", sha256="0", size=1)

    more()
    once = cost()
    for _ in range(4):
        more()

    assert cost() == once <= 12


# --- who sees what ----------------------------------------------------------------------------
def test_an_admin_sees_the_steps_and_an_agent_does_not(admin_client, agent_client):
    assert b"steps-title" in admin_client.get(PAGE).content
    page = agent_client.get(PAGE)
    assert page.status_code == 200
    assert b"steps-title" not in page.content


def test_only_an_admin_can_remove_or_make_the_demo(demo, agent_client):
    assert agent_client.post(REMOVE, {"confirmation": "Cheyu"}).status_code == 403
    assert agent_client.post(reverse("analytics:make_demo")).status_code == 403
    assert DemoCompany.objects.exists()


# --- the tour ---------------------------------------------------------------------------------
def test_at_first_nobody_has_walked(demo):
    walk = tour()

    assert walk is not None
    assert walk.feedback is None
    assert not any(
        (walk.written, walk.acknowledged, walk.opened, walk.answered, walk.solved, walk.rated)
    )


def test_each_step_of_the_loop_is_ticked_when_it_happens(demo, admin, admin_client):
    DemoCompany.objects.update(made_at=timezone.now())
    ensure_call_back_survey()
    feedback = FeedbackFactory(acknowledge=True)
    walk = tour()
    assert walk is not None
    assert walk.feedback == feedback
    assert (walk.written, walk.acknowledged, walk.opened) == (True, False, False)

    OutgoingMessage.objects.filter(dedupe_key=f"ack:{feedback.pk}").update(
        state=OutgoingState.SENT, sent_at=timezone.now()
    )
    resolved = Status.objects.default_for(State.RESOLVED)
    send_reply(feedback.pk, by=admin, text="Done", then=resolved)
    walk = tour()
    assert walk is not None
    assert walk.acknowledged
    assert walk.opened
    assert walk.answered
    assert walk.solved
    assert not walk.asked
    assert admin_client.get(PAGE).content.count(b"todo is-done") == 5 + first_steps().done

    (invitation,) = plan_call_back(feedback.pk)
    let_time_pass(invitation)
    send_due_invitations(write_invitation)
    submit_response(
        invitation.collector_id,
        answers={"overall": 5},
        language="en",
        invitation_id=invitation.pk,
    )
    walk = tour()
    assert walk is not None
    assert walk.asked
    assert walk.rated


def test_without_a_demo_there_is_no_tour(admin_client):
    assert tour() is None
    assert b"walk-title" not in admin_client.get(PAGE).content


# --- the end of the demo ----------------------------------------------------------------------
def test_a_wrong_name_removes_nothing(demo, admin_client):
    response = admin_client.post(REMOVE, {"confirmation": "yes"})

    assert response.status_code == 422
    assert DemoCompany.objects.exists()


def test_a_real_admin_has_it_removed_by_typing_its_name(demo, admin_client):
    response = admin_client.post(REMOVE, {"confirmation": " cheyu "})

    assert response.status_code == 302
    assert [path for path, _ in queued()] == ["analytics.tasks.remove_demo_company"]
    waiting = admin_client.get(PAGE).content
    assert b"removing-title" in waiting
    assert b'name="confirmation"' not in waiting

    run_queued_jobs()

    assert not DemoCompany.objects.exists()
    done = admin_client.get(PAGE, {"removing": ""}).content.decode()
    assert "The demo company has been removed." in done
    assert "removing-title" not in done


def test_a_double_click_makes_one_job_and_the_second_is_told(demo, admin_client):
    admin_client.post(REMOVE, {"confirmation": "cheyu"})
    again = admin_client.post(REMOVE, {"confirmation": "cheyu"}, follow=True)

    assert len(queued()) == 1
    assert "The demo company is being removed already." in again.content.decode()


def test_a_removal_that_was_lost_with_its_worker_can_be_ordered_again(demo, admin_client, clock):
    admin_client.post(REMOVE, {"confirmation": "cheyu"})
    clock.shift(DemoCompany.REMOVAL_LOST_AFTER)

    admin_client.post(REMOVE, {"confirmation": "cheyu"})
    run_queued_jobs()  # both

    assert not DemoCompany.objects.exists()


def test_a_removal_that_fails_says_so_deletes_nothing_and_can_be_tried_again(demo, admin_client):
    with connection.cursor() as cursor:  # something that does not let go
        cursor.execute("CREATE TABLE hold (team bigint REFERENCES accounts_team)")
        cursor.execute("INSERT INTO hold SELECT id FROM accounts_team")
    before = Feedback.objects.count()
    admin_client.post(REMOVE, {"confirmation": "cheyu"})

    run_queued_jobs()

    page = admin_client.get(PAGE).content.decode()
    assert "could not be removed. Nothing was deleted" in page
    assert Feedback.objects.count() == before
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE hold")
    admin_client.post(REMOVE, {"confirmation": "cheyu"})
    run_queued_jobs()
    assert not DemoCompany.objects.exists()


def demo_admin():
    return client_of(User.objects.get(email="admin@demo.example"))


def test_who_is_a_demo_person_makes_an_account_first(demo):
    browser = demo_admin()
    assert b'name="password"' in browser.get(PAGE).content

    response = browser.post(REMOVE, {"confirmation": "Cheyu"})

    assert response.status_code == 422
    assert DemoCompany.objects.exists()


def test_a_demo_person_goes_on_as_themselves(demo):
    browser = demo_admin()

    response = browser.post(REMOVE, ACCOUNT | {"confirmation": "Cheyu"})
    run_queued_jobs()

    user = User.objects.get()
    assert response.status_code == 302
    assert (user.email, user.name, user.is_demo) == (ACCOUNT["email"], "王敏", False)
    assert user.groups.get().name == Role.ADMIN
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert page.context["user"] == user
    assert browser.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [("password", "12345678"), ("email", "admin@demo.example"), ("email", "nobody"), ("name", "")],
)
def test_an_account_that_cannot_be_is_said_at_the_field(demo, field, value):
    response = demo_admin().post(REMOVE, ACCOUNT | {"confirmation": "Cheyu", field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert DemoCompany.objects.exists()


def test_removing_twice_is_harmless(demo, admin_client):
    admin_client.post(REMOVE, {"confirmation": "cheyu"})
    run_queued_jobs()

    assert admin_client.post(REMOVE, {"confirmation": "cheyu"}).status_code == 302


# --- the beginning ----------------------------------------------------------------------------
def test_the_button_that_makes_a_demo_carries_the_token_that_lets_it_through(admin):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin)
    form = browser.get(PAGE).content.decode().partition('aria-labelledby="make-title"')[2]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]

    browser.post(reverse("analytics:make_demo"), {"csrfmiddlewaretoken": token})

    assert [path for path, _ in queued()] == ["analytics.tasks.make_demo_company"]


def test_where_nothing_is_a_demo_can_be_ordered(admin_client, monkeypatch):
    assert b"make-title" in admin_client.get(PAGE).content

    admin_client.post(reverse("analytics:make_demo"))

    assert [path for path, _ in queued()] == ["analytics.tasks.make_demo_company"]


def test_where_feedback_is_no_demo_is_mixed_in(admin_client):
    FeedbackFactory()

    assert b"make-title" not in admin_client.get(PAGE).content
    with pytest.raises(NotEmpty):
        order_demo()
    run_queued_jobs()
    admin_client.post(reverse("analytics:make_demo"))
    assert queued() == []
