from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from feedback.enums import DayKind, EscalationKind, Metric, Priority
from feedback.models import BusinessCalendar, CalendarDay, SLAPolicy
from tests.conftest import client_of, member
from tests.feedback.sla.promises import WEDNESDAY, calendar, on_breach, policy, promise
from tests.support.jobs import queued

pytestmark = pytest.mark.django_db
RECOMPUTE = "feedback.tasks.recompute_promises"


@pytest.fixture
def lead_client(team):
    return client_of(member(Role.LEAD, team))


@pytest.fixture
def office():
    return BusinessCalendar.objects.get(code="office")


def page(client, name, *args, **params):
    return client.get(reverse(f"feedback:{name}", args=args), params)


def send(client, name, *args, **data):
    return client.post(reverse(f"feedback:{name}", args=args), data)


def policy_data(**more):
    return {
        "name_zh": "重点客户", "name_en": "Key customers", "code": "key", "is_active": "on",
        "condition": "",
        "calendar": BusinessCalendar.objects.get(code="office").pk,
        "first_response_4": "2", "first_response_3": "4.5", "first_response_business": "on",
        "first_response_warn": "50", "resolution_4": "24", "resolution_3": "40",
        "resolution_business": "on",
    } | more  # fmt: skip


def calendar_data(**more):
    days = {f"day_{number}": "9:00-12:00, 13:30-18:00" for number in range(5)}
    return {
        "name_zh": "客服", "name_en": "Care", "code": "care", "time_zone": "Asia/Shanghai",
    } | days | more  # fmt: skip


# --- who ---------------------------------------------------------------------------------------
def test_agents_have_nothing_to_do_here_and_leads_may_look(agent_client, lead_client, office):
    assert page(agent_client, "service_levels").status_code == 403
    assert page(agent_client, "calendar", office.pk).status_code == 403
    assert page(lead_client, "service_levels").status_code == 200
    assert page(lead_client, "calendar", office.pk).status_code == 200
    assert "/service-levels/" not in page(agent_client, "queue").content.decode()
    assert "/service-levels/" in page(lead_client, "queue").content.decode()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("new_policy", []),
        ("new_calendar", []),
        ("add_day", [1]),
        ("import_days", [1]),
        ("remove_calendar", [1]),
        ("change_policy", [1, "off"]),
        ("change_day", [1, "off"]),
    ],
)
def test_leads_may_not_change_anything(lead_client, name, args):
    assert send(lead_client, name, *args).status_code == 403


@pytest.mark.parametrize("name", ["policy", "edit_policy", "calendar", "edit_calendar"])
def test_what_does_not_exist_is_not_found(admin_client, name):
    assert page(admin_client, name, 999_999).status_code == 404


def test_an_action_nobody_knows_is_not_found(admin_client):
    one = SLAPolicy.objects.get(code="standard")
    assert send(admin_client, "change_policy", one.pk, "explode").status_code == 404


# --- policies ----------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number(admin_client, rows, django_assert_num_queries):
    for _ in range(rows):
        policy(promise(), escalations=[on_breach(EscalationKind.NOTIFY_LEAD)])
    page(admin_client, "service_levels")
    # session, person, permissions, policies with targets and escalations, calendars, windows
    with django_assert_num_queries(9):
        page(admin_client, "service_levels")


def test_a_new_service_level_is_saved_and_what_is_open_reckoned_anew(admin_client):
    response = send(admin_client, "new_policy", **policy_data())
    one = SLAPolicy.objects.get(code="key")

    assert response.url == reverse("feedback:policy", args=[one.pk])
    stored = {(t.priority, t.metric): t for t in one.targets.all()}
    assert set(stored) == {
        (Priority.URGENT, Metric.FIRST_RESPONSE), (Priority.HIGH, Metric.FIRST_RESPONSE),
        (Priority.URGENT, Metric.RESOLUTION), (Priority.HIGH, Metric.RESOLUTION),
    }  # fmt: skip
    half = stored[Priority.HIGH, Metric.FIRST_RESPONSE]
    assert (half.seconds, half.business_time, half.warn_at_pct) == (16200, True, 50)
    assert (RECOMPUTE, {}) in queued()
    assert one.order > SLAPolicy.objects.get(code="standard").order


def test_a_service_level_can_apply_to_some_feedback_only(admin_client):
    send(admin_client, "new_policy", **policy_data(condition="channel = email"))
    one = SLAPolicy.objects.get(code="key")
    assert one.condition == ["is", "channel", "email"]
    assert "Channel is E-mail" in page(admin_client, "policy", one.pk).content.decode()
    assert page(admin_client, "edit_policy", one.pk).status_code == 200


def test_a_condition_that_asks_for_what_is_not_there_is_refused(admin_client):
    for condition in ("moon = 1", "assignee is me", "priority changed"):
        response = send(admin_client, "new_policy", **policy_data(condition=condition))
        assert response.status_code == 422, condition
    assert not SLAPolicy.objects.filter(code="key").exists()


def test_the_list_says_what_is_never_reached(admin_client):
    policy(promise())
    assert "never reached" not in page(admin_client, "service_levels").content.decode()
    send(admin_client, "new_policy", **policy_data())
    assert "never reached" in page(admin_client, "service_levels").content.decode()


def test_its_page_says_when_each_time_would_be_over(admin_client, clock):
    clock.move_to(WEDNESDAY)
    one = policy(promise(hours=8))
    shown = page(admin_client, "policy", one.pk).content.decode()
    assert "2026" in shown
    assert "9:30" in shown  # the next morning, after 7.5 hours today


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            {"first_response_4": "", "first_response_3": "", "resolution_4": "",
             "resolution_3": ""},
            "at least one time",
        ),
        ({"resolution_4": "1"}, "due after the solution"),
        ({"first_response_4": "100", "first_response_business": ""}, "due after the solution"),
        ({"warning_move_team": "on"}, "to which team"),
        ({"first_response_4": "99999"}, "less than or equal"),
        ({"first_response_warn": "100"}, "less than or equal"),
        ({"first_response_4": "0.001"}, "between one minute and one year"),
    ],
)  # fmt: skip
def test_a_service_level_that_makes_no_sense_is_refused_with_the_reason(admin_client, data, why):
    response = send(admin_client, "new_policy", **policy_data(**data))
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not SLAPolicy.objects.filter(code="key").exists()


def test_editing_shows_what_is_stored_and_keeps_what_it_does_not_show(admin_client):
    one = policy(
        promise(hours=0.5),
        escalations=[on_breach(EscalationKind.NOTIFY_LEAD, metric=str(Metric.RESOLUTION))],
    )
    shown = page(admin_client, "edit_policy", one.pk).content.decode()
    assert 'value="0.5"' in shown
    data = policy_data(code=one.code, breach_raise_priority="on")
    assert send(admin_client, "edit_policy", one.pk, **data).status_code == 302
    kinds = set(one.escalations.values_list("metric", "kind"))
    assert kinds == {("", "raise_priority"), ("resolution", "notify_lead")}


def test_the_order_can_be_changed(admin_client):
    first, second = policy(promise()), policy(promise())
    send(admin_client, "change_policy", second.pk, "up")
    order = list(SLAPolicy.objects.in_order().values_list("pk", flat=True))
    assert order.index(second.pk) < order.index(first.pk)


def test_what_was_in_use_is_archived_and_what_was_not_deleted(admin_client):
    from tests.factories import FeedbackFactory

    unused, used = policy(promise()), policy(promise())
    FeedbackFactory()
    send(admin_client, "change_policy", unused.pk, "remove")
    send(admin_client, "change_policy", used.pk, "remove")
    assert not SLAPolicy.objects.filter(pk=unused.pk).exists()
    assert SLAPolicy.objects.get(pk=used.pk).archived_at is not None


# --- calendars ---------------------------------------------------------------------------------
def test_a_calendar_is_made_of_lines_of_hours(admin_client):
    send(admin_client, "new_calendar", **calendar_data(day_5="10:00－12:00".replace("－", "-")))
    one = BusinessCalendar.objects.get(code="care")
    assert one.windows.count() == 11
    assert one.windows.get(weekday=5).starts == 600


# T63
@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({f"day_{n}": "" for n in range(5)}, "No weekday has working hours"),
        ({"day_0": "9-12"}, "Write hours like"),
        ({"day_0": "12:00-09:00"}, "must end after they begin"),
        ({"day_0": "09:00-12:00, 11:00-13:00"}, "overlap"),
        ({"day_0": "09:00-25:00"}, "must end after they begin"),
        ({"time_zone": "Mars/Olympus"}, "no time zone of that name"),
    ],
)
def test_a_calendar_that_cannot_work_is_refused_with_the_reason(admin_client, data, why):
    response = send(admin_client, "new_calendar", **calendar_data(**data))
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not BusinessCalendar.objects.filter(code="care").exists()


def test_there_is_always_one_default_calendar(admin_client, office):
    send(admin_client, "new_calendar", **calendar_data(is_default="on"))
    assert [one.code for one in BusinessCalendar.objects.filter(is_default=True)] == ["care"]
    new = BusinessCalendar.objects.get(code="care")
    assert send(admin_client, "edit_calendar", new.pk, **calendar_data()).status_code == 422
    send(admin_client, "remove_calendar", new.pk)
    assert BusinessCalendar.objects.filter(pk=new.pk, archived_at=None).exists()


def test_a_calendar_by_which_something_is_promised_is_not_removed(admin_client):
    one = policy(promise()).calendar
    send(admin_client, "remove_calendar", one.pk)
    assert BusinessCalendar.objects.get(pk=one.pk).archived_at is None


def test_the_page_reckons_when_a_message_would_be_due(admin_client, office):
    asked = {"at": "2026-11-20T17:00", "hours": "2"}
    shown = page(admin_client, "calendar", office.pk, **asked).content.decode()
    assert "2026-11-23 10:00" in shown


@pytest.mark.parametrize("asked", [{"at": "never", "hours": "2"}, {"at": "", "hours": "-1"}])
def test_a_question_that_makes_no_sense_is_answered_with_the_reason(admin_client, office, asked):
    assert page(admin_client, "calendar", office.pk, **asked).status_code == 422


def test_the_holidays_of_2026_come_with_one_press_and_only_once(admin_client, office):
    for _ in range(2):
        assert send(admin_client, "import_days", office.pk, year="2026").status_code == 302
    days = CalendarDay.objects.filter(calendar=office)
    assert days.filter(kind=DayKind.HOLIDAY).count() == 33
    assert days.filter(kind=DayKind.WORKDAY).count() == 6

    for at, due in (("09-30T17:00", "10-08 10:00"), ("10-09T17:00", "10-10 10:00")):
        asked = {"at": f"2026-{at}", "hours": "2"}
        shown = page(admin_client, "calendar", office.pk, **asked).content.decode()
        assert f"2026-{due}" in shown


def test_what_a_person_switched_off_or_entered_survives_the_next_import(admin_client, office):
    send(admin_client, "import_days", office.pk, year="2026")
    off = office.days.get(date=date(2026, 9, 25))
    send(admin_client, "change_day", off.pk, "remove")
    send(admin_client, "add_day", office.pk, date="2026-10-01", kind="custom", spans="09:00-10:00")
    send(admin_client, "import_days", office.pk, year="2026")

    assert office.days.get(date=date(2026, 9, 25)).is_active is False
    assert office.days.get(date=date(2026, 10, 1)).kind == DayKind.CUSTOM


def ics(*days):
    events = [
        f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:Holiday\r\nEND:VEVENT"
        for day in days
    ]
    text = "\r\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR", ""])
    return SimpleUploadedFile("works.ics", text.encode(), "text/calendar")


def test_a_newer_file_replaces_what_the_same_file_brought(admin_client, office):
    send(admin_client, "import_days", office.pk, file=ics("20261224", "20261225"))
    send(admin_client, "import_days", office.pk, file=ics("20261225", "20261226"))
    assert [f"{one.date:%d}" for one in office.days.order_by("date")] == ["25", "26"]


def test_a_file_that_cannot_be_read_leaves_the_days_as_they_are(admin_client, office):
    send(admin_client, "import_days", office.pk, file=ics("20261225"))
    broken = SimpleUploadedFile("works.ics", b"<html>404</html>", "text/calendar")
    response = send(admin_client, "import_days", office.pk, file=broken)

    assert response.status_code == 422
    assert "not an iCalendar file" in response.content.decode()
    assert office.days.count() == 1


def test_a_half_day_needs_its_hours(admin_client, office):
    data = {"date": "2026-02-13", "kind": "custom", "spans": ""}
    response = send(admin_client, "add_day", office.pk, **data)
    assert response.status_code == 422
    assert "which hours are worked" in response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(admin_client, office, language):
    one = policy(promise(), calendar=calendar())
    admin_client.cookies.load({"language": language})
    for name, args in (
        ("service_levels", []),
        ("policy", [one.pk]),
        ("edit_policy", [one.pk]),
        ("new_policy", []),
        ("calendar", [office.pk]),
        ("edit_calendar", [office.pk]),
        ("new_calendar", []),
    ):
        assert page(admin_client, name, *args).status_code == 200
