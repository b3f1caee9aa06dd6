"""Whether a response counts. All that hangs on it follows in the same transaction: places of
quotas and the reward; figures, exports and limits ask `is_counted` themselves."""

from django.db import transaction

from accounts.models import User
from surveys.enums import ResponseStatus
from surveys.models import Response
from surveys.selectors.answers import with_answers
from surveys.selectors.stored_walk import walk_of
from surveys.services.quotas import give_back_places, take_places_again
from surveys.services.rewarding import settle_reward


@transaction.atomic
def set_counted(response: Response, counts: bool, *, by: User | None = None) -> bool:
    """Let a response that is locked here count, or not; False when that was so already."""
    if response.is_counted == counts:
        return False
    response.is_counted = counts
    response.save(update_fields=["is_counted"])
    if response.imported_id is not None:
        return True  # neither quotas nor rewards ever knew of it
    if response.status == ResponseStatus.COMPLETE and not response.is_test:
        change = take_places_again if counts else give_back_places
        change(response.survey_id, quotas_of(response))
    settle_reward(response.pk, by=by)
    return True


def quotas_of(response: Response) -> list[str]:
    """In which quotas it has a place when it counts: as it was handed in, or (from before that
    was kept) as its answers say."""
    kept = response.source.get("quotas")
    if isinstance(kept, list):
        return [str(code) for code in kept]
    if not response.version.definition.get("quotas"):
        return []
    stored = with_answers(Response.objects.select_related("version", "customer"))
    _definition, walk = walk_of(stored.get(pk=response.pk))
    return walk.quotas
