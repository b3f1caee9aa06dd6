"""Problems and measures as services write them: each write is one entry of the history."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analytics.enums import CauseKind, CauseMethod, EffectDesign, EffectVerdict, MeasureKind
from analytics.enums import ImprovementEvent as E
from analytics.enums import MeasureStatus as M
from analytics.enums import ProblemStatus as P
from analytics.errors import MeasureRefused, OwnerCannotSee, ProblemRefused, ScoreRefused
from analytics.models import ImprovementEntry, ProblemEvidence
from analytics.selectors.problem_facts import facts_of
from analytics.services.effect_checks import keep_effect
from analytics.services.evidence import add_evidence, remove_evidence
from analytics.services.improvement_privacy import forget_quotes_of
from analytics.services.measure_money import Flow, set_cash_flows
from analytics.services.measure_steps import add_step, tick_step
from analytics.services.measures import change_measure, move_measure, propose_measure
from analytics.services.problems import change_problem, make_problem, move_problem
from analytics.services.reminding_owners import remind_owners
from analytics.services.root_causes import add_cause, begin_analysis, confirm_cause, show_cause_by
from analytics.services.scoring import score_problem
from feedback.enums import NoticeKind, Priority, State
from feedback.models import Feedback, Notification
from tests.factories import FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db


def events(problem):
    return list(problem.entries.values_list("event", flat=True))


def test_evidence_counts_for_who_may_see_its_records(problem, lead, records, admin, outsider):
    hidden = FeedbackFactory(team=None, priority=Priority.URGENT)
    spam = FeedbackFactory(team=problem.team)
    Feedback.objects.filter(pk=spam.pk).update(state=State.SPAM)
    theirs = FeedbackFactory(team=outsider.memberships.get().team)
    assert add_evidence(problem.pk, by=lead, feedback=[hidden.pk, theirs.pk, spam.pk]) == 1
    assert add_evidence(problem.pk, by=admin, feedback=[theirs.pk, hidden.pk]) == 1

    seen = facts_of(lead, [problem.pk])[problem.pk]
    assert (seen.evidence, seen.customers, seen.severity) == (4, 4, 4)
    assert facts_of(admin, [problem.pk])[problem.pk].evidence == 5
    Feedback.objects.filter(pk=hidden.pk).update(state=State.SPAM)
    assert facts_of(lead, [problem.pk])[problem.pk].severity == 2

    foreign = ProblemEvidence.objects.get(feedback=theirs)
    assert remove_evidence(problem.pk, [foreign.pk], by=lead) == 0
    assert events(problem) == [E.CREATED, E.EVIDENCE, E.EVIDENCE, E.EVIDENCE]


def test_a_quote_goes_with_the_record_that_is_anonymised(problem, lead, records):
    record = FeedbackFactory(team=problem.team)
    add_evidence(problem.pk, by=lead, feedback=[record.pk], quote="Li Wei says it leaks")

    forget_quotes_of([record.pk])

    assert ProblemEvidence.objects.get(feedback=record).quote == ""


def test_a_problem_is_solved_by_a_verified_measure_or_with_words(problem, lead):
    with pytest.raises(ProblemRefused, match="No measure is verified"):
        move_problem(problem.pk, P.SOLVED, by=lead)
    with pytest.raises(ProblemRefused, match="why"):
        move_problem(problem.pk, P.DROPPED, by=lead)

    assert move_problem(problem.pk, P.SOLVED, by=lead, note="None for a year").status == P.SOLVED
    last = problem.entries.last()
    assert (last.note, last.data) == ("None for a year", {"before": "open", "after": "solved"})


def test_what_did_not_change_is_not_told(problem, lead):
    before = problem.entries.count()
    change_problem(problem.pk, by=lead, title=problem.title, severity=None)
    assert problem.entries.count() == before
    change_problem(problem.pk, by=lead, severity=4)
    assert problem.entries.last().data == {"fields": ["severity"]}


def test_nobody_is_given_what_they_cannot_see(problem, lead):
    with pytest.raises(OwnerCannotSee):
        change_problem(problem.pk, by=lead, owner=UserFactory())


def test_a_measure_goes_its_way_and_its_problem_is_acted_on(problem, measure, lead, agent):
    with pytest.raises(MeasureRefused, match="who owns it"):
        move_measure(measure.pk, M.APPROVED, by=lead)
    today = timezone.localdate()
    change_measure(measure.pk, by=lead, owner=agent, due_on=today)
    assert Notification.objects.get(user=agent).kind == NoticeKind.MEASURE
    move_measure(measure.pk, M.APPROVED, by=lead)
    move_measure(measure.pk, M.DOING, by=agent)
    problem.refresh_from_db()
    assert problem.status == P.ACTING

    step = add_step(measure.pk, by=agent, text="Order seals")
    with pytest.raises(MeasureRefused, match="steps"):
        move_measure(measure.pk, M.DONE, by=agent)
    tick_step(step.pk, by=agent)
    assert move_measure(measure.pk, M.DONE, by=agent).in_force_from == today
    with pytest.raises(MeasureRefused, match="may not"):
        move_measure(measure.pk, M.VERIFIED, by=agent, note="Fine")
    keep_effect(
        measure.pk, by=lead, metric="csat", design=EffectDesign.BEFORE_AFTER,
        verdict=EffectVerdict.BETTER, inputs={}, result={},
    )  # fmt: skip
    assert move_measure(measure.pk, M.VERIFIED, by=lead).status == M.VERIFIED
    assert move_problem(problem.pk, P.SOLVED, by=lead).status == P.SOLVED
    told = list(measure.entries.values_list("event", flat=True))
    assert told == [
        E.CREATED, E.CHANGED, E.STATUS, E.STATUS, E.STEP, E.STEP, E.STATUS, E.EFFECT, E.STATUS,
    ]  # fmt: skip


def test_owners_of_measures_under_way_are_reminded_once(measure, lead, agent):
    soon = timezone.localdate() + timedelta(days=2)
    change_measure(measure.pk, by=lead, owner=agent, due_on=soon)
    assert remind_owners() == 0  # nobody approved it yet
    move_measure(measure.pk, M.APPROVED, by=lead)

    assert (remind_owners(), remind_owners()) == (1, 0)
    due = Notification.objects.get(user=agent, kind=NoticeKind.MEASURE_DUE)
    assert (due.url, due.subject) == (measure.get_absolute_url(), str(measure))
    change_measure(measure.pk, by=lead, due_on=soon - timedelta(days=1))
    assert remind_owners() == 1


def test_whoever_owns_a_measure_sees_its_problem(problem, measure, lead, outsider):
    seen = type(problem).objects.visible_to(outsider)
    assert not seen.filter(pk=problem.pk).exists()
    change_measure(measure.pk, by=lead, owner=outsider)
    assert seen.filter(pk=problem.pk).exists()
    assert type(measure).objects.visible_to(outsider).get() == measure


def test_a_chain_of_whys_leads_to_a_confirmed_cause(problem, lead):
    chain = begin_analysis(problem.pk, CauseMethod.FIVE_WHYS, by=lead)
    with pytest.raises(ProblemRefused, match="leads to it"):
        confirm_cause(chain.pk, by=lead, conclusion="Old seals")
    why = add_cause(chain.pk, by=lead, text="The seal is old")
    with pytest.raises(ProblemRefused, match="branch"):
        add_cause(chain.pk, by=lead, text="x", kind=CauseKind.METHOD)
    other = make_problem(by=lead, title="Another")
    add_evidence(other.pk, by=lead, feedback=[FeedbackFactory(team=problem.team).pk])
    foreign = other.evidence.get().pk
    show_cause_by(why.pk, [problem.evidence.first().pk, foreign], by=lead)
    assert why.evidence.get() == problem.evidence.first()

    assert confirm_cause(chain.pk, by=lead, conclusion="Old seals").confirmed_by == lead
    with pytest.raises(ProblemRefused, match="confirmed"):
        add_cause(chain.pk, by=lead, text="x")
    problem.refresh_from_db()
    assert problem.status == P.ANALYSING


def test_scores_and_money_are_kept(problem, measure, lead):
    rice = {"reach": 400, "impact": 2, "confidence": 0.8, "effort": 4}
    score_problem(problem, "rice", rice, by=lead)
    score_problem(problem, "rice", rice | {"effort": 8}, by=lead)
    with pytest.raises(ScoreRefused):
        score_problem(problem, "rice", rice | {"effort": 0}, by=lead)
    assert [one.value for one in problem.scores.all()] == [80, 160]
    assert [one.value for one in problem.scores.newest()] == [80]

    set_cash_flows(measure.pk, [Flow(cost=9), Flow(benefit=5)], by=lead)
    set_cash_flows(measure.pk, [Flow(cost=10), Flow(benefit=6), Flow(benefit=6)], by=lead)
    assert list(measure.cash_flows.values_list("period", "cost", "benefit")) == [
        (0, 10, 0), (1, 0, 6), (2, 0, 6),
    ]  # fmt: skip
    assert ImprovementEntry.objects.filter(measure=measure, event=E.MONEY).count() == 2


def test_a_training_has_its_note(problem, lead):
    made = propose_measure(
        problem.pk, by=lead, kind=MeasureKind.TRAINING, title="Seals",
        training_note="Ask for the batch.",
    )  # fmt: skip
    assert made.training_note == "Ask for the batch."
