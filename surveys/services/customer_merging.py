"""What follows in the surveys when two customers turn out to be one, or two after all."""

from django.db import transaction

from accounts.models import CustomerMerge
from accounts.services.merging import merge_in_force, remember_moved
from surveys.models import (
    Booking,
    ContactEvent,
    Invitation,
    PhoneCall,
    PointsEntry,
    Response,
    RewardGrant,
)

_OF_CUSTOMERS = (Invitation, Response, ContactEvent, RewardGrant, PointsEntry, PhoneCall, Booking)


@transaction.atomic
def take_over_answers(merge_id: int) -> None:
    """Invitations, answers and what counts for the contact rules. Safe to run twice."""
    merge = merge_in_force(merge_id)
    if merge is None:
        return
    for model in _OF_CUSTOMERS:
        rows = model._default_manager.filter(customer=merge.gone_id)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        model._default_manager.filter(pk__in=ids).update(customer=merge.kept_id)
        if ids:
            remember_moved(merge, model._meta.label, ids)


@transaction.atomic
def give_back_answers(merge_id: int) -> None:
    """Bring back what was moved because of a merge and is still there."""
    merge = CustomerMerge.objects.get(pk=merge_id)
    for model in _OF_CUSTOMERS:
        ids = merge.moved.get(model._meta.label, [])
        rows = model._default_manager.filter(pk__in=ids, customer=merge.kept_id)
        rows.update(customer=merge.gone_id)
