"""Votes of customers on what is planned: one for each browser, and one for each customer whom we
know by the link in a mail."""

from django.db import transaction

from accounts.models import Customer
from analytics.models import Publication, PublicationVote
from analytics.selectors.public_page import stored_page
from analytics.selectors.publication_voters import votes_of
from analytics.services.publications import locked


@transaction.atomic
def vote(publication_id: int, *, voter: str, customer: Customer | None = None) -> bool:
    """`voter`: the digest of what the browser keeps. Voting twice is once; False where there is
    nothing to vote on (any more)."""
    one = locked(publication_id)
    if not may_vote(one):
        return False
    there = list(votes_of(one.pk, voter=voter, customer=customer))
    if not there:
        PublicationVote.objects.create(publication=one, voter=voter, customer=customer)
    elif customer is not None:
        _know(there, customer)
    return True


def _know(there: list[PublicationVote], customer: Customer) -> None:
    """Voted as somebody unknown before, and came by the mail now: still one person, who may have
    voted elsewhere by that mail already."""
    unknown = next((one for one in there if one.customer_id is None), None)
    if unknown is None:
        return
    if len(there) > 1:
        unknown.delete()
        return
    unknown.customer = customer
    unknown.save(update_fields=["customer"])


@transaction.atomic
def take_vote_back(publication_id: int, *, voter: str, customer: Customer | None = None) -> bool:
    """Whether there was one."""
    one = locked(publication_id)
    gone, _ = votes_of(one.pk, voter=voter, customer=customer).delete()
    return bool(gone)


def may_vote(one: Publication) -> bool:
    return one.is_plan and one.is_published and stored_page().takes_votes
