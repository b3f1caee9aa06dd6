"""The rules by which responses of a survey are looked at, and looking at all of them again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from config.kernel.jobs import enqueue
from surveys.enums import ResponseStatus, VersionState
from surveys.models import QualityRules, Response, SurveyVersion
from surveys.rules.quality import ALWAYS
from surveys.services.quality_checking import check_response
from surveys.services.quality_times import measure_times

AT_ONCE = 100


@transaction.atomic
def save_quality_rules(rules: QualityRules) -> QualityRules:
    """Keep them, and look at all responses again by them."""
    rules.off = sorted(set(rules.off) - ALWAYS)
    rules.contradictions = list(dict.fromkeys(rules.contradictions))
    rules.changed_at = timezone.now()
    rules.save()
    order_checks(rules.survey_id)
    return rules


def order_checks(survey_id: int) -> None:
    """Look at all complete responses again, a hundred at a time, in the background."""
    rules = QualityRules.objects.filter(survey=survey_id).first()
    changed = rules.changed_at.isoformat() if rules else ""
    enqueue("surveys.tasks.check_survey", survey_id=survey_id, after=0, changed=changed)


def check_some(survey_id: int, after: int, changed: str) -> int | None:
    """Look at the next responses with a key above `after`; the key they end with, None when
    there are no more, or when the rules were changed meanwhile and another run began."""
    rules = QualityRules.objects.filter(survey=survey_id).first()
    if rules is not None and rules.changed_at != _moment(changed):
        return None
    if after == 0:
        _measure(survey_id)
    keys = list(
        Response.objects.filter(
            survey=survey_id, status=ResponseStatus.COMPLETE, is_test=False, pk__gt=after
        )
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    for key in keys:
        check_response(key)
    return keys[-1] if len(keys) == AT_ONCE else None


def check_all(survey_id: int) -> None:
    """The same at once, for a command; safe beside one that runs."""
    rules = QualityRules.objects.filter(survey=survey_id).first()
    changed = rules.changed_at.isoformat() if rules else ""
    after: int | None = 0
    while after is not None:
        after = check_some(survey_id, after, changed)


def _measure(survey_id: int) -> None:
    for version in SurveyVersion.objects.filter(survey=survey_id).exclude(
        state=VersionState.DRAFT
    ):
        measure_times(version)


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
