"""Writing to us without login, script or cookie."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingMessage
from feedback.enums import State
from feedback.forms import public
from feedback.models import Category, Feedback
from tests.factories import CustomerFactory, ProductFactory

pytestmark = pytest.mark.django_db
URL = "/write/"


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def stamp(clock):
    """A form opened a minute ago."""
    made = public.new_stamp()
    clock.shift(timedelta(minutes=1))
    return made


def filled(stamp, **changes):
    return {
        "stamp": stamp,
        "category": Category.objects.get(code="product").pk,
        "text": "换了滤芯以后一直漏水。",
        "order_number": "20261103-17",
        "name": "韩梅梅",
        "email": "han@example.org",
        "website": "",
        **changes,
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_form_opens_in_both_languages(visitor, language):
    response = visitor.get(URL, headers={"Accept-Language": language})

    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()


def test_what_is_sent_becomes_a_record_and_leads_to_a_page_of_thanks(visitor, stamp):
    response = visitor.post(URL, filled(stamp), headers={"Accept-Language": "zh"}, follow=True)

    feedback = Feedback.objects.get()
    assert feedback.customer.name == "韩梅梅"
    assert feedback.language == "zh-hans"
    assert feedback.category.code == "product"
    assert feedback.order_number == "20261103-17"
    assert f"#{feedback.number}" in response.content.decode()
    assert OutgoingMessage.objects.get().to_address == "han@example.org"


def test_what_is_sent_costs_few_statements(visitor, stamp, clock):
    visitor.post(URL, filled(stamp))  # what is kept in memory was read
    filled_in = filled(public.new_stamp(), category="", email="li@example.org")
    clock.shift(timedelta(minutes=1))
    with CaptureQueriesContext(connection) as captured:
        assert visitor.post(URL, filled_in).status_code == 302

    # Tests run inside a transaction: savepoints stand where else there are none.
    # What custom fields there are is asked once a second, whatever comes in.
    left_out = ("SAVEPOINT", "accounts_customfield")
    asked = [one["sql"] for one in captured if not any(word in one["sql"] for word in left_out)]
    # One of them says whether any of the settings changed: statuses, policies, mailboxes …
    assert len(asked) == 19, [one[:90] for one in asked]


def test_sending_the_form_twice_makes_one_record(visitor, stamp):
    visitor.post(URL, filled(stamp))
    visitor.post(URL, filled(stamp))

    assert Feedback.objects.count() == 1
    assert OutgoingMessage.objects.count() == 1


def test_a_mistake_is_named_and_nothing_typed_is_lost(visitor, stamp):
    response = visitor.post(URL, filled(stamp, email="not an address"))

    page = response.content.decode()
    assert response.status_code == 422
    assert "换了滤芯以后一直漏水。" in page
    assert "20261103-17" in page
    assert "error-summary" in page
    assert Feedback.objects.count() == 0


def test_a_page_that_was_open_for_weeks_asks_to_send_again_and_then_works(visitor, stamp, clock):
    clock.shift(timedelta(days=30))
    refused = visitor.post(URL, filled(stamp))
    fresh = re.search(r'name="stamp" value="([^"]+)"', refused.content.decode()).group(1)
    clock.shift(timedelta(minutes=1))

    visitor.post(URL, filled(fresh))

    assert refused.status_code == 422
    assert "换了滤芯以后一直漏水。" in refused.content.decode()
    assert Feedback.objects.count() == 1


def test_a_form_sent_in_no_time_is_shown_again(visitor):
    response = visitor.post(URL, filled(public.new_stamp()))

    assert response.status_code == 422
    assert Feedback.objects.count() == 0


def test_whoever_has_something_else_to_correct_is_not_called_quick(visitor):
    url = f"{URL}?lang=en"
    page = visitor.post(url, filled(public.new_stamp(), email="")).content.decode()

    assert "We need an address" in page
    assert "very quick" not in page


def test_a_program_that_fills_in_everything_is_kept_as_spam_and_gets_no_mail(visitor, stamp):
    response = visitor.post(URL, filled(stamp, website="https://spam.example"))

    feedback = Feedback.objects.get()
    assert response.status_code == 302
    assert feedback.state == State.SPAM
    assert feedback.waiting_since is None
    assert OutgoingMessage.objects.count() == 0


def test_a_flood_is_slowed_down_and_the_text_stays(visitor, clock, monkeypatch):
    monkeypatch.setattr("feedback.views.public_form.PER_ADDRESS_AND_HOUR", 2)
    for _ in range(2):
        made = public.new_stamp()
        clock.shift(timedelta(seconds=10))
        visitor.post(URL, filled(made))
    made = public.new_stamp()
    clock.shift(timedelta(seconds=10))

    response = visitor.post(URL, filled(made))

    assert response.status_code == 429
    assert "换了滤芯以后一直漏水。" in response.content.decode()
    assert Feedback.objects.count() == 2


def test_the_same_form_sent_again_does_not_count_against_the_limit(visitor, stamp, monkeypatch):
    monkeypatch.setattr("feedback.views.public_form.PER_VISITOR_AND_HOUR", 1)
    cache.clear()

    answers = [visitor.post(URL, filled(stamp)) for _ in range(3)]

    thanks = f"/write/thanks/{Feedback.objects.get().status_token}/"
    assert [(one.status_code, one.url) for one in answers] == [(302, thanks)] * 3


def test_files_come_along_and_are_stored_by_what_they_are(visitor, stamp):
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 64
    files = [
        SimpleUploadedFile("漏水.png", png),
        SimpleUploadedFile("../../evil.html", b"<script>alert(1)</script>"),
    ]

    visitor.post(URL, filled(stamp) | {"files": files})

    picture, page = Feedback.objects.get().messages.get().attachments.all()
    assert (picture.name, picture.content_type) == ("漏水.png", "image/png")
    assert "/" not in page.name
    assert page.content_type == ""


def test_what_somebody_types_as_a_name_does_not_rename_a_customer(visitor, stamp):
    customer = CustomerFactory(name="韩梅梅", email="han@example.org")

    visitor.post(URL, filled(stamp, name="Mallory"))

    customer.refresh_from_db()
    assert customer.name == "韩梅梅"
    assert Feedback.objects.get().customer == customer


def test_a_product_can_be_chosen_where_there_are_products(visitor, stamp):
    product = ProductFactory()

    visitor.post(URL, filled(stamp, product=product.pk))

    assert Feedback.objects.get().product == product


def test_an_archived_category_cannot_be_chosen(visitor, stamp):
    category = Category.objects.get(code="service")
    Category.objects.filter(pk=category.pk).update(archived_at=timezone.now())

    response = visitor.post(URL, filled(stamp, category=category.pk))

    assert response.status_code == 422


def test_the_form_weighs_little_and_needs_no_script(visitor):
    page = visitor.get(URL).content.decode()

    assert "<script" not in page
    assert len(page) < 20_000


def test_a_page_of_thanks_needs_a_true_token(visitor):
    assert visitor.get(reverse("feedback:thanks", args=["1001-" + "0" * 20])).status_code == 404
