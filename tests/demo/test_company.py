"""The demo company is believable, the same every time, and keeps every rule of real data."""

import hashlib
import re
from datetime import timedelta
from random import Random
from string import Formatter

import pytest
from django.db import connection
from django.db.models import F, Q

from accounts.enums import ContactKind, Role
from accounts.models import ContactPoint, Customer, OutgoingMessage, Team, User
from analytics.demo.make import SEED, DemoIsThere, make_demo
from analytics.demo.people import gather_crowd
from analytics.demo.remove import remove_demo
from analytics.demo.words import SLOTS, phrases, read, topics
from feedback.enums import (
    DONE_STATES,
    OPEN_STATES,
    OUR_TURN,
    Channel,
    Direction,
    State,
    TimelineKind,
)
from feedback.models import Feedback, Message, ReplyTemplate, Tag, Task, TimelineEntry
from feedback.rules.placeholders import unknown_in
from feedback.rules.workflow import can_step
from surveys.enums import InvitationState
from surveys.models import Answer, Invitation, Response, Wave
from surveys.selectors.campaigns import progress_of
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db

RESERVED = re.compile(r"@([a-z0-9-]+\.)*(example\.(com|org|net)|example)$")


# --- the texts, before anything is made -------------------------------------------------------
def test_every_tag_says_it_in_both_languages(demo):
    names = list(Tag.objects.values_list("name", flat=True))

    assert len(names) > 10
    for name in names:
        assert re.search(r"[\u4e00-\u9fff]", name), name
        assert re.search(r"[A-Za-z]{3}", name), name


def test_there_are_enough_texts_in_both_languages():
    for code, least in {"zh": 90, "en": 60}.items():
        told = [text for topic in topics() for _, text, _ in topic.words[code].issues]
        assert len(set(told)) == len(told) >= least


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.code)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_topic_can_be_told_answered_and_judged(topic, code):
    words = topic.words[code]
    for _, _, fits in words.issues:
        assert fits
        assert max(fits) < len(words.answers)
    assert words.questions or "question" not in topic.shapes
    assert words.not_solved or "not_solved" not in topic.shapes
    assert words.solved or set(topic.shapes) <= {"praise"}
    assert words.notes


def test_texts_have_no_slot_that_nothing_fills():
    def slots(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for topic in topics():
        for words in topic.words.values():
            told = [part for issue in words.issues for part in issue[:2]]
            asked = [part for question in words.questions for part in question]
            texts = [*told, *asked, *words.answers, *words.solved, *words.not_solved, *words.notes]
            assert set().union(*map(slots, texts)) <= SLOTS
    for language in ("zh-hans", "en"):
        for stars, comments in phrases(language)["comments"].items():
            assert 1 <= int(stars) <= 5
            assert set().union(*map(slots, comments)) <= SLOTS


def test_prepared_answers_use_known_variables_only():
    for row in read("replies")["template"]:
        assert unknown_in(row["body_zh"] + row["body_en"]) == []


# --- what is made -----------------------------------------------------------------------------
def digest() -> str:
    """Everything that people read: no keys, no secrets."""
    lines = hashlib.sha256()
    messages = Message.objects.order_by("feedback__received_at", "feedback", "created_at", "pk")
    said = messages.values_list(
        "feedback__subject", "direction", "author_name", "text", "created_at"
    )
    # The customer of suggestions is no person, and not of a day of the demo.
    told = Feedback.objects.exclude(channel=Channel.STAFF)
    records = told.order_by("received_at", "pk").values_list(
        "channel", "state", "priority", "category__code", "team__name_en", "assignee__email",
        "customer__name", "customer__created_at", "satisfaction", "version", "resolved_at",
    )  # fmt: skip
    lines.update(repr([*said, *records]).encode())
    return lines.hexdigest()


def test_the_same_seed_and_day_give_the_same_company_also_when_it_is_made_again(demo):
    first = digest()
    # Another seed and another day, from the first die on.
    assert crowd_of(SEED, NOW) == crowd_of(SEED, NOW)
    for seed, now in [(6, NOW), (SEED, NOW - timedelta(days=1))]:
        assert crowd_of(seed, now) != crowd_of(SEED, NOW)

    remove_demo()
    make_demo(now=NOW, small=True)

    assert Feedback.objects.count() == 202  # with two suggestions of staff
    assert digest() == first


def crowd_of(seed, now):
    crowd = gather_crowd(
        Random(seed), count=20, organisations=3, managers=list(User.objects.all()[:2]), now=now
    )
    return [(one.email, one.customer.name, one.customer.created_at) for one in crowd.people]


def test_there_is_only_one_demo_company(demo):
    with pytest.raises(DemoIsThere):
        make_demo(now=NOW, small=True)


def test_the_company_has_people_customers_and_things(demo):
    assert Team.objects.filter(is_demo=True).count() == 5
    staff = User.objects.filter(is_demo=True)
    assert 28 <= staff.count() <= 34
    for role in Role:
        assert staff.filter(groups__name=role).exists()
    assert not Team.objects.filter(is_demo=True).exclude(memberships__is_lead=True).exists()
    zh = Customer.objects.filter(language="zh-hans", is_demo=True).count()
    assert 0.55 < zh / Customer.objects.filter(is_demo=True).count() < 0.85
    assert ReplyTemplate.objects.count() >= 10


def test_nobody_of_it_could_be_reached(demo):
    addresses = [
        *ContactPoint.objects.filter(kind=ContactKind.EMAIL).values_list("value", flat=True),
        *User.objects.filter(is_demo=True).values_list("email", flat=True),
        *OutgoingMessage.objects.values_list("to_address", flat=True),
    ]
    assert [address for address in addresses if not RESERVED.search(address)] == []
    phones = ContactPoint.objects.filter(kind=ContactKind.PHONE).values_list("value", flat=True)
    assert [one for one in phones if not re.fullmatch(r"1000000\d{4}|\+447700900\d{3}", one)] == []


def test_work_is_left_to_do(demo):
    feedback = Feedback.objects.filter(customer__is_demo=True)
    assert feedback.exclude(channel=Channel.STAFF).count() == 200
    assert 25 <= feedback.filter(state__in=OPEN_STATES).count() <= 50
    assert feedback.overdue(NOW).exists()
    assert feedback.open().unassigned().exists()
    assert feedback.filter(state=State.WAITING_CUSTOMER).exists()
    assert feedback.filter(received_at__gte=NOW.replace(hour=0, minute=0)).count() >= 5


def test_every_record_keeps_the_rules_that_services_keep(demo):
    feedback = Feedback.objects.all()
    not_ours = feedback.exclude(state__in=OUR_TURN)
    assert not not_ours.filter(reply_due_at__isnull=False).exists()
    assert not not_ours.filter(waiting_since__isnull=False).exists()
    assert not feedback.filter(state__in=DONE_STATES, resolved_at=None).exists()
    assert not feedback.filter(state__in=OPEN_STATES, resolved_at__isnull=False).exists()
    assert not feedback.exclude(state=F("status__state")).exists()
    assert not feedback.filter(state=State.CLOSED, closed_at=None).exists()
    assert not feedback.filter(satisfaction=None, satisfaction_at__isnull=False).exists()
    for record in feedback.filter(reply_due_at__isnull=False):
        running = record.clocks.live().soonest_first().first()
        assert record.reply_due_at == running.due_at


def test_the_dates_of_a_record_are_those_of_its_messages(demo):
    for record in Feedback.objects.exclude(channel=Channel.STAFF).prefetch_related("messages"):
        people = [one for one in record.messages.all() if not one.is_automatic]
        answers = [one.created_at for one in people if one.direction == Direction.OUT]
        heard = [one.created_at for one in people if one.direction == Direction.IN]
        assert record.first_response_at == (answers[0] if answers else None)
        assert record.last_staff_message_at == (answers[-1] if answers else None)
        assert record.received_at == heard[0]
        assert record.last_customer_message_at == heard[-1]
        assert record.customer.created_at <= record.received_at


def test_every_timeline_is_a_possible_story(demo):
    assert not TimelineEntry.objects.filter(at__gt=NOW).exists()
    for record in Feedback.objects.exclude(channel=Channel.STAFF).prefetch_related("timeline"):
        entries = sorted(record.timeline.all(), key=lambda one: (one.at, one.pk))
        assert [one.pk for one in entries] == sorted(one.pk for one in entries)
        kinds = [one.kind for one in entries]
        assert kinds[0] == TimelineKind.RECEIVED
        assert kinds.count(TimelineKind.REPLIED) == record.messages.filter(direction="out").count()
        reopened = kinds.count(TimelineKind.REOPENED)
        assert reopened == record.reopened_count
        step = "new"
        for one in entries:
            if one.kind in {TimelineKind.STATUS, TimelineKind.REOPENED}:
                assert one.data["before"] == step
                step = one.data["after"]
        assert step == record.status.code


def test_the_steps_of_a_record_are_allowed(demo):
    states = {"waiting-customer": State.WAITING_CUSTOMER, "waiting-third": State.WAITING_THIRD}
    for entry in TimelineEntry.objects.filter(kind=TimelineKind.STATUS):
        before, after = (
            states.get(entry.data[key]) or State(entry.data[key]) for key in ("before", "after")
        )
        assert can_step(before, after)


def test_ratings_on_records_are_those_of_the_answers(demo):
    asked = Response.objects.complete().filter(feedback__isnull=False)
    answered = asked.select_related("feedback", "invitation")
    assert answered.count() >= 40
    for response in answered.order_by("completed_at"):
        feedback = response.feedback
        assert feedback is not None
        assert response.invitation is not None
        assert response.completed_at is not None
        assert response.invitation.sent_at is not None
        assert response.invitation.state == InvitationState.COMPLETED
        assert response.invitation.sent_at < response.started_at < response.completed_at
        latest = Response.objects.filter(feedback=feedback).latest("completed_at")
        if response == latest:
            overall = Answer.objects.get(response=response, question__code="overall")
            assert feedback.satisfaction == overall.number
            assert feedback.satisfaction_at == response.completed_at
    unhappy = Feedback.objects.filter(Q(satisfaction__lte=2) | Q(solved_for_customer=False))
    assert not unhappy.exclude(pk__in=Task.objects.values("feedback")).exists()


def test_who_was_asked_and_who_was_not_can_be_seen(demo):
    states = set(Invitation.objects.values_list("state", flat=True))
    assert states >= {"sent", "completed", "throttled", "skipped"}
    assert not Invitation.objects.filter(state="queued", send_at__lt=NOW).exists()


def test_a_survey_was_sent_by_mail_and_its_wave_shows_every_end(demo):
    wave = Wave.objects.get()
    made = Invitation.objects.filter(wave=wave)
    states = set(made.values_list("state", flat=True))
    assert {"completed", "sent", "bounced", "opted_out", "skipped"} <= states
    answered = made.filter(state="completed").select_related("response")
    assert answered.count() > made.count() / 5
    assert all(one.response.completed_at > one.sent_at for one in answered)
    assert made.filter(state="sent").exclude(reminders=1).count() == 0
    # Nothing of it ever goes out.
    assert not made.filter(Q(next_reminder_at__isnull=False) | Q(state="queued")).exists()
    boss = User.objects.filter(groups__name=Role.ADMIN).first()
    assert progress_of(wave.collector, boss).bounced == 2


def test_only_the_last_days_are_in_the_outbox(demo):
    outgoing = OutgoingMessage.objects.all()
    assert outgoing.exists()
    assert not outgoing.filter(created_at__lt=NOW - timedelta(days=14)).exists()
    assert not outgoing.exclude(state__in=["sent", "suppressed"]).exists()


def test_records_are_numbered_without_gaps_in_order_of_arrival():
    make_demo(now=NOW, small=True)
    told = Feedback.objects.exclude(channel=Channel.STAFF).order_by("received_at", "pk")
    numbers = list(told.values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('feedback_number')")
        assert cursor.fetchone()[0] == Feedback.objects.latest("number").number + 1
