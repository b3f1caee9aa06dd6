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


def test_with_debug_four_people_can_be_logged_in_as(settings, client):
    settings.DEBUG = True
    said = demo()

    assert DEMO_PASSWORD in said
    assert [one.role for one in demo_logins()] == ["agent", "lead", "analyst", "admin"]
    assert client.login(username="lead@demo.example", password=DEMO_PASSWORD)
    others = User.objects.filter(is_demo=True).exclude(email__in=[d.email for d in demo_logins()])
    assert not any(user.has_usable_password() for user in others)


def test_the_page_to_sign_in_offers_them_in_development_only(settings, client):
    url = reverse("account_login")
    settings.DEBUG = True
    demo()
    assert "agent@demo.example" in client.get(url).content.decode()

    settings.DEBUG = False
    assert "agent@demo.example" not in client.get(url).content.decode()


def test_without_debug_nobody_of_the_demo_can_log_in(client):
    said = demo()

    assert DEMO_PASSWORD not in said
    assert not any(user.has_usable_password() for user in User.objects.filter(is_demo=True))
    assert not client.login(username="admin@demo.example", password=DEMO_PASSWORD)
    assert demo_logins() == []


def test_forced_logins_have_a_password_that_nobody_knows_beforehand(client):
    said = demo(force_logins=True)

    password = said.split()[-1]
    assert password != DEMO_PASSWORD
    assert client.login(username="agent@demo.example", password=password)
    assert demo_logins() == []


def test_if_empty_leaves_an_installation_alone_that_has_feedback():
    FeedbackFactory()

    demo(if_empty=True)

    assert Feedback.objects.count() == 1


def test_if_empty_makes_the_demo_where_there_is_nothing():
    demo(if_empty=True)

    assert Feedback.objects.count() == 200


def test_a_second_demo_is_refused_in_one_sentence(demo_made):
    with pytest.raises(CommandError, match="already"):
        demo()


@pytest.fixture
def demo_made(db):
    return demo()


def test_remove_takes_it_away_and_says_so(demo_made):
    assert "removed" in demo(remove=True)
    assert "no demo" in demo(remove=True)
    assert Feedback.objects.count() == 0


def test_another_seed_tells_another_year():
    demo(seed=3)
    first = set(Feedback.objects.values_list("subject", "received_at"))
    demo(remove=True)
    demo(seed=4)

    assert set(Feedback.objects.values_list("subject", "received_at")) != first
