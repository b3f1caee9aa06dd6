"""Answers that a member of staff takes down while talking to the customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from feedback.enums import TaskKind
from feedback.models import Feedback
from feedback.services.followup import finish_task
from feedback.services.replies import add_note
from surveys.enums import CollectorChannel, InvitationState, SurveyStatus
from surveys.errors import NotOpen
from surveys.models import Collector, Invitation, Survey
from surveys.selectors.doors import response_to
from surveys.services.answering import Submission, submit_response
from surveys.services.defaults import phone_collector


def survey_to_ask(feedback: Feedback) -> Survey:
    """The survey this record is asked about with. Raises NotOpen when none is running."""
    invitation = invitation_to_answer(feedback)
    if invitation is not None:
        return invitation.collector.survey
    collector = (
        Collector.objects.filter(
            channel=CollectorChannel.FOLLOW_UP, survey__status=SurveyStatus.RUNNING
        )
        .select_related("survey")
        .order_by("-is_active", "pk")
        .first()
    )
    if collector is None:
        raise NotOpen
    return collector.survey


def invitation_to_answer(feedback: Feedback) -> Invitation | None:
    """The question that this customer has been, or was to be, asked and has not answered."""
    return (
        Invitation.objects.filter(
            feedback=feedback,
            round=feedback.reopened_count,
            response=None,
            collector__survey__status=SurveyStatus.RUNNING,
        )
        .select_related("collector__survey")
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def take_down_call(
    feedback_id: int,
    *,
    by: User,
    answers: Mapping[str, Any],
    outcome: str,
    language: str,
    idempotency_key: str,
    version_number: int | None = None,
    started_at: datetime | None = None,
) -> Submission:
    """Store what the customer said on the phone as a response of the phone collector, and finish
    the call-back task with `outcome`. The link that was mailed counts as answered by this.
    Raises what submit_response raises."""
    feedback = Feedback.objects.get(pk=feedback_id)
    # Invitation before record, as when it is answered by the link: locks in one order.
    invitation = _lock(invitation_to_answer(feedback))
    feedback = Feedback.objects.select_for_update(of=["self"]).get(pk=feedback_id)
    open_tasks = list(feedback.tasks.open().filter(kind=TaskKind.CALL_BACK))
    submission = submit_response(
        phone_collector(survey_to_ask(feedback)).pk,
        answers=answers,
        language=language,
        version_number=version_number,
        feedback=feedback,
        idempotency_key=idempotency_key,
        started_at=started_at,
        source={"mode": "phone"},
        entered_by=by,
    )
    if not submission.is_new:
        return submission
    if invitation is not None:
        _answered_by_phone(invitation, submission)
    for task in open_tasks:
        finish_task(task.pk, by=by, outcome=outcome)
    if outcome.strip() and not open_tasks:
        add_note(feedback.pk, by=by, text=outcome)
    return submission


def _lock(invitation: Invitation | None) -> Invitation | None:
    if invitation is None:
        return None
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    # Asked only now: a query that waits for a lock sees the other tables as they were before.
    return None if response_to(locked) is not None else locked


def _answered_by_phone(invitation: Invitation, submission: Submission) -> None:
    submission.response.invitation = invitation
    submission.response.save(update_fields=["invitation"])
    invitation.state = InvitationState.COMPLETED
    invitation.save(update_fields=["state"])
