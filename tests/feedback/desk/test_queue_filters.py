"""The queue as numbers: filters, links, counts, order and the place of a record in its list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.enums import Channel, Priority, State
from feedback.errors import FilterNotKnown
from feedback.models import Category, Feedback, Status
from feedback.selectors import queue
from feedback.selectors.queue import (
    place_in_list,
    queue_page,
    queue_records,
    queue_url,
    read_query,
    view_counts,
)
from feedback.services.assignment import assign_feedback
from feedback.services.details import set_tags
from feedback.services.followup import record_satisfaction
from feedback.services.replies import send_reply
from feedback.services.search_index import index_what_changed
from feedback.services.workflow import change_status, resolve_feedback
from tests.factories import CustomerFactory, FeedbackFactory, ProductFactory, TeamFactory

pytestmark = pytest.mark.django_db


def found(url: str, user) -> set[int]:
    """The numbers that the list behind a link shows."""
    state = read_query(url.partition("?")[2], user)
    return set(queue_records(state, user).values_list("number", flat=True))


def today():
    return timezone.localdate()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("assigned_to__password__startswith=a", "assigned_to__password__startswith"),
        ("channel=pigeon", "channel"),
        ("priority=9", "priority"),
        ("team=999999", "team"),
        ("team=99999999999999999999999", "team"),
        ("category=nowhere", "category"),
        ("received_from=yesterday", "received_from"),
        ("score=7", "score"),
        ("view=secret", "view"),
        ("sort=customer__note", "sort"),
        ("page=0", "page"),
        ("page=1e9", "page"),
    ],
)
def test_what_a_list_does_not_know_is_named(agent, query, field):
    with pytest.raises(FilterNotKnown) as refusal:
        read_query(query, agent)

    assert refusal.value.field == field
    assert field in str(refusal.value.message)


def test_empty_values_of_a_form_are_no_filters(agent):
    state = read_query("view=all&channel=&received_from=&sort=", agent)

    assert state.chosen == {}
    assert state.query == "view=all"


def test_each_filter_finds_its_records(agent, team):
    category = Category.objects.get(code="product-quality")
    product = ProductFactory()
    wanted = FeedbackFactory(
        channel=Channel.PHONE,
        category=category,
        product=product,
        priority=Priority.URGENT,
        team=team,
        subject="Leaking filter",
        customer=CustomerFactory(name="Ada Lovelace"),
    )
    FeedbackFactory(team=team, category=Category.objects.get(code="service"))
    assign_feedback(wanted.pk, by=agent, assignee=agent, team=team)
    set_tags(wanted.pk, by=agent, names=["leak", "vip"])
    send_reply(wanted.pk, by=agent, text="We come today.")
    resolve_feedback(wanted.pk, by=agent)
    record_satisfaction(wanted.pk, overall=4, solved=True)
    index_what_changed()

    for filters in (
        {"channel": Channel.PHONE},
        {"channel": [Channel.PHONE, Channel.CHAT]},
        {"category": category},
        {"category": "product"},
        {"product": product},
        {"priority": Priority.URGENT},
        {"assignee": agent},
        {"assignee": "me"},
        {"tag": ["leak", "VIP"]},
        {"customer": wanted.customer},
        {"q": "leaking"},
        {"q": f"#{wanted.number}"},
        {"q": wanted.customer.name},
        {"q": wanted.customer.email},
        {"state": State.RESOLVED},
        {"status": Status.objects.default_for(State.RESOLVED)},
        {"answered_from": today(), "answered_to": today()},
        {"resolved_from": today(), "resolved_to": today()},
        {"rated_from": today(), "score": 4},
        {"view": "resolved"},
    ):
        assert found(queue_url(**filters), agent) == {wanted.number}, filters


def test_a_category_brings_its_branches_and_none_brings_the_rest(agent):
    parent = Category.objects.get(code="service")
    below = FeedbackFactory(category=Category.objects.get(code="service-refund"))
    without = FeedbackFactory()

    assert found(queue_url(category=parent), agent) == {below.number}
    assert found(queue_url(category=None), agent) == {without.number}
    assert found(queue_url(category=[parent, None]), agent) == {below.number, without.number}


def test_a_period_holds_its_first_and_its_last_day_and_no_other(agent):
    noon = timezone.now().replace(hour=4)  # noon in Shanghai
    days = [FeedbackFactory(received_at=noon - timedelta(days=n)) for n in range(5, 1, -1)]

    first, last = timezone.localdate(days[1].received_at), timezone.localdate(days[2].received_at)

    numbers = {days[1].number, days[2].number}
    assert found(queue_url(received_from=first, received_to=last), agent) == numbers


def test_spam_and_merged_records_count_nowhere_but_in_their_own_view(agent):
    spam = FeedbackFactory()
    change_status(spam.pk, status=Status.objects.default_for(State.SPAM), by=agent)

    assert found(queue_url(view="all"), agent) == set()
    assert found(queue_url(channel=Channel.WEB_FORM), agent) == set()
    assert found(queue_url(view="spam"), agent) == {spam.number}


def test_the_number_beside_each_view_is_the_number_of_its_records(agent, team):
    mine, waiting, overdue = FeedbackFactory.create_batch(3, team=team)
    FeedbackFactory(team=TeamFactory())  # not for this agent to see
    assign_feedback(mine.pk, by=agent, assignee=agent, team=team)
    status = Status.objects.default_for(State.WAITING_CUSTOMER)
    change_status(waiting.pk, status=status, by=agent)
    Feedback.objects.filter(pk=overdue.pk).update(
        reply_due_at=timezone.now() - timedelta(minutes=1)
    )

    counts = view_counts(agent)

    assert counts == {
        "mine": 1, "unassigned": 2, "overdue": 1, "promised": 0, "open": 3, "waiting": 1,
        "snoozed": 0, "negative": 0,
    }  # fmt: skip
    for view, count in counts.items():
        assert len(found(queue_url(view=view), agent)) == count


def test_more_than_the_cap_is_said_so_and_each_view_still_counts_its_own(agent, monkeypatch):
    monkeypatch.setattr(queue, "CAP", 2)
    mine = FeedbackFactory.create_batch(4)[3]
    assign_feedback(mine.pk, by=agent, assignee=agent, team=None)

    counts = view_counts(agent)

    assert counts["open"] == 3  # CAP + 1: more than can be said exactly
    assert counts["mine"] == 1


def test_a_page_past_the_end_is_the_last_page(agent, monkeypatch):
    monkeypatch.setattr(queue, "PAGE_SIZE", 2)
    FeedbackFactory.create_batch(3)

    page = queue_page(read_query("page=40", agent), agent)

    assert (page.page, page.first, page.last, page.total) == (2, 3, 3, 3)


def test_due_first_comes_first_and_answered_ones_last(agent):
    late = FeedbackFactory(priority=Priority.LOW)
    soon = FeedbackFactory(priority=Priority.URGENT)
    answered = FeedbackFactory()
    wait = Status.objects.default_for(State.WAITING_CUSTOMER)
    send_reply(answered.pk, by=agent, text="Which order?", then=wait)

    rows = queue_page(read_query("view=open", agent), agent).rows

    assert [row.number for row in rows] == [soon.number, late.number, answered.number]


@pytest.mark.parametrize("view", list(queue.VIEWS))
def test_every_view_has_its_orders_and_no_other(agent, view):
    FeedbackFactory.create_batch(2)
    for sort in queue.SORTS:
        if sort in queue.VIEWS[view].sorts:
            queue_page(read_query(f"view={view}&sort={sort}", agent), agent)
        else:
            with pytest.raises(FilterNotKnown):
                read_query(f"view={view}&sort={sort}", agent)


def test_a_chip_leads_to_the_list_without_it(agent):
    state = read_query("view=all&channel=email&channel=phone&score=1", agent)

    urls = [chip.without_url.partition("?")[2] for chip in state.chips()]

    assert urls == [
        "view=all&channel=phone&score=1",
        "view=all&channel=email&score=1",
        "view=all&channel=email&channel=phone",
    ]


def test_a_record_knows_its_place_in_the_list(agent):
    first, second, third = sorted(FeedbackFactory.create_batch(3), key=lambda f: f.reply_due_at)
    state = read_query("view=open", agent)

    place = place_in_list(state, agent, second.number, at=2)

    assert (place.stays, place.at, place.total) == (True, 2, 3)
    assert (place.previous, place.next) == (first.number, third.number)
    assert "at=3" in place.next_url
    assert "at=1" in place.previous_url


def test_when_a_record_left_its_list_the_next_one_stands_in_its_place(agent):
    first, second, third = sorted(FeedbackFactory.create_batch(3), key=lambda f: f.reply_due_at)
    resolve_feedback(second.pk, by=agent)

    place = place_in_list(read_query("view=open", agent), agent, second.number, at=2)

    assert not place.stays
    assert (place.previous, place.next) == (first.number, third.number)
    assert "at=2" in place.next_url


def test_when_a_record_sinks_in_its_list_one_goes_on_from_where_it_stood(agent):
    records = sorted(FeedbackFactory.create_batch(9), key=lambda f: f.reply_due_at)
    send_reply(records[1].pk, by=agent, text="Answered, so nothing is due")

    place = place_in_list(read_query("view=open", agent), agent, records[1].number, at=2)

    assert (place.previous, place.next) == (records[0].number, records[2].number)
    assert "at=2" in place.next_url


def test_a_record_pushed_down_by_a_new_one_keeps_its_neighbours(agent):
    first, second, third = sorted(FeedbackFactory.create_batch(3), key=lambda f: f.reply_due_at)
    FeedbackFactory(priority=Priority.URGENT)  # comes first now

    place = place_in_list(read_query("view=open", agent), agent, second.number, at=2)

    assert (place.at, place.previous, place.next) == (3, first.number, third.number)


def test_a_place_that_never_existed_is_no_error(agent):
    feedback = FeedbackFactory(customer=CustomerFactory())

    place = place_in_list(read_query("view=resolved", agent), agent, feedback.number, at=9000)

    assert (place.stays, place.previous, place.next) == (False, None, None)
