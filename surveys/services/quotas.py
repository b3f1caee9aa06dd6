"""Places of quotas: taken when somebody hands in, all of them or none."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from surveys.flow.definition import Definition, Quota
from surveys.models import QuotaCount


def take_places(survey_id: int, definition: Definition, codes: Sequence[str]) -> Quota | None:
    """Take a place in each of the quotas `codes`; the one that is full, and then none is taken.
    Only inside the transaction that stores the response. Always in one order, so that two people
    never wait for each other."""
    wanted = sorted((one for one in definition.quotas if one.code in codes), key=lambda q: q.code)
    if not wanted:
        return None
    with transaction.atomic():
        taken = QuotaCount.objects.take
        full = next((q for q in wanted if not taken(survey_id, q.code, q.limit)), None)
        if full is not None:
            transaction.set_rollback(True)  # of this savepoint: the others give theirs back
    return full


def give_back_places(survey_id: int, codes: Sequence[str]) -> None:
    """A response that had taken these places does not count any more: others may have them."""
    mine = QuotaCount.objects.filter(survey=survey_id, code__in=codes, taken__gt=0)
    mine.update(taken=F("taken") - 1)


def take_places_again(survey_id: int, codes: Sequence[str]) -> None:
    """A response counts after all, also where that is one more than the quota had: it was decided
    by somebody who could see that."""
    for code in sorted(set(codes)):
        mine = QuotaCount.objects.filter(survey=survey_id, code=code)
        if not mine.update(taken=F("taken") + 1):
            QuotaCount.objects.bulk_create(
                [QuotaCount(survey_id=survey_id, code=code)], ignore_conflicts=True
            )
            mine.update(taken=F("taken") + 1)
