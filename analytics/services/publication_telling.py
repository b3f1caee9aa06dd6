"""Telling customers what came of what they told us: each once, whatever becomes of the
publication, and of the customers, afterwards."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import ConsentChannel, ConsentPurpose
from accounts.errors import AddressNotUsable
from accounts.models import Customer, User
from accounts.services.customers import record_consent
from accounts.services.privacy_keepers import rows_of
from analytics.enums import PublicationStep
from analytics.errors import PublicationRefused
from analytics.models import Publication, PublicationNotice
from analytics.selectors.publication_people import people_to_tell, wants_to_hear
from analytics.services.publication_letters import send_letter
from analytics.services.publications import locked, note
from config.kernel.jobs import enqueue
from surveys.services.inviting import Letter

TELL = "analytics.tasks.tell_of_publication"
AT_ONCE = 200  # customers in one job

Write = Callable[[PublicationNotice], Letter]


@transaction.atomic
def tell_customers(publication_id: int, *, by: User) -> int:
    """Order that everybody in the evidence is told who was not yet; gives how many these are now.
    Raises PublicationRefused."""
    one = locked(publication_id)
    if not one.is_published:
        raise PublicationRefused(_("Only what is published can be told."))
    people = people_to_tell(one).count()
    if people:
        note(one, PublicationStep.TOLD, by=by, n=people)
        enqueue(TELL, publication_id=one.pk)
    return people


def tell_some(publication_id: int, write: Write, *, after: int = 0, most: int = AT_ONCE) -> int:
    """The next customers of an order, those with ids above `after`, each in a transaction of its
    own; the rest is another job. What was withdrawn meanwhile is not told. Any number of workers
    may do this at the same time, and be killed. Gives how many were told."""
    one = Publication.objects.filter(pk=publication_id).first()
    if one is None or not one.is_published:
        return 0
    people = people_to_tell(one).filter(pk__gt=after)
    keys = list(people.values_list("pk", flat=True)[:most])
    told = sum(_tell(one.pk, key, write) for key in keys)
    if len(keys) == most:
        enqueue(TELL, publication_id=publication_id, after=keys[-1])
    return told


@transaction.atomic
def _tell(publication_id: int, customer_id: int, write: Write) -> bool:
    # Locked, so that two workers do not both find that nobody has told them.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    one = Publication.objects.get(pk=publication_id)
    rows = rows_of(customer)
    was_told = PublicationNotice.objects.filter(publication=one, customer__in=rows).exists()
    is_there = one.is_published and customer.merged_into_id is None
    if was_told or not is_there or not wants_to_hear(customer):
        return False
    try:
        _write_to(customer, one, write)
    except AddressNotUsable:
        return False
    return True


# As one: whoever is noted down as told has the mail.
@transaction.atomic
def _write_to(customer: Customer, one: Publication, write: Write) -> None:
    notice = PublicationNotice.objects.create(publication=one, customer=customer)
    key = f"publication:{one.pk}:{customer.pk}"
    notice.mail = send_letter(write(notice), customer, tag=f"p{notice.pk}", key=key)
    notice.save(update_fields=["mail"])


@transaction.atomic
def stop_telling(customer: Customer) -> None:
    """They do not want to hear what came of their feedback. Saying it twice is once."""
    if wants_to_hear(customer):
        _say(customer, given=False)


@transaction.atomic
def tell_again(customer: Customer) -> None:
    """It was a slip of the finger. Whoever does not want to be contacted at all stays so."""
    if customer.do_not_contact_at is None and not wants_to_hear(customer):
        _say(customer, given=True)


def _say(customer: Customer, *, given: bool) -> None:
    record_consent(
        customer.pk,
        purpose=ConsentPurpose.OUTCOME,
        given=given,
        channel=ConsentChannel.UNSUBSCRIBE,
    )
