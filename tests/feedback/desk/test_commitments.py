"""Commitments: made, told, kept; the news that they make due; who is told when a day passes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, OutgoingMessage
from feedback.enums import CommitmentKind, CommitmentState, Metric, NoticeKind, Priority, State
from feedback.errors import AboveLimit, CommitmentRefused, CommitmentSettled, NotInTeam
from feedback.models import Commitment, Feedback, Notification, Status
from feedback.rules.commitments import Said
from feedback.selectors.commitments import today
from feedback.selectors.queue import queue_records, read_query
from feedback.services.calendars import set_special_day
from feedback.services.commitment_watch import watch_commitments
from feedback.services.commitments import (
    answer_offer,
    approve_commitment,
    change_commitment,
    keep_commitment,
    make_commitment,
    withdraw_commitment,
)
from feedback.services.merging import merge_feedback, unmerge_feedback
from feedback.services.replies import add_note, send_reply
from feedback.services.sla_recompute import recompute_open_records
from feedback.services.workflow import change_status
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory
from tests.feedback.sla.promises import WEDNESDAY, clock_of, live, policy, promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


@pytest.fixture
def lead(team):
    user = member(Role.LEAD, team)
    Membership.objects.filter(user=user).update(is_lead=True)
    return user


def commit(record, by, *, kind=CommitmentKind.SOLUTION, days=None, owner=None, **more):
    due = today() + timedelta(days=days) if days is not None else None
    said = {"staff_text": "Send a new filter", "due_on": due} | more
    return make_commitment(record.pk, by=by, said=Said(kind=kind, **said), owner=owner)


def passed(commitment, days=1):
    """Its day has come and gone."""
    day = today() - timedelta(days=days)
    Commitment.objects.filter(pk=commitment.pk).update(due_on=day)
    Feedback.objects.filter(pk=commitment.feedback_id).update(promised_on=day)


def told(user, kind=NoticeKind.COMMITMENT):
    return Notification.objects.filter(user=user, kind=kind)


# --- making, changing, settling ---------------------------------------------------------------
def test_a_record_carries_the_first_day_of_what_is_open(record, agent):
    late = commit(record, agent, days=9)
    soon = commit(record, agent, days=3)
    record.refresh_from_db()
    assert record.promised_on == soon.due_on

    keep_commitment(soon.pk, by=agent, outcome="Sent")
    record.refresh_from_db()
    assert record.promised_on == late.due_on
    withdraw_commitment(late.pk, by=agent, reason="Not needed")
    record.refresh_from_db()
    assert record.promised_on is None
    assert record.timeline.last().note == "Not needed"


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("solution", {"staff_text": " "}, "Say what we do"),
        ("solution", {"due_on": -1}, "This day has passed"),
        ("solution", {"due_on": 900}, "within two years"),
        ("solution", {"is_visible": True}, "what the customer is to read"),
        ("decision", {"customer_text": "Because"}, "what was decided"),
        ("decision", {"decision": "declined"}, "Explain the decision"),
        ("compensation", {"goods": "A filter"}, "what the goods are worth"),
    ],
)
def test_what_says_too_little_is_refused_in_words(record, agent, kind, more, words):
    if isinstance(more.get("due_on"), int):
        more = more | {"due_on": today() + timedelta(days=more["due_on"])}

    with pytest.raises(CommitmentRefused, match=words):
        commit(record, agent, kind=CommitmentKind(kind), **more)
    assert not record.commitments.exists()


def test_what_is_settled_is_settled_once(record, agent):
    one = commit(record, agent)
    keep_commitment(one.pk, by=agent)

    for act in (
        lambda: keep_commitment(one.pk, by=agent),
        lambda: withdraw_commitment(one.pk, by=agent, reason="x"),
        lambda: change_commitment(
            one.pk, by=agent, said=Said(CommitmentKind.SOLUTION, "y"), owner=None
        ),
    ):
        with pytest.raises(CommitmentSettled):
            act()


def test_an_owner_can_see_the_record(record, agent, outsider):
    with pytest.raises(NotInTeam):
        commit(record, agent, owner=outsider)


# --- compensation -----------------------------------------------------------------------------
def test_a_compensation_above_ones_limit_waits_for_somebody_who_may_grant_it(record, agent, lead):
    fields = {"customer_text": "新滤芯", "is_visible": True}
    kind = CommitmentKind.COMPENSATION
    small = commit(record, agent, kind=kind, amount=Decimal(200), **fields)
    big = commit(record, agent, kind=kind, amount=Decimal("200.01"), **fields)

    assert (small.state, small.approved_by) == (CommitmentState.OPEN, agent)
    assert big.state == CommitmentState.PROPOSED
    assert list(record.commitments.for_customer()) == [small]
    assert told(lead, NoticeKind.APPROVAL).count() == 1
    with pytest.raises(AboveLimit):
        approve_commitment(big.pk, by=agent)
    with pytest.raises(CommitmentRefused):
        keep_commitment(big.pk, by=agent)

    approve_commitment(big.pk, by=lead)
    big.refresh_from_db()
    assert (big.state, big.approved_by) == (CommitmentState.OPEN, lead)


def test_what_was_granted_stays_granted_unless_it_becomes_dearer(record, agent, lead):
    kind = CommitmentKind.COMPENSATION
    one = commit(record, lead, kind=kind, amount=Decimal(500))

    for amount, state in ((400, CommitmentState.OPEN), (600, CommitmentState.PROPOSED)):
        said = Said(kind, "Refund", amount=Decimal(amount))
        changed = change_commitment(one.pk, by=agent, said=said, owner=None)
        assert changed.state == state


def test_a_declined_compensation_is_owed_no_more(record, agent):
    one = commit(record, agent, kind=CommitmentKind.COMPENSATION, amount=Decimal(50), days=2)

    answer_offer(one.pk, by=agent, accepted=False)

    one.refresh_from_db()
    record.refresh_from_db()
    assert (one.offer, one.state) == ("declined", CommitmentState.WITHDRAWN)
    assert record.promised_on is None


# --- the news that a promised day makes due ---------------------------------------------------
@pytest.fixture
def wednesday(clock):
    clock.move_to(WEDNESDAY)


@pytest.fixture
def answers_only():
    return policy(promise(Metric.FIRST_RESPONSE, 4), promise(Metric.NEXT_RESPONSE, 4))


def test_news_are_due_when_work_ends_on_the_working_day_before(
    wednesday, answers_only, clock, record, agent
):
    """Promised for Monday: the customer hears from us by Friday evening."""
    send_reply(record.pk, by=agent, text="We look into it")
    commit(record, agent, days=5)
    record.refresh_from_db()
    assert live(record) == {Metric.PROGRESS_UPDATE: "20 18:00"}
    assert timezone.localtime(record.reply_due_at).day == 20

    clock.shift(timedelta(days=1))  # Thursday: too early to be that news
    send_reply(record.pk, by=agent, text="Still at it")
    assert live(record) == {Metric.PROGRESS_UPDATE: "20 18:00"}
    clock.shift(timedelta(days=1, hours=1))
    send_reply(record.pk, by=agent, text="It comes on Monday")
    assert live(record) == {}
    assert clock_of(record, Metric.PROGRESS_UPDATE).met_at is not None


def test_a_note_and_an_automatic_mail_are_no_news(wednesday, answers_only, clock, record, agent):
    """Only what a person sends the customer is the news that was due.  # T61"""
    send_reply(record.pk, by=agent, text="We look into it")
    commit(record, agent, days=1)
    clock.shift(timedelta(hours=2))

    add_note(record.pk, by=agent, text="Nearly done")

    assert live(record) == {}  # we wrote today, which is the working day before
    commit(record, agent, days=2)
    add_note(record.pk, by=agent, text="Nearly done")
    assert live(record) == {Metric.PROGRESS_UPDATE: "19 18:00"}


def test_a_day_promised_too_late_for_news_makes_none_due(wednesday, answers_only, record, agent):
    send_reply(record.pk, by=agent, text="Today")

    commit(record, agent, days=0)

    assert live(record) == {}


def test_the_earlier_of_promised_day_and_service_level_counts(wednesday, record, agent):
    policy(promise(Metric.PROGRESS_UPDATE, 7.5))
    send_reply(record.pk, by=agent, text="We look into it")
    commit(record, agent, days=12)
    assert live(record) == {Metric.PROGRESS_UPDATE: "18 18:00"}


def test_a_new_holiday_moves_the_news_of_open_records_only(
    wednesday, answers_only, record, agent, team
):
    """A calendar that changed is reckoned anew for what is open.  # T57"""
    done = FeedbackFactory(team=team)
    for one in (record, done):
        send_reply(one.pk, by=agent, text="We look into it")
        commit(one, agent, days=5)
    resolved = Status.objects.default_for(State.RESOLVED)
    change_status(done.pk, status=resolved, by=agent)
    before = clock_of(done, Metric.PROGRESS_UPDATE).due_at

    friday = (WEDNESDAY + timedelta(days=2)).date()
    set_special_day(
        answers_only.calendar, date=friday, kind="holiday", spans=(), name_zh="休", name_en="Off"
    )
    recompute_open_records()

    assert live(record) == {Metric.PROGRESS_UPDATE: "19 18:00"}
    assert clock_of(done, Metric.PROGRESS_UPDATE).due_at == before


# --- a day that passed ------------------------------------------------------------------------
def test_the_owner_is_told_once_and_the_lists_show_it(record, agent, agent_client):
    one = commit(record, agent, days=3, owner=agent)
    passed(one)

    assert watch_commitments() == 1
    assert watch_commitments() == 0

    assert told(agent).count() == 1
    assert list(queue_records(read_query("view=promised", agent), agent)) == [record]
    page = agent_client.get(reverse("feedback:commitments")).content.decode()
    assert "overdue since" in page
    assert "Overdue: Solution" in agent_client.get(record.get_absolute_url()).content.decode()


def test_nobody_is_mailed_at_night_unless_it_is_urgent(clock, record, agent, team):
    """The mail waits for working hours, urgent records excepted.  # T65"""
    clock.move_to(WEDNESDAY + timedelta(hours=14))  # 23:00 in Shanghai
    urgent = FeedbackFactory(team=team, priority=Priority.URGENT)
    for one in (record, urgent):
        passed(commit(one, agent, days=3, owner=agent))

    watch_commitments()

    mails = {row.feedback_id: row.mail_after for row in told(agent)}
    assert timezone.localtime(mails[record.pk]).hour == 9
    assert mails[urgent.pk] - timezone.now() <= timedelta(minutes=2)


@pytest.mark.parametrize("state", [State.CLOSED, State.SPAM])
def test_what_is_closed_or_spam_alarms_nobody(record, agent, state):
    """Closed, merged and spam records never escalate.  # T58"""
    one = commit(record, agent, days=3, owner=agent)
    Feedback.objects.filter(pk=record.pk).update(
        state=state, status=Status.objects.default_for(state)
    )
    passed(one)

    assert watch_commitments() == 0
    assert not told(agent).exists()
    assert not queue_records(read_query("view=promised", agent), agent).exists()


def test_a_merge_takes_commitments_along_and_gives_them_back(record, agent, team):
    other = FeedbackFactory(team=team, customer=record.customer)
    one = commit(record, agent, days=3, owner=agent)

    merge_feedback(record.pk, into_id=other.pk, by=agent)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.feedback, other.promised_on) == (other, one.due_on)

    unmerge_feedback(record.pk, by=agent)
    other.refresh_from_db()
    record.refresh_from_db()
    assert (record.promised_on, other.promised_on) == (one.due_on, None)


# --- pages ------------------------------------------------------------------------------------
def test_a_decision_is_made_and_the_customer_told_by_a_person(agent_client, record, agent):
    url = reverse("feedback:new_commitment", args=[record.number, "decision"])
    wrong = agent_client.post(url, {"staff_text": "No refund", "customer_text": "已超过期限"})
    assert wrong.status_code == 422
    assert "已超过期限" in wrong.content.decode()
    fields = {
        "staff_text": "No refund",
        "customer_text": "已超过七天无理由退货期限。",
        "decision": "declined",
        "is_visible": "on",
        "due_on": (today() + timedelta(days=4)).isoformat(),
        "owner": agent.pk,
        "then": "tell",
    }
    made = agent_client.post(url, fields)
    one = record.commitments.get()
    assert made["Location"] == f"{record.get_absolute_url()}?commitment={one.pk}#composer"
    assert OutgoingMessage.objects.filter(kind="reply").count() == 0

    page = agent_client.get(made["Location"]).content.decode()
    text = page.split("<textarea")[1].split("</textarea>")[0]
    assert "已超过七天无理由退货期限。" in text
    assert "{{" not in text
    agent_client.post(
        reverse("feedback:compose", args=[record.number]),
        {"text": "Decided", "do": "send", "commitment": one.pk},
    )
    one.refresh_from_db()
    assert one.was_told


def test_the_customer_sees_what_is_meant_for_them(client, record, agent):
    commit(record, agent, customer_text="周五前寄出新滤芯", is_visible=True, days=3)
    commit(record, agent, customer_text="内部安排", is_visible=False)
    gone = commit(record, agent, customer_text="上门维修", is_visible=True)
    withdraw_commitment(gone.pk, by=agent, reason="Sent a filter instead")

    page = client.get(reverse("feedback:status_page", args=[record.status_token]))

    text = page.content.decode()
    assert "周五前寄出新滤芯" in text
    for hidden in ("内部安排", "上门维修", "Send a new filter"):
        assert hidden not in text


def test_the_card_and_the_page_settle_it(agent_client, record, agent):
    one = commit(record, agent, days=3, owner=agent)
    card = reverse("feedback:record_commitments", args=[record.number])
    assert "Send a new filter" in agent_client.get(card).content.decode()
    act = reverse("feedback:settle_commitment", args=[one.pk, "withdraw"])
    agent_client.post(act, {"outcome": ""})
    one.refresh_from_db()
    assert one.is_open

    agent_client.post(
        reverse("feedback:settle_commitment", args=[one.pk, "keep"]), {"outcome": "Arrived"}
    )

    one.refresh_from_db()
    assert (one.state, one.outcome) == (CommitmentState.DONE, "Arrived")
    page = agent_client.get(reverse("feedback:commitment", args=[one.pk])).content.decode()
    assert "Arrived" in page


def test_strangers_find_nothing_and_analysts_change_nothing(outsider_client, record, agent):
    one = commit(record, agent)
    page = reverse("feedback:commitment", args=[one.pk])
    act = reverse("feedback:settle_commitment", args=[one.pk, "keep"])
    card = reverse("feedback:record_commitments", args=[record.number])
    new = reverse("feedback:new_commitment", args=[record.number, "solution"])

    for url in (page, card, new):
        assert outsider_client.get(url).status_code == 404
    assert outsider_client.post(act).status_code == 404
    analyst = client_of(member(Role.ANALYST))
    assert analyst.get(page).status_code == 200
    assert {analyst.post(url).status_code for url in (page, act, new)} == {403}


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(
    agent_client, agent, team, rows, django_assert_num_queries
):
    for n in range(rows):
        commit(FeedbackFactory(team=team), agent, days=n, owner=agent)
    url = reverse("feedback:commitments")
    agent_client.get(url)

    with django_assert_num_queries(5):
        response = agent_client.get(url)

    assert response.content.decode().count("data-row=") == rows


def test_others_teams_commitments_are_in_no_list(agent_client, agent):
    other = member(Role.AGENT, TeamFactory())
    commit(FeedbackFactory(team=other.teams.get()), other, owner=other)

    page = agent_client.get(reverse("feedback:commitments"), {"whose": "team"}).content.decode()

    assert "data-row=" not in page
    assert agent_client.get(reverse("feedback:commitments"), {"whose": "x"}).status_code == 400
