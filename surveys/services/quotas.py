"""Places of quotas: taken when somebody hands in, all of them or none."""

from collections.abc import Sequence

from django.db import transaction

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
