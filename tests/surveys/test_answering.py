"""What becomes of answers, whichever door they come in by."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from feedback.enums import State, TaskKind, TimelineKind
from feedback.models import Feedback, Task
from feedback.services.followup import plan_call_back
from surveys.enums import CollectorChannel, InvitationState, ResponseStatus, SurveyStatus
from surveys.errors import AnswersRefused, LinkExpired, NotOpen, SurveyHasAnswers
from surveys.models import Answer, Invitation, QuotaCount, Response, SurveyVersion
from surveys.selectors.asked import definition_of, dictionary_of
from surveys.services.answering import submit_response
from surveys.services.archiving import (
    archive_survey,
    close_survey,
    delete_survey,
    resume_survey,
)
from surveys.services.calling import take_down_call
from surveys.services.publishing import publish_version, save_draft
from tests.factories import FeedbackFactory, UserFactory
from tests.factories.surveys import definition, make_survey, open_link, planned, sent
from tests.support.jobs import queued

pytestmark = pytest.mark.django_db

GOOD = {"overall": 5, "solved": "yes", "service": 4, "comment": "很快，谢谢！"}


def submit(invitation, answers=None, **more):
    return submit_response(
        invitation.collector_id,
        answers=GOOD if answers is None else answers,
        language="zh-hans",
        invitation_id=invitation.pk,
        **more,
    )


def test_answers_are_stored_by_code(team):
    agent = UserFactory(team=team)
    invitation = sent(FeedbackFactory(team=team), by=agent)

    response = submit(invitation).response

    stored = {
        answer.question.code: answer.number or answer.text or answer.choice.code
        for answer in response.answers.select_related("question", "choice")
    }
    assert stored == {"overall": 5, "solved": "yes", "service": 4, "comment": "很快，谢谢！"}
    assert response.shown == [
        "overall",
        "solved",
        "functional",
        "service",
        "emotional",
        "comment",
    ]
    assert response.status == ResponseStatus.COMPLETE
    assert response.customer == invitation.customer
    assert (response.agent, response.team) == (agent, team)
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.COMPLETED


def test_a_good_word_is_kept_on_the_record():
    invitation = sent()

    submit(invitation)

    feedback = Feedback.objects.get(pk=invitation.feedback_id)
    assert (feedback.satisfaction, feedback.solved_for_customer) == (5, True)
    assert feedback.state == State.RESOLVED
    assert not feedback.tasks.exists()
    assert feedback.timeline.filter(kind=TimelineKind.RATED).count() == 1


def test_submitting_is_announced():
    response = submit(sent()).response
    assert response.pk
    # Nobody listens yet; the wire is checked by the architecture tests.
    assert [path for path, _ in queued() if "ResponseSubmitted" in path] == []


def test_a_low_score_makes_a_call_for_the_lead(team):
    lead = UserFactory(team=team)
    lead.memberships.update(is_lead=True)
    invitation = sent(FeedbackFactory(team=team))

    submit(invitation, {"overall": 2, "solved": "yes"})

    task = Task.objects.get()
    assert (task.kind, task.assignee, task.reason) == (TaskKind.CALL_BACK, lead, "low_score")
    assert Feedback.objects.get().state == State.RESOLVED


def test_not_solved_takes_the_record_up_again():
    invitation = sent()

    submit(invitation, {"overall": 4, "solved": "no"})

    feedback = Feedback.objects.get()
    assert feedback.state == State.OPEN
    assert feedback.solved_for_customer is False
    assert feedback.tasks.get().reason == "not_solved"


def test_solved_in_part_asks_for_a_call_and_leaves_the_record():
    submit(sent(), {"overall": 4, "solved": "partly"})

    feedback = Feedback.objects.get()
    assert feedback.state == State.RESOLVED
    assert feedback.solved_for_customer is None
    assert feedback.tasks.get().reason == "partly_solved"


def test_a_second_submit_changes_nothing():
    invitation = sent()
    first = submit(invitation)

    second = submit(invitation, {"overall": 1, "solved": "no"})

    assert (first.is_new, second.is_new) == (True, False)
    assert second.response == first.response
    assert Response.objects.count() == 1
    assert Feedback.objects.get().satisfaction == 5
    assert not Task.objects.exists()


def test_wrong_answers_are_refused_with_a_sentence_each_and_store_nothing():
    invitation = sent()

    with pytest.raises(AnswersRefused) as refusal:
        submit(invitation, {"overall": 7, "solved": "perhaps", "comment": "hello"})

    assert set(refusal.value.errors) == {"overall", "solved"}
    assert not Response.objects.exists()
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.SENT


def test_an_expired_link_takes_no_answers():
    invitation = sent()
    past = timezone.now() - timedelta(minutes=1)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=past)

    with pytest.raises(LinkExpired):
        submit(invitation)


@pytest.mark.parametrize(
    "shut",
    [
        {"is_active": False},
        {"closes_at": timezone.now() - timedelta(days=1)},
        {"opens_at": timezone.now() + timedelta(days=1)},
    ],
    ids=lambda shut: next(iter(shut)),
)
def test_a_closed_collector_takes_no_answers(shut):
    collector = open_link(**shut)

    with pytest.raises(NotOpen):
        submit_response(collector.pk, answers=GOOD, language="en")


def test_a_collector_takes_no_more_than_its_limit():
    collector = open_link(response_limit=1)
    submit_response(collector.pk, answers=GOOD, language="en", idempotency_key="a")

    with pytest.raises(NotOpen):
        submit_response(collector.pk, answers=GOOD, language="en", idempotency_key="b")
    # The first one pressed twice: it is in, whatever the limit.
    again = submit_response(collector.pk, answers=GOOD, language="en", idempotency_key="a")
    assert not again.is_new


def test_whoever_began_a_version_finishes_it():
    survey = make_survey()
    collector = open_link(survey)
    shorter = definition()
    shorter["pages"][0]["elements"] = shorter["pages"][0]["elements"][:1]
    publish_version(save_draft(survey.pk, definition=shorter).pk)

    old = submit_response(collector.pk, answers=GOOD, language="en", version_number=1).response
    new = submit_response(collector.pk, answers={"overall": 3}, language="en").response

    assert (old.version.number, len(old.shown)) == (1, 6)
    assert (new.version.number, new.shown) == (2, ["overall"])


def test_what_a_version_asks_is_read_once_and_no_other_version_is_answered_by_it(
    django_assert_num_queries,
):
    survey = make_survey()
    first = survey.versions.get()
    answers = {"overall": 4, "solved": "yes"}
    for _ in range(2):
        submit_response(open_link(survey).pk, answers=answers, language="en")
    with django_assert_num_queries(0):
        dictionary_of(first)
        definition_of(SurveyVersion(checksum=first.checksum))  # not even its JSON
    raw = definition()
    raw["pages"][0]["elements"].append(
        {"code": "new", "type": "short_text", "text": {"zh-hans": "新", "en": "New?"}}
    )
    publish_version(save_draft(survey.pk, definition=raw).pk)
    response = submit_response(
        open_link(survey).pk, answers=answers | {"new": "Yes."}, language="en"
    ).response
    assert "new" not in dictionary_of(first).questions
    assert response.answers.get(question__code="new").text == "Yes."


def test_a_draft_cannot_be_answered_whatever_number_is_sent():
    survey = make_survey()
    save_draft(survey.pk, definition={"half": "done"})

    response = submit_response(
        open_link(survey).pk, answers=GOOD, language="en", version_number=2
    ).response

    assert response.version.number == 1


@pytest.mark.parametrize(
    ("began", "most"),
    [
        (timedelta(seconds=90), 95_000),
        (timedelta(days=400), 24 * 3600 * 1000),
        (timedelta(days=-1), 0),
    ],
)
def test_the_time_somebody_took_is_clamped(began, most):
    response = submit_response(
        open_link().pk, answers=GOOD, language="en", started_at=timezone.now() - began
    ).response

    assert 0 <= response.active_ms <= most
    assert response.started_at <= response.completed_at


def test_an_open_link_knows_nobody_and_belongs_to_the_surveys_team(team):
    collector = open_link(make_survey(team=team))

    response = submit_response(collector.pk, answers=GOOD, language="en").response

    assert (response.customer, response.feedback, response.team) == (None, None, team)


def test_the_same_key_in_two_surveys_is_two_responses():
    for _ in range(2):
        submit_response(open_link().pk, answers=GOOD, language="en", idempotency_key="k")
    assert Response.objects.count() == 2


def test_a_call_is_written_down_as_a_response_and_finishes_the_task(team):
    agent = UserFactory(team=team)
    invitation = sent(FeedbackFactory(team=team), by=agent)
    submit(invitation, {"overall": 1})
    feedback = Feedback.objects.get()

    submission = take_down_call(
        feedback.pk,
        by=agent,
        answers={"overall": 2, "solved": "yes"},
        outcome="道歉，并安排了上门。",
        language="zh-hans",
        idempotency_key="call",
    )

    response = submission.response
    assert response.collector.channel == CollectorChannel.PHONE
    assert (response.entered_by, response.source) == (agent, {"mode": "phone"})
    assert response.agent == agent
    task = Task.objects.get()
    assert (task.done_by, task.outcome) == (agent, "道歉，并安排了上门。")
    feedback.refresh_from_db()
    assert feedback.satisfaction == 2


def test_a_call_before_the_mail_answers_the_mail_too():
    agent = UserFactory()
    invitation = planned(by=agent)

    response = take_down_call(
        invitation.feedback_id,
        by=agent,
        answers=GOOD,
        outcome="",
        language="zh-hans",
        idempotency_key="call",
    ).response

    invitation.refresh_from_db()
    assert invitation.state == InvitationState.COMPLETED
    assert response.invitation == invitation
    again = submit(invitation, {"overall": 1})
    assert (again.is_new, again.response) == (False, response)


def test_a_call_without_a_task_leaves_a_note_and_a_low_score_a_task_for_the_lead(team):
    agent = UserFactory(team=team)
    feedback = FeedbackFactory(team=team)

    take_down_call(
        feedback.pk,
        by=agent,
        answers={"overall": 1},
        outcome="很生气",
        language="en",
        idempotency_key="call",
    )

    assert feedback.messages.filter(text="很生气", direction="note").exists()
    assert feedback.tasks.open().count() == 1


def test_a_call_sent_twice_is_one_response_and_the_task_keeps_the_first_word():
    agent, feedback = UserFactory(), FeedbackFactory()
    plan_call_back(feedback, reason="low_score")
    for outcome in ("first", "second"):
        take_down_call(
            feedback.pk,
            by=agent,
            answers=GOOD,
            outcome=outcome,
            language="en",
            idempotency_key="call",
        )
    assert Response.objects.count() == 1
    assert Task.objects.get().outcome == "first"


def test_a_survey_with_answers_is_archived_and_never_deleted():
    survey = make_survey()
    submit_response(open_link(survey).pk, answers=GOOD, language="en")

    with pytest.raises(SurveyHasAnswers):
        delete_survey(survey.pk)

    assert archive_survey(survey.pk).status == SurveyStatus.ARCHIVED
    assert Answer.objects.count() == 4
    assert resume_survey(survey.pk).status == SurveyStatus.RUNNING


def test_a_survey_nobody_answered_can_be_deleted():
    survey = make_survey()
    assert close_survey(survey.pk).status == SurveyStatus.CLOSED

    delete_survey(survey.pk)

    assert not type(survey).objects.filter(pk=survey.pk).exists()


def in_parallel(work, times=6):
    begin = threading.Barrier(times)
    results, errors = [], []

    def run():
        try:
            begin.wait()
            results.append(work())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return results


@pytest.mark.django_db(transaction=True)
def test_answers_handed_in_at_the_same_moment_are_one_response():
    invitation = sent()

    submissions = in_parallel(lambda: submit(invitation, {"overall": 1, "solved": "no"}))

    assert sum(one.is_new for one in submissions) == 1
    assert Response.objects.count() == 1
    assert Answer.objects.count() == 2
    assert Task.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_open_link_pressed_many_times_at_once_is_one_response():
    """Nobody is told that it is closed, though the first press took the last place."""
    collector = open_link(response_limit=1)

    submissions = in_parallel(
        lambda: submit_response(
            collector.pk, answers=GOOD, language="en", idempotency_key="pressed"
        )
    )

    assert sum(one.is_new for one in submissions) == 1
    assert Response.objects.count() == 1
    assert Answer.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_an_open_link_pressed_many_times_at_once_takes_one_place_of_a_quota():
    quota = {"code": "solved", "when": "{solved} = 'yes'", "limit": 10, "end": "full"}
    full = {"code": "full", "text": {"zh-hans": "够了。", "en": "Enough."}}
    collector = open_link(make_survey(definition(quotas=[quota], ends=[full])))

    in_parallel(
        lambda: submit_response(
            collector.pk, answers=GOOD, language="en", idempotency_key="pressed"
        )
    )

    assert Response.objects.count() == 1
    assert QuotaCount.objects.get().taken == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one():
    collector = open_link(response_limit=1)
    keys = iter("abcdef")

    def one():
        try:
            return submit_response(
                collector.pk, answers=GOOD, language="en", idempotency_key=next(keys)
            )
        except NotOpen:
            return None

    in_parallel(one)

    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_phone_and_the_link_at_the_same_moment_do_not_lock_each_other_out():
    invitation, agent = sent(), UserFactory()

    def by_phone():
        return take_down_call(
            invitation.feedback_id,
            by=agent,
            answers=GOOD,
            outcome="",
            language="en",
            idempotency_key="call",
        )

    def by_link():
        return submit(invitation)

    ways = iter([by_phone, by_link] * 3)
    in_parallel(lambda: next(ways)())  # noqa: PLW0108 - each thread takes its own

    assert Response.objects.filter(invitation=invitation).count() == 1
