"""What somebody who works here could do to colleagues, other teams and the secrets."""

import json
import logging

import pghistory
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import ContactPoint, Team
from accounts.rules.demo_logins import DEMO_PASSWORD
from accounts.services.customers import state_of_customer
from config.kernel.history import HistoryMiddleware
from config.kernel.logs import JsonFormatter
from feedback.errors import NotInTeam
from feedback.models import Category, Feedback
from feedback.services.followup import plan_call_back
from feedback.services.mailboxes import save_mailbox
from feedback.services.tasks import give_task
from tests.conftest import client_of
from tests.factories import (
    CustomerFactory,
    FeedbackFactory,
    MailboxFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.surveys import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


# --- Other people's records ----------------------------------------------------------------------


def test_records_of_another_team_are_not_changed_in_bulk(outsider_client, record):
    before = Feedback.objects.get(pk=record.pk).version

    for chosen in ({"id": record.pk}, {"all": "1", "list": f"customer={record.customer_id}"}):
        outsider_client.post(reverse("feedback:bulk"), {**chosen, "priority": "4"})

    assert Feedback.objects.get(pk=record.pk).version == before


def test_what_one_did_nobody_else_takes_back(agent_client, outsider_client, record):
    url = reverse("feedback:change", args=[record.number, "priority"])
    page = agent_client.post(url, {"priority": "3", "version": record.version}, follow=True)
    (undo,) = {m.extra_tags.removeprefix("undo:") for m in page.context["messages"]}
    changed = Feedback.objects.get(pk=record.pk).priority

    outsider_client.post(undo)
    assert Feedback.objects.get(pk=record.pk).priority == changed == 3


def test_a_form_sets_only_what_it_asks_for(agent_client, agent, record):
    forged = {
        "number": "7", "state": "closed", "team": TeamFactory().pk, "assignee": "1",
        "resolved_at": "2020-01-01", "satisfaction": "5", "is_staff": "1", "is_superuser": "1",
        "email": "root@huiyin.test", "groups": "1", "is_demo": "1", "link_epoch": "9",
    }  # fmt: skip
    about = forged | {"subject": "Leak", "version": record.version}
    profile = forged | {"name": "Me", "after_reply": "next", "weekly_mail": "none"}

    agent_client.post(reverse("feedback:change", args=[record.number, "about"]), about)
    agent_client.post(reverse("accounts:profile"), profile)

    after = Feedback.objects.get(pk=record.pk)
    same = (
        "number",
        "state",
        "team_id",
        "assignee_id",
        "resolved_at",
        "satisfaction",
        "link_epoch",
    )
    assert after.subject == "Leak"
    assert [getattr(after, one) for one in same] == [getattr(record, one) for one in same]
    before_name, email = agent.name, agent.email
    agent.refresh_from_db()
    assert (agent.name != before_name, agent.email) == (True, email)
    assert (agent.is_staff, agent.is_superuser, agent.groups.count()) == (False, False, 1)


def test_a_record_cannot_be_filed_under_what_is_put_away(agent_client, record):
    category = Category.objects.exclude(pk=record.category_id).first()
    category.archived_at = record.received_at
    category.save()
    gone = TeamFactory(archived_at=record.received_at)

    for what, value in (("category", category.pk), ("team", gone.pk), ("category", "9" * 30)):
        url = reverse("feedback:change", args=[record.number, what])
        assert agent_client.post(url, {what: value}).status_code == 422


def test_a_contact_is_changed_only_through_its_own_customer(agent_client, record):
    other = FeedbackFactory().customer
    point = ContactPoint.objects.get(customer=other)
    url = reverse("feedback:change_contact", args=[record.customer_id, point.pk])

    assert agent_client.post(url, {"do": "remove"}).status_code == 404
    assert ContactPoint.objects.filter(pk=point.pk).exists()


def test_a_task_goes_to_nobody_who_may_not_see_its_customer(record, agent, outsider):
    task = plan_call_back(record, reason="low_score")

    with pytest.raises(NotInTeam):
        give_task(task.pk, by=agent, assignee=outsider)

    task.refresh_from_db()
    assert task.assignee_id != outsider.pk


# --- Lists are no oracle -------------------------------------------------------------------------


@pytest.mark.parametrize("query", [
    "assignee__password__startswith=x", "customer__note__contains=x", "sort=assignee__password",
    "ordering=mailbox__password", "team__members__password=x", "id__gt=1", "view=__class__",
])  # fmt: skip
def test_a_list_is_asked_by_its_own_filters_only(query, agent_client):
    for page in ("queue", "queue_filters", "queue_news"):
        response = agent_client.get(f"{reverse(f'feedback:{page}')}?{query}")
        assert response.status_code == 400


@pytest.mark.parametrize(("model", "lookup"), [
    ("accounts_user", "password__startswith"), ("accounts_user", "password"),
    ("accounts_apitoken", "digest__startswith"), ("accounts_apitoken", "user__password"),
    ("feedback_mailbox", "password__startswith"), ("feedback_inboundmail", "raw__contains"),
    ("surveys_collector", "token__startswith"), ("surveys_invitation", "customer__note__contains"),
])  # fmt: skip
def test_the_admin_is_not_asked_about_columns_it_does_not_show(model, lookup, admin_client):
    listed = reverse(f"admin:{model}_changelist")

    assert admin_client.get(listed).status_code == 200
    assert admin_client.get(listed, {lookup: "a"}).status_code == 400


def test_the_filters_that_the_admin_offers_still_work(admin_client):
    UserFactory(team=TeamFactory())  # with one team only there is no filter
    UserFactory(team=TeamFactory())
    team = Team.objects.latest("pk")

    page = admin_client.get(
        reverse("admin:accounts_user_changelist"),
        {"memberships__team__id__exact": team.pk, "is_active__exact": "1"},
    )

    assert page.status_code == 200
    assert page.context["cl"].result_count == 1


# --- Addresses that people carry about -----------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["view=all&q=%00", "q=%00", "customer=%00", "view=%00", "tag=%00"]
)
def test_a_list_that_makes_no_sense_is_forgotten(query, agent_client, record):
    url = reverse("feedback:record", args=[record.number])

    assert agent_client.get(url, {"list": query}).status_code == 200
    assert (
        agent_client.post(reverse("feedback:bulk"), {"all": "1", "list": query}).status_code == 400
    )


def test_no_header_is_added_by_the_list_one_came_from(agent_client, record):
    url = reverse("feedback:compose", args=[record.number])
    sent_along = {
        "do": "note",
        "text": "x",
        "list": "view=all&q=漏水\r\nSet-Cookie: a=b",
        "at": "1",
    }

    response = agent_client.post(url, sent_along, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response["HX-Redirect"].isascii()
    assert "a" not in response.cookies


def test_an_undo_leads_back_without_adding_a_header(agent_client):
    response = agent_client.post(
        reverse("feedback:undo", args=["x"]),
        {"next": "/queue/?q=漏\r\nSet-Cookie: a=b"},
        headers={"HX-Request": "true"},
    )

    assert response.status_code == 200
    assert "\n" not in response["HX-Redirect"]


def test_an_empty_call_is_asked_for_again(agent_client):
    team = Team.objects.create(name_zh="组", name_en="Team")
    record = sent(FeedbackFactory(team=None)).feedback
    assert team

    response = agent_client.post(reverse("surveys:call_back", args=[record.number]))

    assert response.status_code == 422


# --- Secrets -------------------------------------------------------------------------------------


def everything_stored() -> str:
    """Every value of every table of the database, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - our own tables
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_secret_lies_in_the_database_in_clear(agent, record):
    mailbox = MailboxFactory()
    save_mailbox(mailbox, new_password="open-sesame-imap")
    secret = totp.generate_totp_secret()
    authenticator = totp.TOTP.activate(agent, secret).instance

    stored = everything_stored()

    assert "open-sesame-imap" not in stored
    assert secret not in stored
    assert record.status_token not in stored
    assert Authenticator.objects.get(pk=authenticator.pk).wrap().validate_code("000000") is False
    mailbox.refresh_from_db()
    assert mailbox.password == "open-sesame-imap"


def test_history_does_not_keep_the_address_of_a_page(client):
    page = f"/s/{'1-' + 'f' * 20}/"
    request = RequestFactory().post(page)

    HistoryMiddleware(lambda _request: CustomerFactory())(request)

    (context,) = pghistory.models.Context.objects.values_list("metadata", flat=True)
    assert set(context) == {"user", "request"}


def test_changes_by_staff_are_still_signed(agent, agent_client, record):
    url = reverse("feedback:edit_customer", args=[record.customer_id])
    seen = {"seen": state_of_customer(record.customer)}
    agent_client.post(url, {"name": "New", "language": "en", "tier": "standard", **seen})

    event = record.customer.events.order_by("-pgh_id").first()
    assert event.name == "New"
    assert event.pgh_context.metadata["user"] == agent.pk
    assert event.pgh_context.metadata["request"]


def test_logs_hold_no_key_and_no_address(record):
    text = f"Error: /s/{record.status_token}/ for han@example.org at /queue/bulk/menus/"
    entry = logging.LogRecord("x", logging.ERROR, "", 0, text, (), None)

    line = json.loads(JsonFormatter().format(entry))["message"]

    assert line == "Error: /s/[key]/ for [address] at /queue/bulk/menus/"


def test_the_password_that_everybody_knows_opens_nothing_in_earnest(client, settings):
    user = UserFactory(is_demo=True)
    user.set_password(DEMO_PASSWORD)
    user.save()
    sign_in = {"login": user.email, "password": DEMO_PASSWORD}

    client.post(reverse("account_login"), sign_in)
    assert "_auth_user_id" not in client.session
    settings.DEBUG = True
    client.post(reverse("account_login"), sign_in)
    assert "_auth_user_id" in client.session


def test_an_agent_sees_no_settings_and_a_reply_template_runs_nothing(agent_client, agent):
    assert agent_client.get("/admin/", follow=True).redirect_chain
    assert client_of(agent).get(reverse("admin:feedback_mailbox_changelist")).status_code == 302
