import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from accounts.rules.demo_logins import DEMO_PASSWORD
from accounts.selectors.demo_logins import demo_logins
from feedback.models import Feedback
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db


def demo(**options) -> str:
    out = io.StringIO()
    call_command("demo", small=True, stdout=out, **options)
    return out.getvalue()


def test_with_debug_four_people_can_be_logged_in_as_and_the_page_to_sign_in_offers_them(
    settings, client
):
    url = reverse("account_login")
    settings.DEBUG = True
    said = demo()

    assert DEMO_PASSWORD in said
    assert [one.role for one in demo_logins()] == ["agent", "lead", "analyst", "admin"]
    assert client.login(username="lead@demo.example", password=DEMO_PASSWORD)
    others = User.objects.filter(is_demo=True).exclude(email__in=[d.email for d in demo_logins()])
    assert not any(user.has_usable_password() for user in others)

    client.logout()
    assert "agent@demo.example" in client.get(url).content.decode()
    settings.DEBUG = False
    assert "agent@demo.example" not in client.get(url).content.decode()

    with pytest.raises(CommandError, match="already"):
        demo()


def test_if_empty_leaves_an_installation_alone_that_has_feedback():
    FeedbackFactory()

    demo(if_empty=True)

    assert Feedback.objects.count() == 1


def test_where_there_is_nothing_it_is_made_and_without_debug_nobody_of_it_can_log_in(client):
    said = demo(if_empty=True, seed=3)

    assert Feedback.objects.count() == 202  # with two suggestions of staff
    assert DEMO_PASSWORD not in said
    assert not any(user.has_usable_password() for user in User.objects.filter(is_demo=True))
    assert not client.login(username="admin@demo.example", password=DEMO_PASSWORD)
    assert demo_logins() == []

    first = set(Feedback.objects.values_list("subject", "received_at"))
    assert "removed" in demo(remove=True)
    assert "no demo" in demo(remove=True)
    assert Feedback.objects.count() == 0

    # Another seed tells another year; forced logins have a password nobody knows beforehand.
    said = demo(seed=4, force_logins=True)
    assert set(Feedback.objects.values_list("subject", "received_at")) != first
    password = said.split()[-1]
    assert password != DEMO_PASSWORD
    assert client.login(username="agent@demo.example", password=password)
    assert demo_logins() == []
