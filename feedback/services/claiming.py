"""Taking the next record that nobody has."""

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from feedback.enums import OUR_TURN
from feedback.models import Feedback
from feedback.services.assignment import assign_feedback


@transaction.atomic
def claim_next(*, by: User) -> Feedback | None:
    """Give `by` the record that is due first among those that nobody has, in their teams or in
    none; who is in no team and may see every team takes from all. None when nothing is left.

    However many ask at the same moment, no two get the same record: a row that another is just
    taking is passed over.
    """
    awake = Feedback.objects.visible_to(by).filter(snoozed_until=None)
    free = awake.filter(assignee=None, state__in=OUR_TURN)
    teams = list(by.memberships.values_list("team_id", flat=True))
    if teams:
        free = free.filter(Q(team__in=teams) | Q(team=None))
    taken = (
        free.order_by(F("reply_due_at").asc(nulls_last=True), "pk")
        .select_for_update(of=["self"], skip_locked=True)
        .first()
    )
    if taken is None:
        return None
    return assign_feedback(taken.pk, by=by, assignee=by, team=taken.team)
