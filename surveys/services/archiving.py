"""Ending a survey: closed, put away, or deleted while nobody has answered it."""

from django.db import transaction

from surveys.enums import SurveyStatus, VersionState
from surveys.errors import SurveyHasAnswers
from surveys.models import PaperEntry, Survey


def close_survey(survey_id: int) -> Survey:
    """No more answers; the results stay where they are."""
    return _set_status(survey_id, SurveyStatus.CLOSED)


def archive_survey(survey_id: int) -> Survey:
    """Out of the lists as well."""
    return _set_status(survey_id, SurveyStatus.ARCHIVED)


@transaction.atomic
def resume_survey(survey_id: int) -> Survey:
    """Take answers again; a survey that was never published becomes a draft."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    published = survey.versions.filter(state=VersionState.PUBLISHED).exists()
    return _set_status(survey_id, SurveyStatus.RUNNING if published else SurveyStatus.DRAFT)


@transaction.atomic
def delete_survey(survey_id: int) -> None:
    """Remove a survey that nobody has answered. Raises SurveyHasAnswers."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    # A form that was entered once is an answer already, and no response yet.
    entered = PaperEntry.objects.filter(form__batch__survey=survey)
    if survey.responses.exists() or entered.exists():
        raise SurveyHasAnswers
    survey.delete()


@transaction.atomic
def _set_status(survey_id: int, status: SurveyStatus) -> Survey:
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if survey.status != status:
        survey.status = status
        survey.save(update_fields=["status"])
    return survey
