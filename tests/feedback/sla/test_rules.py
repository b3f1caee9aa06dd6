"""Laws of the clocks, whatever happened to a record."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedback.enums import Metric
from feedback.rules.business_time import Calendar, elapsed
from feedback.rules.sla import Facts, Step, Target, pauses_of, read_clocks
from tests.feedback.sla.promises import WEEK

START = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
OFFICE = Calendar("Asia/Shanghai", tuple(tuple(day) for day in WEEK))
minutes = st.integers(1, 60 * 24 * 40)


@st.composite
def stories(draw):
    """Facts as services write them: changes of status in order, answers, waits."""
    steps, at, done = [], START, False
    for kind in draw(st.lists(st.sampled_from(["run", "pause", "done"]), max_size=6)):
        at += timedelta(minutes=draw(minutes))
        done = kind == "done"
        steps.append(Step(at, kind != "run", done))
    answered = draw(st.none() | minutes.map(lambda n: START + timedelta(minutes=n)))
    waits = draw(st.none() | minutes.map(lambda n: START + timedelta(minutes=n)))
    return Facts(
        received_at=START,
        is_open=not done,
        first_response_at=answered,
        waiting_since=None if done else waits,
        last_staff_message_at=answered,
        resolved_at=at if done else None,
        steps=steps,
    )


@st.composite
def promises(draw):
    chosen = draw(st.sets(st.sampled_from(list(Metric))))
    seconds = st.integers(60, 90 * 3600)
    return {
        metric: Target(metric, draw(seconds), draw(st.booleans()), draw(st.integers(1, 99)))
        for metric in chosen
    }


@given(stories(), promises())
def test_a_record_has_one_clock_of_a_kind_at_most_and_only_promised_ones(facts, targets):
    found = Counter(one.metric for one in read_clocks(facts, targets, OFFICE))
    assert set(found) <= set(targets)
    assert max(found.values(), default=1) == 1


@given(stories(), promises())
def test_a_live_clock_is_due_or_stands_still_and_a_settled_record_has_none(facts, targets):
    _, since = pauses_of(facts.steps)
    for one in read_clocks(facts, targets, OFFICE):
        if not one.is_live:
            continue
        assert facts.is_open
        assert (one.due_at is None) == (since is not None)
        assert (one.paused_at is None) == (one.due_at is not None)


@given(stories(), promises())
def test_when_it_is_due_exactly_the_promised_time_has_passed_outside_of_pauses(facts, targets):
    closed, _ = pauses_of(facts.steps)
    for one in read_clocks(facts, targets, OFFICE):
        if not one.is_live or one.due_at is None:
            continue
        by = OFFICE if one.target.business_time else None
        assert elapsed(by, one.started_at, one.due_at, closed) == one.target.seconds
        assert one.started_at < one.warn_at <= one.due_at


@given(stories(), promises())
def test_a_clock_that_ended_in_time_was_not_due_before(facts, targets):
    for one in read_clocks(facts, targets, OFFICE):
        if one.is_live or one.due_at is None:
            continue
        end = one.met_at or one.stopped_at
        if one.elapsed_seconds < one.target.seconds and end >= one.started_at:
            assert one.due_at > end
        if one.elapsed_seconds > one.target.seconds:
            assert one.due_at < end
