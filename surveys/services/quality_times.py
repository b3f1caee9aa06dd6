"""How long people usually take, measured now and then over the newest responses: a response that
comes in is compared with numbers that are there already."""

from collections import defaultdict

from django.db.models import Q
from django.utils import timezone

from surveys.enums import ResponseStatus, SurveyStatus, VersionState
from surveys.models import AnswerTimes, Response, SurveyVersion
from surveys.models.response import ResponseQuerySet
from surveys.rules.quality import blocks_of, is_straight, medians_of
from surveys.selectors.answers import with_answers
from surveys.selectors.stored_walk import walk_of
from surveys.services.quality_checking import rules_of

NEWEST = 2000  # responses whose times are looked at
NEWEST_ANSWERS = 300  # and whose answers are
ENOUGH_NEW = 10  # since the last time, to measure again


def measure_due_times() -> int:
    """Measure the versions that are being answered, as far as enough has come in; how many."""
    versions = SurveyVersion.objects.filter(
        state=VersionState.PUBLISHED, survey__status=SurveyStatus.RUNNING
    ).select_related("times", "survey")
    return sum(measure_times(version) for version in versions if _is_due(version))


def _is_due(version: SurveyVersion) -> bool:
    mine = _complete(version)
    times = getattr(version, "times", None)
    if times is not None:
        mine = mine.filter(completed_at__gt=times.measured_at)
    return len(mine.values_list("pk")[:ENOUGH_NEW]) == ENOUGH_NEW


def _complete(version: SurveyVersion) -> ResponseQuerySet:
    return Response.objects.filter(
        survey=version.survey_id, version=version, status=ResponseStatus.COMPLETE, is_test=False
    )


def measure_times(version: SurveyVersion) -> bool:
    """The median of each page, and the share of people who answer each block straight. What staff
    left out is no measure for others."""
    now = timezone.now()
    people = _complete(version).filter(Q(is_counted=True), entered_by=None).order_by("-pk")
    trails = people.exclude(trail=None).values_list("trail", flat=True)[:NEWEST]
    AnswerTimes.objects.update_or_create(
        version=version,
        defaults={
            "pages": medians_of(trails),
            "straight": _straight_shares(version, people),
            "measured_at": now,
        },
    )
    return True


def _straight_shares(
    version: SurveyVersion, people: ResponseQuerySet
) -> dict[str, tuple[int, float]]:
    rows = rules_of(version.survey_id).straight_rows
    found: defaultdict[str, list[bool]] = defaultdict(list)
    newest = people.select_related("version", "customer")[:NEWEST_ANSWERS]
    for response in with_answers(newest):
        _definition, walk = walk_of(response)
        for block in blocks_of(walk):
            if len(block.answers) >= rows:
                found[block.code].append(is_straight(block, rows))
    return {code: (len(all_), sum(all_) / len(all_)) for code, all_ in found.items()}
