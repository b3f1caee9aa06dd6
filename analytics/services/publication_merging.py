"""What follows in publications when two customers turn out to be one, or two after all."""

from typing import Any

from django.db import models, transaction

from accounts.models import CustomerMerge
from accounts.services.merging import merge_in_force, remember_moved
from analytics.models import (
    PublicationComment,
    PublicationNotice,
    PublicationQuote,
    PublicationVote,
)

_OF_CUSTOMERS: tuple[type[models.Model], ...] = (
    PublicationComment,
    PublicationQuote,
    PublicationNotice,
    PublicationVote,
)
# Of which a customer has one for each publication.
_ONCE = {PublicationNotice, PublicationVote}


@transaction.atomic
def take_over_said(merge_id: int) -> None:
    """Comments, quotes, votes, and what they were told: where both voted, one vote stays; where
    both were told, both notices stay where they are. Safe to run twice."""
    merge = merge_in_force(merge_id)
    if merge is None:
        return
    gone, kept = merge.gone_id, merge.kept_id
    both = PublicationVote.objects.filter(customer=kept).values_list("publication", flat=True)
    PublicationVote.objects.filter(customer=gone, publication__in=list(both)).delete()
    for model in _OF_CUSTOMERS:
        rows: Any = model._default_manager.filter(customer=gone)
        if model in _ONCE:
            there = model._default_manager.filter(customer=kept)
            rows = rows.exclude(publication__in=list(there.values_list("publication", flat=True)))
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        model._default_manager.filter(pk__in=ids).update(customer=kept)
        if ids:
            remember_moved(merge, model._meta.label, ids)


@transaction.atomic
def give_back_said(merge_id: int) -> None:
    """Bring back what was moved because of a merge and is still there."""
    merge = CustomerMerge.objects.get(pk=merge_id)
    for model in _OF_CUSTOMERS:
        ids = merge.moved.get(model._meta.label, [])
        rows = model._default_manager.filter(pk__in=ids, customer=merge.kept_id)
        rows.update(customer=merge.gone_id)
