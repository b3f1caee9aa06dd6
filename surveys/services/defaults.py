"""What a fresh installation starts with: the survey that asks after feedback was resolved."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from surveys.enums import CollectorChannel, DuplicatePolicy, SurveyKind
from surveys.models import Collector, Survey
from surveys.services.call_back_questions import CALL_BACK_QUESTIONS
from surveys.services.publishing import publish_version, save_draft

CALL_BACK = UUID("6f0d5c1e-0d4b-4f0e-9a52-ca11bac00001")  # how the shipped survey is found again


@transaction.atomic
def ensure_call_back_survey() -> Survey:
    """Make the call-back survey with its collectors and publish it; left alone when it exists,
    so that what an admin changed or archived stays so."""
    survey, is_new = Survey.objects.get_or_create(
        slug=CALL_BACK,
        defaults={
            "kind": SurveyKind.CSAT,
            "title_zh": "处理结果满意度回访",
            "title_en": "Satisfaction after feedback was resolved",
        },
    )
    if is_new:
        Collector.objects.create(
            survey=survey,
            name="E-mail 邮件",
            channel=CollectorChannel.FOLLOW_UP,
            delay=timedelta(minutes=settings.CALL_BACK_DELAY_MINUTES),
            quiet_days=settings.CALL_BACK_QUIET_DAYS,
            same_survey_days=settings.CALL_BACK_QUIET_DAYS,
        )
        phone_collector(survey)
        draft = save_draft(survey.pk, definition=CALL_BACK_QUESTIONS)
        publish_version(draft.pk)
    return survey


def phone_collector(survey: Survey) -> Collector:
    """Where answers that staff take down on the phone are counted: the first way of that kind,
    those that are switched on before others."""
    mine = Collector.objects.filter(survey=survey, channel=CollectorChannel.PHONE)
    found = mine.select_related("survey__team").order_by("-is_active", "pk").first()
    return found or Collector.objects.create(
        survey=survey,
        channel=CollectorChannel.PHONE,
        name="Phone 电话",
        duplicates=DuplicatePolicy.NONE,
    )


def paper_collector(survey: Survey) -> Collector:
    """Where answers on paper are counted; the code on the forms leads to its open link."""
    mine = Collector.objects.filter(survey=survey, channel=CollectorChannel.PAPER)
    found = mine.select_related("survey__team").order_by("-is_active", "pk").first()
    return found or Collector.objects.create(
        survey=survey,
        channel=CollectorChannel.PAPER,
        name="Paper 纸质",
        duplicates=DuplicatePolicy.NONE,
    )


def api_collector(survey: Survey) -> Collector:
    """Where answers that programs hand in are counted."""
    collector, _is_new = Collector.objects.get_or_create(
        survey=survey,
        channel=CollectorChannel.API,
        defaults={"name": "API", "duplicates": DuplicatePolicy.NONE},
    )
    return collector


def import_collector(survey: Survey) -> Collector:
    """Where answers that were imported as a table are counted, unless it names another way."""
    collector, _is_new = Collector.objects.get_or_create(
        survey=survey,
        channel=CollectorChannel.IMPORT,
        defaults={"name": "Import 导入", "duplicates": DuplicatePolicy.NONE},
    )
    return collector
