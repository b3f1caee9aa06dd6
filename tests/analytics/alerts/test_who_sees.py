import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organisation
from analytics.enums import AlertKind
from analytics.models import Alert, AlertRule, Problem
from analytics.services.alerts import link_to_problem
from analytics.services.problems import make_problem
from tests.analytics.alerts.conftest import raised
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db


def person(team, *permissions):
    """Somebody of a team with these permissions and no others."""
    one = UserFactory(team=team)
    for name in permissions:
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        one.user_permissions.add(found)
    return one


def test_a_problem_is_made_of_an_alert_by_who_may_see_alerts(team):
    alert = raised(team, team=team)
    source = f"{reverse('analytics:new_problem')}?from=alert&list={alert.pk}"
    may = ["feedback.view_feedback", "analytics.view_problem", "analytics.add_problem",
           "analytics.change_problem", "analytics.add_problemevidence"]  # fmt: skip
    blind, seeing = person(team, *may), person(team, *may, "analytics.view_alert")

    assert client_of(blind).post(source, {"title": "漏水"}).status_code == 400
    assert not Problem.objects.exists()

    made = client_of(seeing).post(source, {"title": "漏水", "team": team.pk})
    assert made.status_code == 302
    alert.refresh_from_db()
    assert alert.problem == Problem.objects.get()
    assert alert.acknowledged_at is None  # that is for who may change alerts


def test_the_problem_of_an_alert_stays_the_first_one(team, lead):
    alert = raised(team, team=team)
    first, second = (make_problem(by=lead, title=title, team=team) for title in ("A", "B"))
    link_to_problem(alert.pk, first, by=lead)
    link_to_problem(alert.pk, second, by=lead)

    alert.refresh_from_db()
    assert (alert.problem, alert.acknowledged_by) == (first, lead)


def test_programs_learn_of_customers_only_with_the_scope_for_customers(lead, team):
    about = raised(team, kind=AlertKind.CUSTOMER, count=2, customer=CustomerFactory())
    tier = raised(team, team=team, each="tier", series="vip")
    plain = raised(team, team=team, moved=[{"by": "tier", "value": "vip"}, {"by": "channel"}])
    few, all_of_it = (
        ApiClient(lead, ["feedback:read", *more]) for more in ([], ["customers:read"])
    )

    def ids(api):
        return {one["id"] for one in api.get("alerts/").json()}

    assert ids(few) == {plain.pk}
    assert ids(all_of_it) == {about.pk, tier.pk, plain.pk}
    assert few.get(f"alerts/{about.pk}/").status_code == 404
    assert [one["by"] for one in few.get(f"alerts/{plain.pk}/").json()["moved"]] == ["channel"]
    assert len(all_of_it.get(f"alerts/{plain.pk}/").json()["moved"]) == 2
    assert all_of_it.get(f"alerts/{about.pk}/").json()["value"] == 2


def test_an_alert_about_a_customer_is_there_for_who_sees_what_they_said(team):
    """Also for somebody who sees every team."""
    shown = raised(team, kind=AlertKind.CUSTOMER, customer=CustomerFactory())
    bare = raised(team, kind=AlertKind.CUSTOMER, count=0, customer=CustomerFactory(), series="2")

    seen = Alert.objects.visible_to(member(Role.ADMIN, team))

    assert shown in seen
    assert bare not in seen


def test_rules_name_organisations_only_to_who_may_see_customers(lead, team):
    acme = Organisation.objects.create(name="Acme")
    narrowed = {"filters": {"organisation": [str(acme.pk)]}, "team": team.pk}
    few, all_of_it = (
        ApiClient(lead, ["feedback:read", "feedback:write", *more])
        for more in ([], ["customers:read"])
    )

    made = all_of_it.post("alert-rules/", {"kind": "customer", **narrowed})
    assert made.status_code == 201
    rule = AlertRule.objects.get(pk=made.json()["id"])

    assert few.get("alert-rules/").json() == []
    assert few.get(f"alert-rules/{rule.pk}/").status_code == 404
    assert few.patch(f"alert-rules/{rule.pk}/", {"name": "x"}).status_code == 404
    assert few.post("alert-rules/", {"kind": "customer", **narrowed}).status_code == 400
    assert [one["id"] for one in all_of_it.get("alert-rules/").json()] == [rule.pk]


def test_the_page_of_an_alert_names_its_customer_to_who_may_see_customers(team):
    acme, customer = (
        Organisation.objects.create(name="Acme"),
        CustomerFactory(name="Philippa Ashdown"),
    )
    alert = raised(team, kind=AlertKind.CUSTOMER, customer=customer)
    AlertRule.objects.filter(pk=alert.rule_id).update(filters={"organisation": [str(acme.pk)]})
    may = ["feedback.view_feedback", "analytics.view_alert"]
    blind, seeing = person(team, *may), person(team, *may, "accounts.view_customer")

    def named(one):
        page = client_of(one).get(alert.get_absolute_url()).content.decode()
        assert "A key customer is unhappy" in page
        return {name for name in ("Ashdown", "Acme") if name in page}

    assert named(seeing) == {"Ashdown", "Acme"}
    assert named(blind) == set()


def test_a_figure_of_an_organisation_is_told_only_to_who_may_see_customers(team):
    acme = Organisation.objects.create(name="Acme")
    alert = raised(team, team=team, filters={"organisation": [str(acme.pk)]})
    may = ["feedback.view_feedback", "analytics.view_alert"]
    blind, seeing = person(team, *may), person(team, *may, "accounts.view_customer")

    assert list(Alert.objects.visible_to(seeing)) == [alert]
    assert not Alert.objects.visible_to(blind).exists()
