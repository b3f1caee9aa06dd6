"""Who voted for a plan."""

from django.db.models import Q, QuerySet

from accounts.models import Customer
from accounts.services.privacy_keepers import rows_of
from analytics.models import PublicationVote


def votes_of(
    publication_id: int, *, voter: str, customer: Customer | None = None
) -> QuerySet[PublicationVote]:
    """Of this browser, and of this customer by whichever browser: at most one of each."""
    who = Q(voter=voter) if voter else Q(pk=None)
    if customer is not None:
        who |= Q(customer__in=rows_of(customer))
    return PublicationVote.objects.filter(who, publication=publication_id).order_by("pk")
