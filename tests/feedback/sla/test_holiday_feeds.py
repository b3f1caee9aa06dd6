"""Special days that are fetched from an address, and years that nobody has entered yet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role, Scope
from accounts.models import OutgoingMessage
from feedback import tasks
from feedback.channels.holidays import refresh_feed
from feedback.enums import DayKind
from feedback.models import BusinessCalendar, HolidayFeed
from feedback.selectors.holidays import feeds_of
from feedback.services.calendars import import_chinese_holidays, set_special_day
from feedback.services.holiday_feeds import add_feed, remove_feed
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.feedback.sla.promises import WEDNESDAY
from tests.support.jobs import queued, run_queued_jobs
from tests.support.receiver import receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday(clock):
    clock.move_to(WEDNESDAY)


@pytest.fixture
def office():
    return BusinessCalendar.objects.get(code="office")


@pytest.fixture
def machine(settings):
    with receiver() as here:
        settings.FETCH_INTERNAL_HOSTS = [here.host]
        publish(here, "20261225")
        yield here


def publish(machine, *days):
    events = [
        f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:Off\r\nEND:VEVENT" for day in days
    ]
    text = "\r\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR", ""])
    machine.status, machine.body = 200, text.encode()


def days_of(calendar):
    return [f"{one.date:%m-%d}" for one in calendar.days.order_by("date")]


def page_of(client, calendar):
    return client.get(reverse("feedback:calendar", args=[calendar.pk])).content.decode()


def test_events_of_some_hours_are_told_of_and_are_no_holidays(machine, office, admin_client):
    party = b"BEGIN:VEVENT\r\nDTSTART:20261224T090000\r\nSUMMARY:Party\r\nEND:VEVENT\r\n"
    machine.body = machine.body.replace(b"END:VCALENDAR", party + b"END:VCALENDAR")
    add_feed(office, url=machine.url())
    run_queued_jobs()

    assert days_of(office) == ["12-25"]
    assert "1 event was left out: it has a time of the day" in page_of(admin_client, office)


# T64
def test_a_feed_that_fails_says_why_and_the_days_stay(machine, office, admin_client, clock):
    feed = add_feed(office, url=machine.url("/holidays.ics"))
    run_queued_jobs()
    assert days_of(office) == ["12-25"]

    clock.shift(timedelta(days=1))
    machine.body = b"<html>We moved</html>"
    tasks.refresh_holidays()
    run_queued_jobs()
    page = page_of(admin_client, office)
    assert "not an iCalendar file" in page
    assert "failing since" in page
    machine.status = 503
    clock.shift(timedelta(hours=4))  # it is tried again before the day is over
    refresh_feed(feed.pk)

    assert "answered with 503" in page_of(admin_client, office)
    assert days_of(office) == ["12-25"]
    publish(machine, "20261225", "20261226")
    clock.shift(timedelta(hours=4))
    refresh_feed(feed.pk)
    assert days_of(office) == ["12-25", "12-26"]
    assert [one.problem for one in feeds_of(office, whole=True)] == [""]


def test_it_is_fetched_once_a_day_and_by_one_worker(machine, office, clock):
    feed = add_feed(office, url=machine.url())

    assert [refresh_feed(feed.pk), refresh_feed(feed.pk)] == [True, False]
    clock.shift(timedelta(hours=23))
    assert not refresh_feed(feed.pk)
    clock.shift(timedelta(hours=2))
    recomputes = len(queued())
    assert refresh_feed(feed.pk)
    assert len(queued()) == recomputes  # nothing is reckoned anew for the same days


def test_what_a_person_said_and_what_has_passed_stays(machine, office, clock):
    publish(machine, "20261001", "20261225", "20261226")
    feed = add_feed(office, url=machine.url())
    set_special_day(office, date=date(2026, 12, 25), kind=DayKind.WORKDAY)
    refresh_feed(feed.pk)
    publish(machine, "20261225", "20270101")
    clock.shift(timedelta(days=1, hours=1))
    refresh_feed(feed.pk)

    assert days_of(office) == ["10-01", "12-25", "01-01"]  # the 26th is gone, October stays
    assert office.days.get(date=date(2026, 12, 25)).kind == DayKind.WORKDAY
    remove_feed(feed)
    assert days_of(office) == ["10-01", "12-25"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.org/a.ics", "Only addresses with https"),
        ("https://127.0.0.1/a.ics", "leads into an internal network"),
        ("a b", "no web address"),
    ],
)
def test_an_address_that_is_not_asked_is_refused_with_what_was_typed(
    admin_client, office, url, words
):
    response = admin_client.post(reverse("feedback:add_feed", args=[office.pk]), {"url": url})

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'value="{url}"' in page
    assert not HolidayFeed.objects.exists()


def test_an_address_is_added_once_and_shown_whole_to_those_who_may_change_it(
    admin_client, office, team
):
    url = reverse("feedback:add_feed", args=[office.pk])
    assert admin_client.post(url, {"url": "webcal://cal.example/key-4711.ics"}).status_code == 302
    assert admin_client.post(url, {"url": "https://cal.example/key-4711.ics"}).status_code == 422

    assert "https://cal.example/key-4711.ics" in page_of(admin_client, office)
    lead = client_of(member(Role.LEAD, team))
    seen = page_of(lead, office)
    assert "cal.example" in seen
    assert "4711" not in seen
    feed = HolidayFeed.objects.get()
    for what in ("fetch", "remove"):
        change = reverse("feedback:change_feed", args=[feed.pk, what])
        assert lead.post(change).status_code == 403
        assert admin_client.post(change).status_code == 302
    assert not HolidayFeed.objects.exists()


def test_a_year_without_holidays_is_named_in_november_and_mailed_once_in_december(
    admin_client, admin, office, clock
):
    import_chinese_holidays(office, 2026)
    assert "There are no holidays for 2027 yet" in page_of(admin_client, office)
    levels = admin_client.get(reverse("feedback:service_levels")).content.decode()
    assert levels.count("no holidays for 2027") == 1  # round the clock needs none
    tasks.refresh_holidays()
    assert not OutgoingMessage.objects.exists()

    for day in (1, 2):
        clock.move_to(datetime(2026, 12, day, 2, tzinfo=UTC))
        tasks.refresh_holidays()

    mail = OutgoingMessage.objects.get()
    assert (mail.to_address, "2027" in mail.subject) == (admin.email, True)
    set_special_day(office, date=date(2027, 1, 1), kind=DayKind.HOLIDAY)
    assert "There are no holidays for" not in page_of(admin_client, office)


def test_admins_are_told_of_a_feed_that_fails_for_days_once(machine, office, admin, clock):
    machine.status = 404
    feed = add_feed(office, url=machine.url())
    for _hours in range(5):
        refresh_feed(feed.pk)
        tasks.refresh_holidays()
        clock.shift(timedelta(days=1))

    mail = OutgoingMessage.objects.get()
    assert mail.to_address == admin.email
    assert "answered with 404" in mail.body_text


def test_a_program_adds_reads_and_removes_feeds(admin, office, team):
    program = ApiClient(admin, Scope.values)

    def add(url):
        return program.post("holiday-feeds/", {"calendar": "office", "url": url})

    made = add("https://cal.example/a.ics")
    assert (made.status_code, made.json()["problem"]) == (201, "")
    assert add("https://cal.example/a.ics").json()["code"] == "feed_refused"
    refused = add("ftp://cal.example/a.ics")
    assert (refused.status_code, refused.json()["code"]) == (409, "fetch_failed")
    lead = ApiClient(member(Role.LEAD, team), Scope.values)
    assert lead.get("holiday-feeds/").status_code == 403

    one = f"holiday-feeds/{made.json()['id']}/"
    assert program.post(f"{one}fetch/", {}).status_code == 202
    assert program.send("DELETE", one, "").status_code == 204
    assert not HolidayFeed.objects.exists()


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_of_feeds_costs_the_same_for_any_number(
    admin_client, office, rows, django_assert_num_queries
):
    for number in range(rows):
        add_feed(office, url=f"https://cal.example/{number}.ics")
    admin_client.get("/api/v1/holiday-feeds/")
    with django_assert_num_queries(4):
        assert len(admin_client.get("/api/v1/holiday-feeds/").json()["results"]) == rows
