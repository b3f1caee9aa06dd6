"""Sign in, second factor, password, sessions: every page of allauth looks like ours and works."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

PASSWORD = "a-long-good-password"


@pytest.fixture
def person(db):
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, person, **extra):
    form = {"login": person.email, "password": PASSWORD, "next": "/account/profile/", **extra}
    return client.post(reverse("account_login"), form)


@pytest.mark.django_db
def test_the_sign_in_page_says_what_this_is_and_offers_no_sign_up(client):
    page = client.get(reverse("account_login")).content.decode()

    assert "Everything customers tell you" in page
    assert reverse("account_signup") not in page
    assert reverse("account_reset_password") in page


def test_people_sign_in_by_mail_address(client, person):
    response = sign_in(client, person)

    assert response.url == "/account/profile/"
    assert person.name in client.get("/account/profile/").content.decode()


def test_a_wrong_password_is_said_without_telling_who_exists(client, person):
    page = sign_in(client, person, password="wrong").content.decode()

    assert "error-summary" in page
    assert person.email in page


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "usersessions_list",
        "account_email",
    ],
)
def test_pages_about_oneself_wear_the_shell(client, person, name):
    sign_in(client, person)

    response = client.get(reverse(name))

    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="main"' in page
    assert "css/tokens" in page


@pytest.mark.parametrize(
    "name", ["account_reset_password", "account_reset_password_done", "account_signup"]
)
@pytest.mark.django_db
def test_doors_wear_the_entrance(client, name):
    page = client.get(reverse(name)).content.decode()

    assert "entrance-card" in page


def test_a_second_factor_can_be_set_up_and_is_then_asked_for(client, person):
    EmailAddress.objects.create(user=person, email=person.email, verified=False)
    sign_in(client, person)
    asked = client.get(reverse("mfa_activate_totp"))
    assert "entrance-card" in client.get(asked.url).content.decode()
    client.post(asked.url, {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()

    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    done = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert done.url == reverse("mfa_view_recovery_codes")
    assert "panel" in client.get(done.url).content.decode()

    client.post(reverse("account_logout"))
    response = sign_in(client, person)
    assert response.url.startswith(reverse("mfa_authenticate"))
    assert "entrance-card" in client.get(response.url).content.decode()


def test_other_sessions_can_be_ended(client, person):
    other = Client(headers={"user-agent": "Firefox at home"})
    sign_in(other, person)
    sign_in(client, person)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "this one" in page
    assert "Firefox at home" in page

    client.post(reverse("usersessions_list"))

    assert client.get("/account/profile/").status_code == 200
    assert other.get("/account/profile/").status_code == 302
