"""Events: places are never given twice, who waits moves up, and everybody hears of it once."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import OutgoingKind, Role
from accounts.models import Customer, OutgoingMessage, WebhookDelivery
from accounts.services.webhook_events import make_due_deliveries
from accounts.services.webhooks import create_webhook
from config.kernel.admin.history import changes_of
from surveys.enums import BookedBy, BookingState, GatheringState
from surveys.errors import CapacityTooSmall, GatheringFull
from surveys.forms.sheet import Stamp
from surveys.models import Booking, Gathering, GatheringNote, Invitation
from surveys.rules.calendar_file import CalendarEntry, calendar_file
from surveys.rules.moments import span_in
from surveys.rules.reminding import due_reminders, name_of
from surveys.services.booking import book, cancel_booking, tick_attendance
from surveys.services.gathering_notes import make_feedback_of, take_note
from surveys.services.gatherings import call_off_gathering, publish_gathering, save_gathering
from surveys.tasks import tend_gatherings
from tests.conftest import client_of, member
from tests.factories import TeamFactory, UserFactory
from tests.factories.surveys import make_gathering, make_survey, sign_up
from tests.support.jobs import run_queued_jobs
from tests.surveys.test_answering import in_parallel

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


def mails(address=""):
    """Subjects of what participants were written, oldest first."""
    run_queued_jobs()
    rows = OutgoingMessage.objects.filter(kind=OutgoingKind.EVENT).order_by("pk")
    rows = rows.filter(to_address=address) if address else rows
    return list(rows.values_list("subject", flat=True))


def filled(**changes):
    """What the sign-up page sends, a while after it was served."""
    stamp = Stamp(version=0, nonce="n", served_at=timezone.now() - timedelta(minutes=1))
    return {
        "name": "Li Na", "address": "li@example.org", "remark": "", "stamp": str(stamp)
    } | changes  # fmt: skip


def page_of(gathering):
    return reverse("surveys:sign_up", args=[gathering.slug])


# --- places --------------------------------------------------------------------------------------


def test_whoever_comes_after_the_last_place_waits_and_moves_up():
    gathering = make_gathering(capacity=1)
    first, second = sign_up(gathering, "Ann"), sign_up(gathering, "Bob")
    assert (first.state, second.state) == (BookingState.BOOKED, BookingState.WAITING)

    run_queued_jobs()
    cancel_booking(first.pk)

    second.refresh_from_db()
    assert second.state == BookingState.BOOKED
    assert mails("bob@example.org") == [
        "You are on the waiting list: Filter class",
        "A place has become free for you: Filter class",
    ]


def test_who_waits_is_not_overtaken_when_it_is_published():
    gathering = make_gathering(capacity=1, state=GatheringState.DRAFT)
    first = sign_up(gathering, "Ann", how=BookedBy.STAFF)
    second = sign_up(gathering, "Bob", how=BookedBy.STAFF)
    cancel_booking(first.pk)
    publish_gathering(gathering.pk)
    second.refresh_from_db()
    assert second.is_booked
    assert sign_up(gathering, "Cat").state == BookingState.WAITING


def test_more_places_let_those_in_who_wait_longest():
    gathering = make_gathering(capacity=1)
    _ann, bob, cat, dan = (sign_up(gathering, name) for name in ("Ann", "Bob", "Cat", "Dan"))

    gathering.capacity = 3
    assert save_gathering(gathering).moved_up == 2

    states = dict(Booking.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in (bob, cat, dan)] == ["booked", "booked", "waiting"]


def test_without_a_waiting_list_a_full_event_refuses():
    gathering = make_gathering(capacity=1, has_waiting_list=False)
    sign_up(gathering, "Ann")

    with pytest.raises(GatheringFull):
        sign_up(gathering, "Bob")
    assert Booking.objects.count() == 1


def test_there_cannot_be_fewer_places_than_people_who_have_one():
    gathering = make_gathering(capacity=2)
    sign_up(gathering, "Ann")
    sign_up(gathering, "Bob")

    gathering.capacity = 1
    with pytest.raises(CapacityTooSmall):
        save_gathering(gathering)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_no_more_people_get_a_place_than_there_are():
    gathering = make_gathering(capacity=3)
    numbers = count()

    in_parallel(lambda: sign_up(gathering, f"A {next(numbers)}"), times=10)

    states = list(Booking.objects.values_list("state", flat=True))
    assert (states.count("booked"), states.count("waiting")) == (3, 7)


def test_an_address_signs_up_once_and_is_only_written_to_again():
    gathering = make_gathering()
    one = sign_up(gathering, "Li Na", address="li@example.org")
    run_queued_jobs()
    again, is_new = book(gathering.pk, name="Stranger", address="LI@example.org", language="en")

    assert (again.pk, is_new, again.name) == (one.pk, False, "Li Na")
    assert Customer.objects.get(contact_points__value="li@example.org").name == "Li Na"
    assert mails() == ["You have a place: Filter class"] * 2


# --- the public pages ----------------------------------------------------------------------------


def test_somebody_signs_up_on_the_page_and_cancels_by_the_link(client):
    gathering = make_gathering(capacity=5, online_link="https://meet.example.org/abc")
    page = client.get(page_of(gathering)).content.decode()
    assert "5 places are left." in page
    assert "meet.example.org" not in page

    done = client.post(page_of(gathering), filled(), follow=True)
    assert "Now look into your mail" in done.content.decode()
    booking = Booking.objects.get()
    assert (booking.address, booking.how) == ("li@example.org", BookedBy.PAGE)

    mails()
    mail = OutgoingMessage.objects.get(kind=OutgoingKind.EVENT)
    url = reverse("surveys:booking", args=[booking.token])
    assert url in mail.body_text
    assert "BEGIN:VEVENT" in mail.attachments[0]["text"]
    own = client.get(f"{url}?lang=en").content.decode()
    assert "You have a place." in own
    assert "https://meet.example.org/abc" in own

    client.post(url, {"what": "cancel"})
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert "meet.example.org" not in client.get(f"{url}?lang=en").content.decode()
    assert client.get(url[:-3] + "xx/").status_code == 404


def test_nobody_learns_from_the_page_who_is_signed_up(client):
    gathering = make_gathering()
    first = client.post(page_of(gathering), filled())
    second = client.post(page_of(gathering), filled(name="Stranger"))

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Booking.objects.get().name == "Li Na"


def test_a_program_that_fills_everything_in_signs_nobody_up(client):
    gathering = make_gathering()

    assert client.post(page_of(gathering), filled(website="x")).status_code == 302
    quick = client.post(page_of(gathering), filled(stamp=str(Stamp.new(0))))

    assert quick.status_code == 422
    assert not Booking.objects.exists()


def test_what_was_typed_stays_when_something_is_wrong(client):
    gathering = make_gathering()
    page = client.post(page_of(gathering), filled(address="nothing", remark="a wheelchair"))

    assert page.status_code == 422
    assert "a wheelchair" in page.content.decode()


def test_an_address_can_cause_only_so_many_mails_an_hour(client):
    gathering = make_gathering()
    codes = [client.post(page_of(gathering), filled()).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": GatheringState.CANCELLED}, "The event was called off."),
        ({"closes_at": timezone.now() - timedelta(hours=1)}, "Sign-up is closed."),
        ({"opens_at": timezone.now() + timedelta(hours=1)}, "Sign-up has not begun yet."),
    ],
)
def test_outside_its_window_the_page_says_why_and_takes_nobody(client, fields, words):
    gathering = make_gathering(**fields)
    page = client.get(f"{page_of(gathering)}?lang=en").content.decode()
    assert words in page
    assert "<form class" not in page
    assert client.post(page_of(gathering), filled()).status_code == 422


def test_a_draft_has_no_page(client):
    assert client.get(page_of(make_gathering(state=GatheringState.DRAFT))).status_code == 404


# --- mail ----------------------------------------------------------------------------------------


def test_each_reminder_goes_out_once_to_who_has_a_place(clock):
    gathering = make_gathering(capacity=1, reminders=[1440, 60])
    sign_up(gathering, "Ann")
    sign_up(gathering, "Bob")
    mails()

    clock.shift(timedelta(days=6, hours=1))
    for _ in range(2):
        tend_gatherings()
    assert mails("ann@example.org")[1:] == ["Soon: Filter class"]
    clock.shift(timedelta(hours=22, minutes=30))
    tend_gatherings()
    assert mails("ann@example.org")[1:] == ["Soon: Filter class"] * 2
    assert mails("bob@example.org")[1:] == []


def test_another_time_is_told_and_reminded_of_anew(clock):
    gathering = make_gathering(reminders=[1440])
    sign_up(gathering, "Ann")
    clock.shift(timedelta(days=6, hours=1))
    tend_gatherings()
    run_queued_jobs()

    gathering.refresh_from_db()
    gathering.begins_at += timedelta(days=7)
    gathering.ends_at += timedelta(days=7)
    assert save_gathering(gathering).told == 1
    clock.shift(timedelta(days=7))
    tend_gatherings()

    assert mails()[1:] == ["Soon: Filter class", "Changed: Filter class", "Soon: Filter class"]


def test_of_several_overdue_reminders_only_the_last_is_sent():
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    begins_at = now + timedelta(minutes=30)
    assert due_reminders([60, 1440], begins_at, [], now) == [1440, 60]
    assert due_reminders([60, 1440], begins_at, [name_of(60, begins_at)], now) == [1440]
    assert due_reminders([60], now, [], now) == []


def test_calling_off_tells_everybody_who_is_signed_up_or_waits():
    gathering = make_gathering(capacity=1)
    gone = sign_up(gathering, "Ann")
    cancel_booking(gone.pk)
    sign_up(gathering, "Bob")
    sign_up(gathering, "Cat")
    before = len(mails())

    assert call_off_gathering(gathering.pk, why_en="The speaker is ill.") == 2
    assert call_off_gathering(gathering.pk) == 0

    assert mails()[before:] == ["Called off: Filter class"] * 2
    last = OutgoingMessage.objects.latest("pk")
    assert "The speaker is ill." in last.body_text
    assert "METHOD:CANCEL" not in str(last.attachments)  # who waited has nothing to take out
    first = OutgoingMessage.objects.order_by("-pk")[1]
    assert "METHOD:CANCEL" in first.attachments[0]["text"]


def test_mail_goes_out_to_who_wants_no_surveys_too():
    gathering = make_gathering()
    booking = sign_up(gathering, "Ann")
    Customer.objects.filter(pk=booking.customer_id).update(do_not_contact_at=timezone.now())
    assert mails() == ["You have a place: Filter class"]
    assert OutgoingMessage.objects.get(kind=OutgoingKind.EVENT).state != "suppressed"


def test_a_calendar_file_is_folded_and_escaped_as_rfc_5545_says():
    at = datetime(2026, 11, 24, 6, tzinfo=UTC)
    file = calendar_file(
        CalendarEntry(
            uid="event-1@example.org", begins_at=at, ends_at=at + timedelta(hours=1),
            written_at=at, title="净水器课堂，第二讲" * 8, text="One; two, three\\four\nfive",
        )
    )  # fmt: skip
    lines = file.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = file.replace("\r\n ", "")
    assert "SUMMARY:" + "净水器课堂，第二讲" * 8 in unfolded
    assert "DESCRIPTION:One\\; two\\, three\\\\four\\nfive" in unfolded
    assert "DTSTART:20261124T060000Z" in lines


def test_moments_are_those_of_the_place():
    begin = datetime(2026, 11, 24, 6, tzinfo=UTC)
    words = span_in(begin, begin + timedelta(minutes=90), "Asia/Shanghai")
    assert words == "24 Nov 2026, 14:00–15:30 (UTC+8)"


# --- staff ---------------------------------------------------------------------------------------


def form_of(**changes):
    return {
        "kind": "webinar", "title_zh": "", "title_en": "Filter class",
        "time_zone": "Europe/Berlin", "begins_at": "2027-03-01T10:00",
        "ends_at": "2027-03-01T11:00", "capacity": "20",
        "has_waiting_list": "on", "slug": "filter-class", "reminders": ["1440", "60"],
        "asked_after": "came_or_all", "survey_hours": "2",
    } | changes  # fmt: skip


def test_a_lead_makes_an_event_publishes_and_changes_it(lead):
    client = client_of(lead)
    made = client.post(reverse("surveys:new_gathering"), form_of())
    gathering = Gathering.objects.get()
    assert made["Location"] == reverse("surveys:gathering", args=[gathering.pk])
    assert gathering.begins_at == datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert gathering.title_zh == "Filter class"

    client.post(reverse("surveys:change_gathering", args=[gathering.pk, "publish"]))
    gathering.refresh_from_db()
    assert gathering.state == GatheringState.OPEN
    edit = reverse("surveys:edit_gathering", args=[gathering.pk])
    assert 'value="2027-03-01T10:00"' in client.get(edit).content.decode()
    sign_up(gathering, "Ann")
    sign_up(gathering, "Bob")
    wrong = client.post(edit, form_of(capacity="1", slug="other"))
    assert wrong.status_code == 422
    assert "2 people have a place already" in wrong.content.decode()
    assert client.post(edit, form_of(begins_at="0001-01-01T00:00")).status_code == 422
    client.post(edit, form_of(capacity="", slug="other"))
    gathering.refresh_from_db()
    assert (gathering.capacity, gathering.slug) == (None, "filter-class")


def test_an_agent_ticks_who_came_but_changes_no_event(agent_client):
    gathering = make_gathering()
    ann, bob, cat = (sign_up(gathering, name) for name in ("Ann", "Bob", "Cat"))
    edit = reverse("surveys:edit_gathering", args=[gathering.pk])
    assert agent_client.get(edit).status_code == 403

    url = reverse("surveys:tick", args=[gathering.pk, ann.pk, "came"])
    row = agent_client.post(url, headers={"HX-Request": "true"}).content.decode()
    assert f'id="participant-{ann.pk}"' in row
    several = reverse("surveys:tick_several", args=[gathering.pk, "came"])
    agent_client.post(several, {"booking": [bob.pk, "x"]})
    agent_client.post(reverse("surveys:tick_several", args=[gathering.pk, "rest"]))

    found = dict(Booking.objects.values_list("pk", "attended"))
    assert found == {ann.pk: True, bob.pk: True, cat.pk: False}
    page = agent_client.get(reverse("surveys:gathering", args=[gathering.pk]))
    assert page.context["gathering"].came == 2


def test_somebody_who_just_came_in_is_signed_up_and_ticked(agent_client):
    gathering = make_gathering(begins_at=timezone.now() - timedelta(minutes=5))
    agent_client.post(
        reverse("surveys:add_participant", args=[gathering.pk]),
        {"name": "Walk-in", "address": "", "language": "en", "came": "on"},
    )
    booking = Booking.objects.get()
    assert (booking.attended, booking.how, booking.address) == (True, BookedBy.STAFF, "")
    assert booking.customer.name == "Walk-in"


def test_at_the_door_of_a_full_event_nobody_is_put_on_the_list_or_written_to(agent_client):
    gathering = make_gathering(capacity=1)
    sign_up(gathering, "Ann")
    page = agent_client.post(
        reverse("surveys:add_participant", args=[gathering.pk]),
        {"name": "Bob", "address": "bob@example.org", "language": "en", "came": "on"},
    )
    assert page.status_code == 422
    assert "All places are taken." in page.content.decode()
    assert not Booking.objects.filter(address="bob@example.org").exists()
    assert mails("bob@example.org") == []


def test_a_reason_that_is_too_long_calls_nothing_off(lead):
    gathering = make_gathering()
    url = reverse("surveys:change_gathering", args=[gathering.pk, "call-off"])
    page = client_of(lead).post(url, {"why_en": "The speaker is ill. " * 30})
    gathering.refresh_from_db()
    assert (page.status_code, gathering.state) == (422, GatheringState.OPEN)
    assert "<details open>" in page.content.decode()
    assert "The speaker is ill." in page.content.decode()


def test_what_was_changed_about_an_event_is_kept_with_who_did_it(lead):
    client_of(lead).post(reverse("surveys:new_gathering"), form_of())
    gathering = Gathering.objects.get()
    edit = reverse("surveys:edit_gathering", args=[gathering.pk])
    client_of(lead).post(edit, form_of(capacity="30"))

    latest = changes_of(gathering)[0]
    assert latest.who == str(lead)
    assert [(one.label, one.before, one.after) for one in latest.fields] == [
        ("Places", "20", "30")
    ]


def test_the_file_of_participants_holds_no_formula(agent_client):
    gathering = make_gathering()
    sign_up(gathering, "=1+1", address="a@example.org")
    url = reverse("surveys:participant_file", args=[gathering.pk])
    text = b"".join(agent_client.get(url).streaming_content).decode()
    assert "'=1+1,a@example.org" in text
    sheet = agent_client.get(reverse("surveys:participant_sheet", args=[gathering.pk]))
    assert "a@example.org" in sheet.content.decode()


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_events(
    rows, agent_client, django_assert_num_queries
):
    for n in range(rows):
        sign_up(make_gathering(owner=UserFactory()), f"Ann {n}")
    url = reverse("surveys:gatherings")
    agent_client.get(url)

    with django_assert_num_queries(5):
        page = agent_client.get(url).content.decode()
    assert page.count("data-row=") == rows


@pytest.mark.parametrize("rows", [1, 5])
def test_the_page_of_an_event_costs_the_same_for_any_number_of_people(
    rows, agent_client, django_assert_num_queries
):
    gathering = make_gathering(capacity=9)
    for n in range(rows):
        sign_up(gathering, f"Ann {n}")
    url = reverse("surveys:gathering", args=[gathering.pk])
    agent_client.get(url)

    with django_assert_num_queries(10):
        page = agent_client.get(url).content.decode()
    assert page.count('id="participant-') == rows


# --- notes and the survey after it ---------------------------------------------------------------


def test_a_note_becomes_feedback_of_whoever_said_it(agent_client, team):
    gathering = make_gathering(team=team, place_en="Shop")
    booking = sign_up(gathering, "Ann")
    add = reverse("surveys:add_note", args=[gathering.pk])
    page = agent_client.get(reverse("surveys:gathering", args=[gathering.pk]))
    typed = {
        "key": page.context["noting"]["key"].value(),
        "text": "The tap drips at night.",
        "booking": booking.pk,
        "as_feedback": "on",
    }
    for _press in range(2):
        agent_client.post(add, typed)
    agent_client.post(add, {"key": "2", "text": "Bring two machines."})

    first, second = GatheringNote.objects.all()
    assert (second.feedback, second.booking) == (None, None)
    record = first.feedback
    assert (record.channel, record.customer, record.team) == ("visit", booking.customer, team)
    assert record.messages.get().text == "The tap drips at night."
    shown = agent_client.get(record.get_absolute_url()).content.decode()
    assert reverse("surveys:gathering", args=[gathering.pk]) in shown
    url = reverse("feedback:customer_story", args=[booking.customer_id])
    story = agent_client.get(url, headers={"HX-Request": "true"})
    assert "Filter class" in story.content.decode()


def test_who_may_not_see_a_record_does_not_read_it_among_the_notes(agent_client):
    gathering = make_gathering(team=TeamFactory())
    ann = sign_up(gathering, "Ann")
    boss = member(Role.ADMIN)
    note = take_note(gathering.pk, text="The tap drips", key="1", by=boss, booking_id=ann.pk)
    take_note(gathering.pk, text="Bring tea", key="2", by=boss, as_feedback=False)

    page = agent_client.get(reverse("surveys:gathering", args=[gathering.pk]))
    closed, free = page.context["notes"]
    assert (closed.text, closed.booking, free.text) == ("", None, "Bring tea")
    assert f"#{note.feedback.number}" not in page.content.decode()
    change = reverse("surveys:change_note", args=[gathering.pk, note.pk, "feedback"])
    assert agent_client.post(change).status_code == 404


def test_what_the_group_said_is_of_one_customer_who_stands_for_it(agent):
    gathering = make_gathering(online_link="https://meet.example.org/x")
    first = take_note(gathering.pk, text="Louder, please.", key="1", by=agent)
    later = take_note(gathering.pk, text="Slower, please.", key="2", by=agent, as_feedback=False)
    record = make_feedback_of(later.pk, by=agent)

    assert first.feedback.customer == record.customer
    assert record.channel == "chat"
    assert make_feedback_of(later.pk, by=agent) == record


@pytest.fixture
def over():
    """Three had a place at an event that is over: one came, one did not."""
    survey = make_survey()
    begins_at = timezone.now() - timedelta(hours=4)
    gathering = make_gathering(begins_at=begins_at, survey=survey)
    people = (sign_up(gathering, name, how=BookedBy.STAFF) for name in ("Ann", "Bob", "Cat"))
    ann, bob, _cat = people
    tick_attendance(gathering.pk, [ann.pk], attended=True)
    tick_attendance(gathering.pk, [bob.pk], attended=False)
    return gathering


def invited():
    rows = Invitation.objects.exclude(state="opted_out").order_by("address")
    return [address.partition("@")[0] for address in rows.values_list("address", flat=True)]


@pytest.mark.parametrize(
    ("whom", "expected"),
    [("came", ["ann"]), ("came_or_all", ["ann"]), ("all", ["ann", "cat"])],
)
def test_the_survey_after_it_goes_once_to_whom_it_is_meant_for(over, whom, expected):
    Gathering.objects.update(asked_after=whom)
    for _ in range(2):
        tend_gatherings()
    assert invited() == expected


def test_where_nobody_was_ticked_everybody_is_asked_but_who_wants_no_surveys(over):
    Booking.objects.update(attended=None)
    cat = Booking.objects.get(name="Cat")
    Customer.objects.filter(pk=cat.customer_id).update(do_not_contact_at=timezone.now())
    tend_gatherings()
    assert invited() == ["ann", "bob"]
    over.refresh_from_db()
    assert over.collector.survey == over.survey


def test_a_survey_two_weeks_later_is_sent_two_weeks_later(clock):
    begins_at = timezone.now() - timedelta(hours=4)
    gathering = make_gathering(begins_at=begins_at, survey=make_survey(), survey_hours=336)
    sign_up(gathering, "Ann", how=BookedBy.STAFF)
    tend_gatherings()
    assert invited() == []
    clock.shift(timedelta(days=14))
    tend_gatherings()
    assert invited() == ["ann"]


def test_a_survey_that_does_not_run_waits_and_a_lead_sends_it_by_hand(over, lead):
    Gathering.objects.update(survey_hours=24)
    tend_gatherings()
    assert invited() == []
    client_of(lead).post(reverse("surveys:change_gathering", args=[over.pk, "survey"]))
    assert invited() == ["ann"]


# --- programs ------------------------------------------------------------------------------------


def test_a_webhook_hears_of_sign_ups_without_who_it_is():
    create_webhook(
        by=None, name="Shop", url="https://shop.example.org/", event_types=["gathering.booked"]
    )
    booking = sign_up(make_gathering(), "Ann")
    make_due_deliveries()

    body = WebhookDelivery.objects.get().body
    assert f'"id":{booking.pk}' in body
    assert "ann" not in body.lower()
