"""The ways a survey reaches people, as staff set them up."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.enums import Role
from surveys.enums import CollectorChannel
from surveys.models import Collector
from surveys.services.answering import submit_response
from tests.conftest import client_of, member
from tests.factories.surveys import call_back_survey, follow_up, make_survey, open_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


def form_of(**changes):
    usual = {
        "name": "柜台", "channel": "qr", "language": "", "opens_at": "", "closes_at": "",
        "response_limit": "", "duplicates": "none", "quiet_days": "0", "same_survey_days": "0",
        "valid_days": "30", "is_active": "on", "delay_hours": "",
    }  # fmt: skip
    return usual | changes


def test_a_way_is_added_and_answered_by(analyst, client):
    survey, staff = make_survey(), client_of(analyst)
    url = f"/surveys/{survey.slug}/ways/"
    assert "Nobody can answer yet" in staff.get(url).content.decode()

    staff.post(f"{url}new/", form_of())

    link = re.search(r'value="([^"]+/a/c/[^"]+)"', staff.get(url).content.decode()).group(1)
    assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200


def test_the_code_is_a_picture_of_the_link(analyst):
    link = open_link(channel=CollectorChannel.QR)
    staff, url = client_of(analyst), f"/surveys/{link.survey.slug}/ways/{link.pk}/"

    svg, png = staff.get(f"{url}qr.svg"), staff.get(f"{url}qr.png?download")

    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert svg.content.lstrip().startswith((b"<?xml", b"<svg"))
    assert png.content.startswith(b"\x89PNG")
    assert "attachment" in png.headers["Content-Disposition"]
    assert staff.get(f"{url}qr.gif").status_code == 404
    assert f"/a/c/{link.token}/" in staff.get(f"{url}sheet/").content.decode()


def test_a_way_that_has_no_open_link_has_no_code(analyst):
    one = follow_up()

    answer = client_of(analyst).get(f"/surveys/{one.survey.slug}/ways/{one.pk}/qr.svg")

    assert answer.status_code == 404


def test_what_cannot_be_is_refused_and_what_was_typed_stays(analyst):
    survey = make_survey()
    refused = client_of(analyst).post(
        f"/surveys/{survey.slug}/ways/new/",
        form_of(name="门店海报", opens_at="2026-12-02T08:00", closes_at="2026-12-01T08:00"),
    )

    assert refused.status_code == 422
    assert "It must close after it opens." in refused.content.decode()
    assert "门店海报" in refused.content.decode()


def test_the_channel_of_a_way_stays_and_its_delay_changes(analyst):
    one = follow_up()
    client_of(analyst).post(
        f"/surveys/{one.survey.slug}/ways/{one.pk}/",
        form_of(name="Later", channel="link", delay_hours="48"),
    )

    one.refresh_from_db()
    assert (one.name, one.channel) == ("Later", CollectorChannel.FOLLOW_UP)
    assert one.delay == timedelta(hours=48)


def test_a_delay_that_nobody_touched_keeps_its_minutes(analyst):
    one = follow_up()
    Collector.objects.filter(pk=one.pk).update(delay=timedelta(minutes=90))
    page = client_of(analyst)
    page.post(f"/surveys/{one.survey.slug}/ways/{one.pk}/", form_of(name="Same", delay_hours="2"))

    one.refresh_from_db()
    assert one.delay == timedelta(minutes=90)


def test_a_way_that_people_came_by_is_switched_off_instead_of_removed(analyst):
    unused, used = open_link(), open_link()
    submit_response(used.pk, answers={"overall": 4}, language="en", idempotency_key="one")
    staff = client_of(analyst)

    for one in (unused, used):
        staff.post(f"/surveys/{one.survey.slug}/ways/{one.pk}/remove/")

    used.refresh_from_db()
    assert not Collector.objects.filter(pk=unused.pk).exists()
    assert not used.is_active


def test_the_list_asks_as_much_for_five_ways_as_for_one(analyst, django_assert_num_queries):
    survey, staff = make_survey(), client_of(analyst)
    url = f"/surveys/{survey.slug}/ways/"
    open_link(survey, closes_at=timezone.now())
    staff.get(url)
    with django_assert_num_queries(7):
        staff.get(url)
    for _one in range(4):
        open_link(survey)
    with django_assert_num_queries(7):
        staff.get(url)


def test_leads_look_at_results_and_not_at_ways(team):
    survey = call_back_survey()
    client = client_of(member(Role.LEAD, team))

    assert client.get(f"/surveys/{survey.slug}/", follow=True).status_code == 200
    assert client.get(f"/surveys/{survey.slug}/ways/").status_code == 403


def test_a_survey_for_other_sites_needs_them_and_gives_what_to_paste(analyst):
    survey, staff = make_survey(), client_of(analyst)
    url = f"/surveys/{survey.slug}/ways/"
    refused = staff.post(f"{url}new/", form_of(channel="popup", sites=""))
    assert "Name at least one site" in refused.content.decode()
    wrong = staff.post(f"{url}new/", form_of(channel="popup", sites="https://a.example/page"))
    assert "is not the address of a site" in wrong.content.decode()

    staff.post(f"{url}new/", form_of(channel="popup", sites="https://Shop.example/\n"))

    assert Collector.objects.get(survey=survey).origins == ["https://shop.example"]
    page = staff.get(url).content.decode()
    assert "/a/embed.js&quot; data-survey=" in page
    assert f"allow {settings.SITE_URL} in script-src" in page
    assert "data-delay=&quot;10&quot; data-percent=&quot;100&quot;" in page
