"""Suggestions of those who work here: records like others, and no customers."""

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation
from pghistory.models import Context

from accounts.enums import Role
from accounts.models import Customer, OutgoingMessage
from accounts.services.customers import create_customer
from analytics.metrics.periods import last_days
from analytics.selectors.facts.measuring import measure
from analytics.selectors.facts.question import asked
from analytics.selectors.problem_facts import facts_of
from analytics.services.evidence import add_evidence
from analytics.services.problems import make_problem
from feedback.enums import Channel, CommitmentKind, Decision, NoticeKind, TimelineKind
from feedback.errors import HandedInOtherwise, NotMergeable
from feedback.models import Feedback, Message, Notification, Suggestion, TimelineEntry
from feedback.rules.commitments import Said
from feedback.selectors.suggestions import carried_out
from feedback.services.anonymising import anonymise_record
from feedback.services.commitments import make_commitment
from feedback.services.merging import merge_feedback
from feedback.services.suggestions import answer_suggestion, hand_in_suggestion, house
from feedback.services.workflow import resolve_feedback
from surveys.models import Invitation
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, UserFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return member(Role.LEAD)


@pytest.fixture
def lead_client(lead):
    return client_of(lead)


@pytest.fixture
def author(db):
    """Somebody who works here without any role at the desk."""
    return UserFactory(name="Mo Warehouse")


def suggest(by, text="Pack it in paper", *, is_anonymous=False, key="1"):
    return hand_in_suggestion(
        by=by, subject="Packaging", text=text, language="en", is_anonymous=is_anonymous, key=key
    )


def text(response):
    return response.content.decode()


def test_anybody_who_works_here_hands_one_in_and_sees_what_becomes_of_it(author, lead_client):
    client = client_of(author)
    page = client.get(reverse("feedback:new_suggestion"))
    key = page.context["form"]["key"].value()
    typed = {"subject": "Packaging", "text": "Pack it in paper", "key": key}
    made = client.post(reverse("feedback:new_suggestion"), typed)
    client.post(reverse("feedback:new_suggestion"), typed)

    record = Feedback.objects.get(channel=Channel.STAFF)
    assert made["Location"] == reverse("feedback:suggestion", args=[record.number])
    listed = lead_client.get(reverse("feedback:queue"), {"view": "suggestions"})
    assert [row.pk for row in listed.context["page"].rows] == [record.pk]
    shown = lead_client.get(record.get_absolute_url())
    assert "Handed in by Mo Warehouse." in text(shown)
    lead_client.post(
        reverse("feedback:answer_suggestion", args=[record.number]), {"text": "From May on"}
    )
    assert "From May on" in text(client.get(made["Location"]))
    assert "1 answer" in text(client.get(reverse("feedback:suggestions")))
    notice = Notification.objects.get(user=author, kind=NoticeKind.SUGGESTION)
    assert notice.url == made["Location"]
    stranger = client_of(UserFactory())
    assert stranger.get(made["Location"]).status_code == 404


def test_nothing_is_promised_mailed_or_asked_because_of_one(author, lead):
    record = suggest(author, "Terrible, this must be repaired at once")
    run_queued_jobs()
    answer_suggestion(record.pk, by=lead, text="We look at it")
    resolve_feedback(record.pk, by=lead, outcome="Paper")
    run_queued_jobs()

    record.refresh_from_db()
    assert (record.reply_due_at, record.clocks.count(), record.negative_at) == (None, 0, None)
    assert not OutgoingMessage.objects.filter(customer=record.customer).exists()
    assert not Invitation.objects.exists()
    told = Notification.objects.filter(user=author, kind=NoticeKind.SUGGESTION)
    assert told.count() == 2  # answered, settled


def test_an_anonymous_one_stores_nowhere_who_it_was(author, lead):
    client = client_of(author)
    typed = {"subject": "Boss", "text": "Listen more", "is_anonymous": "on", "key": "k"}
    page = client.post(reverse("feedback:new_suggestion"), typed)

    record = Feedback.objects.get(channel=Channel.STAFF)
    suggestion = Suggestion.objects.get()
    assert (suggestion.author, suggestion.is_anonymous) == (None, True)
    assert not TimelineEntry.objects.filter(actor=author).exists()
    message = Message.objects.get()
    assert (message.author, message.author_name) == (None, "A colleague")
    # It was the first one: whoever stands for the staff was made in the author's request.
    assert Customer.objects.filter(is_house=True).exists()
    assert not Context.objects.filter(metadata__user=author.pk).exists()
    assert list(client.get(reverse("feedback:suggestions")).context["rows"]) == []
    assert client.get(reverse("feedback:suggestion", args=[record.number])).status_code == 404
    answer_suggestion(record.pk, by=lead, text="We do")
    secret = page.context["path"]
    assert "We do" in text(client_of(UserFactory()).get(secret))
    assert not Notification.objects.filter(kind=NoticeKind.SUGGESTION).exists()


def test_what_was_handed_in_under_a_name_is_not_promised_to_be_without(author):
    suggest(author)
    with pytest.raises(HandedInOtherwise):
        suggest(author, is_anonymous=True)
    assert Suggestion.objects.get().author == author
    client = client_of(author)
    typed = {"subject": "Packaging", "text": "Paper", "is_anonymous": "on", "key": "1"}
    assert client.post(reverse("feedback:new_suggestion"), typed).status_code == 422


def test_the_language_of_its_author_is_not_kept_with_an_anonymous_one(author):
    with translation.override("zh-hans"):
        record = hand_in_suggestion(
            by=author, subject="包装", text="用纸", language="zh-hans", is_anonymous=True
        )
    assert record.language == record.customer.language == "en"
    assert Message.objects.get().author_name == "A colleague"


def test_an_author_is_forgotten_with_the_record(author, lead):
    record, other = suggest(author), suggest(author, key="2")
    for one in (record, other):
        answer_suggestion(one.pk, by=lead, text="We look at it")
    resolve_feedback(record.pk, by=lead, outcome="Paper")
    anonymise_record(record.pk, by=lead)

    assert Suggestion.objects.get(feedback=record).author is None
    came = TimelineEntry.objects.get(feedback=record, kind=TimelineKind.RECEIVED)
    assert (came.actor, came.actor_name) == (None, "")
    told = Notification.objects.get(user=author, kind=NoticeKind.SUGGESTION)
    assert told.url == reverse("feedback:suggestion", args=[other.number])


def test_who_stands_for_the_staff_is_found_by_no_contact_and_is_one(author):
    customer = create_customer(name="Mr. House", contacts=[("external", "house")])
    record = suggest(author)
    assert record.customer != customer
    assert house() == record.customer
    assert house(is_demo=True) != house()
    assert not record.customer.contact_points.exists()
    with pytest.raises(IntegrityError):
        Customer.objects.create(is_house=True, name="Two", language="en")


def test_they_are_in_no_figure_about_customers_and_in_none_of_their_lists(author):
    FeedbackFactory()
    record = suggest(author)
    analyst = member(Role.ANALYST)
    analyst_client = client_of(analyst)
    days = last_days(7, timezone.localdate())

    row = measure(analyst, asked("volume", days)).total

    assert row.value == 1
    listed = analyst_client.get(row.url)
    assert listed.context["page"].total == row.count == 1
    assert not Customer.objects.known().filter(is_house=True).exists()
    backlog = measure(analyst, asked("backlog", days)).total
    assert backlog.value == 1
    assert analyst_client.get(backlog.url).context["page"].total == 1
    by_channel = analyst_client.get(reverse("feedback:queue"), {"channel": "staff"})
    assert [one.pk for one in by_channel.context["page"].rows] == [record.pk]
    problem = make_problem(by=analyst, title="Packaging")
    add_evidence(problem.pk, by=analyst, feedback=[record.pk])
    facts = facts_of(analyst, [problem.pk])[problem.pk]
    assert (facts.evidence, facts.customers) == (1, 0)


def test_two_suggestions_that_become_one_show_nobody_the_words_of_the_other(author, lead):
    other = UserFactory()
    with pytest.raises(NotMergeable):
        merge_feedback(
            FeedbackFactory().pk, into_id=suggest(author, key="3").pk, by=lead,
            customers_may_differ=True,
        )  # fmt: skip
    one, two = suggest(author, "Mine"), suggest(other, "Yours", key="2")
    merge_feedback(one.pk, into_id=two.pk, by=lead)
    answer_suggestion(two.pk, by=lead, text="To you both")
    page = text(client_of(author).get(reverse("feedback:suggestion", args=[one.number])))
    assert "Mine" in page
    assert "To you both" in page
    assert "Yours" not in page
    assert "Mine" not in text(
        client_of(other).get(reverse("feedback:suggestion", args=[two.number]))
    )


def test_carried_out_is_what_was_settled_and_not_declined(author, lead):
    done, declined, _left = (suggest(author, key=str(n)) for n in range(3))
    said = Said(
        kind=CommitmentKind.DECISION,
        staff_text="No",
        customer_text="Too dear",
        decision=Decision.DECLINED,
    )
    make_commitment(declined.pk, by=lead, said=said, owner=None)
    for one in (done, declined):
        resolve_feedback(one.pk, by=lead, outcome="Looked at")
    assert list(carried_out(Feedback.objects.all())) == [done]


def test_the_list_costs_the_same_for_any_number(author, lead, django_assert_num_queries):
    client = client_of(author)
    answer_suggestion(suggest(author).pk, by=lead, text="x")
    client.get(reverse("feedback:suggestions"))
    with django_assert_num_queries(6):
        client.get(reverse("feedback:suggestions"))
    for n in range(4):
        suggest(author, key=f"more{n}")
    with django_assert_num_queries(6):
        page = client.get(reverse("feedback:suggestions"))
    assert len(page.context["rows"]) == 5
