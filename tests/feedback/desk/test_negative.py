"""Negative feedback: found, worked through, not resolved silently; quality traces; tone."""

import pytest
from django.urls import reverse

from accounts.enums import Role, Scope
from accounts.models import Membership
from feedback.enums import Mood, NegativePointKind, NoticeKind, State, TraceState
from feedback.errors import NegativePointsMissing, NegativeRefused, TraceRefused
from feedback.models import Category, NegativeCase, NegativeRule, Notification, QualityTrace
from feedback.rules.tone import Tone, judge_tone
from feedback.selectors.negative import findings, missing_points
from feedback.selectors.queue import queue_page, read_query
from feedback.services.assessing import take_mood
from feedback.services.details import set_category
from feedback.services.followup import record_satisfaction
from feedback.services.negative import (
    find_negative,
    mark_negative,
    write_point,
)
from feedback.services.quality_traces import start_traces, write_trace
from feedback.services.workflow import resolve_feedback
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, ProductFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(team):
    user = member(Role.LEAD, team)
    Membership.objects.filter(user=user).update(is_lead=True)
    return user


@pytest.fixture
def bad(team, agent):
    record = FeedbackFactory(team=team)
    mark_negative(record.pk, by=agent)
    record.refresh_from_db()
    return record


def finish(record, agent, *kinds):
    for kind in kinds or NegativePointKind:
        write_point(record.pk, by=agent, kind=kind, text="The washer was too thin", done=True)


# --- found ------------------------------------------------------------------------------------
def test_words_scores_categories_and_sentiment_are_heard_and_the_lead_told_once(team, lead):
    words = FeedbackFactory(team=team, text="太差了，我要投诉！")
    score, felt, kept = FeedbackFactory.create_batch(3, team=team)
    polite = FeedbackFactory(
        team=team, category=Category.objects.get(code="service-attitude"), text="The man was rude"
    )
    record_satisfaction(score.pk, overall=1, solved=None)
    take_mood(felt.pk, mood=Mood.NEGATIVE, score=-80, confidence=0.9)

    assert find_negative() == 4
    assert find_negative() == 0

    found = set(NegativeCase.objects.values_list("feedback", flat=True))
    assert found == {words.pk, score.pk, felt.pk, polite.pk}
    assert kept.pk not in found
    told = Notification.objects.filter(user=lead, kind=NoticeKind.NEGATIVE)
    assert told.count() == 4
    assert words.negative_case.points.count() == len(NegativePointKind)


def test_it_is_heard_with_the_first_job_about_it_and_asking_how_is_no_complaint(team, lead):
    insists = FeedbackFactory(team=team, text="你们必须退货！")
    asks = FeedbackFactory(team=team, text="请问怎么退货？")
    run_queued_jobs()

    for one, expected in ((insists, True), (asks, False)):
        one.refresh_from_db()
        assert (one.negative_at is not None) is expected
    assert Notification.objects.get(user=lead).feedback == insists


def test_spam_is_not_negative_and_a_rule_that_cannot_run_finds_nothing(team):
    FeedbackFactory(team=team, text="投诉", is_spam=True)
    assert find_negative() == 0
    FeedbackFactory(team=team, text="投诉")
    NegativeRule.objects.update(condition=["is", "team", 999_999])
    assert find_negative() == 0


# --- worked through ---------------------------------------------------------------------------
def test_it_is_not_resolved_silently(bad, agent, agent_client):
    with pytest.raises(NegativePointsMissing, match="Root cause"):
        resolve_feedback(bad.pk, by=agent)
    url = reverse("feedback:change_negative", args=[bad.number])
    agent_client.post(url, {"do": "excuse", "reason": ""})
    with pytest.raises(NegativePointsMissing):
        resolve_feedback(bad.pk, by=agent)

    agent_client.post(url, {"do": "excuse", "reason": "He moved abroad"})
    resolve_feedback(bad.pk, by=agent)

    bad.refresh_from_db()
    assert bad.state == State.RESOLVED
    entry = bad.timeline.get(note="He moved abroad")
    assert NegativePointKind.ROOT_CAUSE in entry.data["missing"]


def test_what_is_done_lets_it_be_resolved_and_only_what_is_required_counts(bad, agent):
    NegativeRule.objects.update(required=["apology", "root_cause"])
    finish(bad, agent, NegativePointKind.APOLOGY)
    assert missing_points(bad) == [NegativePointKind.ROOT_CAUSE]
    finish(bad, agent, NegativePointKind.ROOT_CAUSE)

    resolve_feedback(bad.pk, by=agent)

    assert [one.text for one in findings(agent, since=bad.received_at)] == [
        "The washer was too thin"
    ]


def test_others_learn_from_words_not_from_ticks(bad, agent):
    for kind in (NegativePointKind.ROOT_CAUSE, NegativePointKind.TRAINING):
        with pytest.raises(NegativeRefused):
            write_point(bad.pk, by=agent, kind=kind, text=" ", done=True)


def test_the_card_shows_how_far_it_is_and_the_list_what_is_missing(bad, agent, agent_client):
    url = reverse("feedback:change_negative", args=[bad.number])
    part = agent_client.post(
        url,
        {"kind": "apology", "text": "Called him", "done": "on"},
        headers={"HX-Request": "true"},
    )
    assert "1 / 6" in part.content.decode()
    assert "Called him" in part.content.decode()

    (row,) = queue_page(read_query("view=negative", agent), agent).rows
    assert row.points_left[0] == NegativePointKind.ACTION
    page = agent_client.get(reverse("feedback:queue"), {"view": "negative"}).content.decode()
    assert "Root cause" in page


def test_the_rule_is_edited_by_those_who_may(lead, agent_client):
    url = reverse("feedback:negative_rule")
    assert agent_client.get(url).status_code == 403
    client = client_of(lead)
    everything = client.post(url, {"condition": '["and"]', "required": ["apology"]})
    assert everything.status_code == 422
    assert NegativeRule.objects.get().required != ["apology"]


def test_strangers_find_neither_card_nor_trace(bad, agent, outsider_client):
    for name in ("negative", "change_negative", "check_text", "new_trace"):
        url = reverse(f"feedback:{name}", args=[bad.number])
        method = outsider_client.get if name == "negative" else outsider_client.post
        assert method(url).status_code == 404, name


# --- quality traces ---------------------------------------------------------------------------
def test_a_category_about_quality_starts_a_trace_once(team, agent):
    quality = Category.objects.get(code="product-quality")
    product = ProductFactory()
    first = FeedbackFactory(team=team, category=quality, product=product, order_number="A-7")
    moved, other = FeedbackFactory.create_batch(2, team=team)
    set_category(moved.pk, by=agent, category=quality)

    assert start_traces() == 2
    assert start_traces() == 0

    trace = QualityTrace.objects.get(feedback=first)
    assert (trace.product, trace.order_number) == (product, "A-7")
    assert not QualityTrace.objects.filter(feedback=other).exists()


def test_a_trace_says_what_it_knows_and_shows_the_same_batch(team, agent, agent_client):
    quality = Category.objects.get(code="product-quality")
    product = ProductFactory()
    records = FeedbackFactory.create_batch(2, team=team, category=quality, product=product)
    start_traces()
    one, other = (QualityTrace.objects.get(feedback=record) for record in records)
    with pytest.raises(TraceRefused):
        write_trace(one.pk, by=agent, state=TraceState.CAUSE_FOUND)
    for trace in (one, other):
        write_trace(trace.pk, by=agent, batch="B0917", cause="Thin washer")
    write_trace(one.pk, by=agent, state=TraceState.CAUSE_FOUND)

    page = agent_client.get(reverse("feedback:trace", args=[one.pk])).content.decode()
    assert f"#{other.feedback.number}" in page
    assert (
        "Quality trace: Cause found"
        in agent_client.get(records[0].get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_of_traces_costs_the_same_for_any_number(
    team, agent_client, rows, django_assert_num_queries
):
    quality = Category.objects.get(code="product-quality")
    FeedbackFactory.create_batch(rows, team=team, category=quality)
    start_traces()
    url = reverse("feedback:traces")
    agent_client.get(url)

    with django_assert_num_queries(6):
        assert agent_client.get(url).content.decode().count("data-row=") == rows


# --- tone -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "tones"),
    [
        ("是您自己弄坏的", [Tone.BLAME]),
        ("这绝对不可能！！", [Tone.ABSOLUTE, Tone.SHOUTING]),
        ("You should have read the manual", [Tone.BLAME]),
        ("READ THE MANUAL. That is not our problem", [Tone.SHOUTING, Tone.COLD]),
        ("We are sorry, the filter comes tomorrow. 非常抱歉，明天送到。", []),
        ("Please use the USB port of the X3", []),
    ],
)
def test_blame_absolutes_and_shouting_are_seen(text, tones):
    found = judge_tone(text)

    assert [one.tone for one in found] == tones
    assert all(text[one.start : one.end] == one.words for one in found)


def test_hints_come_while_one_writes_an_answer_and_none_for_a_note(bad, agent_client):
    url = reverse("feedback:check_text", args=[bad.number])

    answer = agent_client.post(url, {"text": "您自己弄错了", "kind": "reply"}).content.decode()

    assert "sounds like blame" in answer
    note = agent_client.post(url, {"text": "您自己弄错了", "kind": "note"})
    assert "sounds like blame" not in note.content.decode()


# --- for programs -----------------------------------------------------------------------------
def test_points_and_traces_by_the_api(team, agent):
    program = ApiClient(agent, Scope.values)
    quality = Category.objects.get(code="product-quality")
    record = FeedbackFactory(team=team, category=quality)
    where = f"feedback/{record.number}/negative/"
    assert program.get(where).status_code == 404
    assert len(program.post(where, {}).json()["points"]) == 6
    wrote = program.put(where, {"kind": "root_cause", "text": "Thin washer"}).json()
    assert [one["text"] for one in wrote["points"] if one["done_at"]] == ["Thin washer"]
    refused = program.post(f"feedback/{record.number}/resolve/", {})
    assert refused.json()["code"] == "negative_points_missing"
    program.post(f"feedback/{record.number}/excuse/", {"reason": "Solved at the door"})
    assert program.post(f"feedback/{record.number}/resolve/", {}).status_code == 200
    start_traces()
    FeedbackFactory(team=team, category=quality)
    start_traces()
    trace = program.get("quality-traces/").json()["results"][0]
    changed = program.patch(f"quality-traces/{trace['id']}/", {"batch": "B1"})
    assert changed.json()["batch"] == "B1", changed.json()
