"""What an admin does to people, teams, tokens and mail."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.enums import ConsentChannel, ConsentPurpose, ContactKind, OutgoingState, Role
from accounts.models import (
    ApiToken,
    ContactPoint,
    Customer,
    Membership,
    Organisation,
    OutgoingMessage,
    Team,
    User,
)
from accounts.rules.handover import Handover, Outcome
from accounts.services.api_tokens import issue_token
from accounts.services.customers import record_consent
from accounts.services.sending import claim, settle
from tests.admin.rows import outgoing
from tests.conftest import client_of
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def address(name: str, *args) -> str:
    return reverse(f"admin:accounts_{name}", args=args)


def no_inline(prefix="memberships") -> dict:
    return {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}


def staff_form(**more) -> dict:
    given = {"email": "New.Person@huiyin.test", "name": "王敏", "is_active": "on"}
    return {**given, **no_inline(), **more}


def test_a_new_person_is_invited_and_chooses_the_password(admin_client, client, team):
    agent_role = Group.objects.get(name=Role.AGENT)
    response = admin_client.post(
        address("user_add"),
        staff_form(
            groups=[agent_role.pk],
            **{
                "memberships-TOTAL_FORMS": 1,
                "memberships-0-team": team.pk,
                "memberships-0-is_lead": "on",
            },
        ),
    )
    assert response.status_code == 302, response.context["errors"]

    person = User.objects.get(email="new.person@huiyin.test")
    assert not person.has_usable_password()
    assert list(person.groups.all()) == [agent_role]
    assert person.memberships.get().is_lead
    mail = OutgoingMessage.objects.get(to_address=person.email)
    link = re.search(r"https?://\S+", mail.body_text)[0]
    page = client.get(link, follow=True)
    chosen = {"password1": "seven green teas", "password2": "seven green teas"}
    client.post(page.request["PATH_INFO"], chosen)
    person.refresh_from_db()
    assert person.check_password("seven green teas")


def test_how_somebody_agreed_is_said_in_words_and_not_as_a_code(admin_client):
    consent = record_consent(
        CustomerFactory().pk,
        purpose=ConsentPurpose.SURVEY,
        given=False,
        channel=ConsentChannel.UNSUBSCRIBE,
    )

    for page in (address("consent_changelist"), address("consent_change", consent.pk)):
        html = admin_client.get(page).content.decode()
        assert "Link in a mail" in html
        assert "unsubscribe-link" not in html


def test_no_page_shows_a_password_hash(admin_client, agent):
    agent.set_password("seven green teas")
    agent.save()

    html = admin_client.get(address("user_change", agent.pk)).content.decode()

    assert agent.password not in html
    assert "password" not in re.findall(r'name="(\w+)"', html)


def test_the_role_admin_cannot_make_a_superuser(admin_client, agent):
    data = staff_form(email=agent.email, is_superuser="on")

    admin_client.post(address("user_change", agent.pk), data)

    agent.refresh_from_db()
    assert agent.name == "王敏"
    assert not agent.is_superuser


def test_the_role_admin_cannot_touch_a_superuser(admin_client):
    superuser = UserFactory(is_superuser=True)

    response = admin_client.post(address("user_change", superuser.pk), staff_form())

    assert response.status_code == 403


def test_nobody_locks_themselves_out(admin_client, admin):
    data = staff_form(email=admin.email)
    del data["is_active"]

    admin_client.post(address("user_change", admin.pk), data)
    admin_client.post(address("user_delete", admin.pk), {"post": "yes"})

    admin.refresh_from_db()
    assert admin.is_active


def test_who_left_a_trace_is_switched_off_and_who_did_not_is_deleted(admin_client, agent):
    Membership.objects.filter(user=agent).delete()
    fresh = UserFactory(team=TeamFactory())
    FeedbackFactory(by=agent)
    token, _ = issue_token(user=agent, name="x", scopes=["feedback:read"])

    for user in (agent, fresh):
        admin_client.post(address("user_delete", user.pk), {"post": "yes"})

    agent.refresh_from_db()
    token.refresh_from_db()
    assert not agent.is_active
    assert token.revoked_at
    assert not User.objects.filter(pk=fresh.pk).exists()


def test_a_team_with_records_is_archived_and_can_come_back(admin_client, team):
    FeedbackFactory(team=team)
    unused = TeamFactory()

    answer = admin_client.post(address("team_delete", team.pk), {"post": "yes"}, follow=True)
    admin_client.post(address("team_delete", unused.pk), {"post": "yes"})

    team.refresh_from_db()
    assert team.archived_at
    assert "was archived, because something refers to it" in answer.content.decode()
    assert not Team.objects.filter(pk=unused.pk).exists()
    listed = admin_client.get(address("team_changelist")).content.decode()
    assert address("team_change", team.pk) not in listed

    admin_client.post(address("team_use_again", team.pk))
    team.refresh_from_db()
    assert team.archived_at is None


def test_the_list_action_archives_too(admin_client, team):
    FeedbackFactory(team=team)
    chosen = {"action": "delete_selected", "_selected_action": [team.pk], "post": "yes"}

    admin_client.post(address("team_changelist"), chosen)

    team.refresh_from_db()
    assert team.archived_at


def test_an_organisation_with_customers_is_archived_instead(admin_client):
    company = Organisation.objects.create(name="ACME")
    CustomerFactory(organisation=company)

    answer = admin_client.post(
        address("organisation_delete", company.pk), {"post": "yes"}, follow=True
    )

    assert "was archived, because something refers to it" in answer.content.decode()
    assert Organisation.objects.get(pk=company.pk).archived_at


def customer_form(**more) -> dict:
    given = {"name": "韩梅梅", "language": "en", "tier": "key"}
    return {**given, **no_inline("contact_points"), **more}


def contact(n: int, kind: str, value: str, **more) -> dict:
    fields = {"kind": kind, "value": value, **more}
    return {f"contact_points-{n}-{name}": what for name, what in fields.items()}


def test_contacts_are_stored_the_way_they_are_looked_up(admin_client):
    admin_client.post(
        address("customer_add"),
        customer_form(
            **contact(0, "email", " Han@Example.ORG ", is_primary="on"),
            **contact(1, "phone", "+86 138-0013-8000"),
            **{"contact_points-TOTAL_FORMS": 2},
        ),
    )

    customer = Customer.objects.get()
    values = set(customer.contact_points.values_list("value", flat=True))
    assert values == {"han@example.org", "13800138000"}


@pytest.mark.parametrize("value", ["not an address", "taken@example.org"])
def test_a_contact_that_cannot_be_is_told_at_the_field(admin_client, value):
    CustomerFactory(email="taken@example.org")

    answer = admin_client.post(
        address("customer_add"),
        customer_form(**contact(0, "email", value), **{"contact_points-TOTAL_FORMS": 1}),
    )

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Customer.objects.count() == 1


def test_a_contact_can_be_taken_away(admin_client):
    customer = CustomerFactory()
    point = customer.contact_points.get()

    admin_client.post(
        address("customer_change", customer.pk),
        customer_form(
            **contact(0, point.kind, point.value, id=point.pk, customer=customer.pk, DELETE="on"),
            **{"contact_points-TOTAL_FORMS": 1, "contact_points-INITIAL_FORMS": 1},
        ),
    )

    assert not ContactPoint.objects.filter(kind=ContactKind.EMAIL).exists()


def test_a_token_is_shown_once_and_works(admin_client, client, agent):
    answer = admin_client.post(
        address("apitoken_add"),
        {"user": agent.pk, "name": "Till", "scopes": ["feedback:read"]},
    )

    token = ApiToken.objects.get()
    secret = re.search(r"hy_[\w-]{40,}", answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    assert (token.user, token.prefix) == (agent, secret[:8])
    assert secret not in str(ApiToken.objects.values())
    for page in ("changelist", "change", "history"):
        args = [] if page == "changelist" else [token.pk]
        assert secret not in admin_client.get(address(f"apitoken_{page}", *args)).content.decode()


def test_a_revoked_token_stays_in_the_list(admin_client):
    token, _ = issue_token(user=UserFactory(), name="Till", scopes=["feedback:read"])

    admin_client.post(address("apitoken_revoke", token.pk))

    token.refresh_from_db()
    assert token.revoked_at
    assert not ApiToken.objects.usable(token.revoked_at).exists()


def test_the_role_admin_cannot_borrow_a_superuser(admin_client):
    superuser = UserFactory(is_superuser=True)

    admin_client.post(
        address("apitoken_add"),
        {"user": superuser.pk, "name": "Mine now", "scopes": ["feedback:read"]},
    )

    assert ApiToken.objects.count() == 0


def test_failed_mail_is_sent_again_from_its_page_and_from_the_list(admin_client):
    failed, sent = outgoing(), outgoing()
    settle(claim(failed.pk), Handover(Outcome.REFUSED, "550 no"))
    settle(claim(sent.pk), Handover(Outcome.ACCEPTED, "250"))

    page = admin_client.get(address("outgoingmessage_change", failed.pk)).content.decode()
    assert "550 no" in page
    assert address("outgoingmessage_send_again", failed.pk) in page
    admin_client.post(address("outgoingmessage_send_again", failed.pk))
    failed.refresh_from_db()
    assert failed.state == OutgoingState.QUEUED

    chosen = {"action": "send_all_again", "_selected_action": [failed.pk, sent.pk]}
    admin_client.post(address("outgoingmessage_changelist"), chosen)
    sent.refresh_from_db()
    assert sent.state == OutgoingState.SENT


def test_a_button_needs_its_permission(agent):
    agent.is_staff = True
    agent.save()
    message = outgoing()
    settle(claim(message.pk), Handover(Outcome.REFUSED, "550 no"))

    answer = client_of(agent).post(address("outgoingmessage_send_again", message.pk))

    assert answer.status_code == 403


def test_a_button_is_not_pressed_by_a_link(admin_client):
    message = outgoing()
    settle(claim(message.pk), Handover(Outcome.REFUSED, "550 no"))

    admin_client.get(address("outgoingmessage_send_again", message.pk))

    message.refresh_from_db()
    assert message.state == OutgoingState.FAILED


def test_the_history_says_who_changed_what(admin_client, admin, team):
    old = team.name_en
    data = {"name_zh": team.name_zh, "name_en": "Second line", **no_inline()}

    admin_client.post(address("team_change", team.pk), data)

    html = admin_client.get(address("team_history", team.pk)).content.decode()
    assert f"<del>{old}</del>" in html
    assert "<ins>Second line</ins>" in html
    assert f"<td>{admin.name}</td>" in html


def test_the_history_of_a_person_says_who_let_them_in_and_out(admin_client, admin, team, agent):
    form = {"email": agent.email, "name": agent.name, "is_active": "on"}
    membership = agent.memberships.get()
    lead = Group.objects.get(name=Role.LEAD)
    now_a_lead = {
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": membership.pk,
        "memberships-0-team": team.pk,
    }

    admin_client.post(
        address("user_change", agent.pk),
        form | now_a_lead | {"groups": [lead.pk], "memberships-0-is_lead": "on"},
    )
    admin_client.post(
        address("user_change", agent.pk),
        form | now_a_lead | {"groups": [], "memberships-0-DELETE": "on"},
    )

    told = changes_told(admin_client.get(address("user_history", agent.pk)))
    by_admin = [what for who, what in told if who == admin.name]
    assert sorted(by_admin) == sorted(
        [
            "Role: Agent → –",
            "Role: Team lead",
            "Role: Team lead → –",
            f"Team: {team} → –",
            f"{team}, Leads the team: no → yes",
        ]
    )


def changes_told(page) -> list[tuple[str, str]]:
    """(who, what) of every line, newest first."""
    return [
        (change.who, f"{one.label}: {one.before} → {one.after or '–'}".replace("  → ", " "))
        for change in page.context["changes"]
        for one in change.fields
    ]


def test_the_history_of_a_team_says_who_joined_and_left_also_past_the_services(
    admin_client, team, agent
):
    Membership.objects.filter(team=team).delete()

    told = changes_told(admin_client.get(address("team_history", team.pk)))

    assert ("", f"Member: {agent}") in told
    assert ("", f"Member: {agent} → –") in told
