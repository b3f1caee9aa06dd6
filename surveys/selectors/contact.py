"""Whether a person may be asked now, and if not, why."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.enums import ConsentPurpose
from accounts.models import Consent, ContactPoint, Customer, User
from config.kernel.tokens import digest
from feedback.enums import Direction, State
from feedback.models import Feedback, Mailbox
from surveys.enums import NotAsked
from surveys.models import AddressOptOut, Collector, ContactEvent, Invitation


def reason_not_to_ask_about(feedback: Feedback) -> NotAsked | None:
    """What about the record itself forbids asking after its solution."""
    if feedback.state == State.MERGED:
        return NotAsked.MERGED
    if feedback.state == State.SPAM:
        return NotAsked.SPAM
    # Records that were merged are one matter: whoever was asked about one is not asked again.
    if Invitation.objects.filter(feedback__merged_into=feedback, sent_at__isnull=False).exists():
        return NotAsked.ASKED_RECENTLY
    received = feedback.messages.filter(direction=Direction.IN)
    if received.exists() and not received.filter(is_automatic=False).exists():
        return NotAsked.AUTOMATIC
    return None


def reason_not_to_ask(
    customer: Customer, address: str, collector: Collector, now: datetime
) -> NotAsked | None:
    """Why this person must not be sent this collector's survey at this address now."""
    if customer.erased_at is not None:
        return NotAsked.ERASED
    if does_not_want_surveys(customer) or _has_opted_out(address):
        return NotAsked.OPTED_OUT
    fault = _fault_of(address)
    if fault is None and _asked_recently(customer, address, collector, now):
        return NotAsked.ASKED_RECENTLY
    return fault


def does_not_want_surveys(customer: Customer) -> bool:
    """By their last word on surveys, or because they do not want to be contacted at all."""
    if customer.do_not_contact_at is not None:
        return True
    word = (
        Consent.objects.filter(customer=customer, purpose=ConsentPurpose.SURVEY)
        .order_by("-at", "-pk")
        .first()
    )
    return word is not None and not word.given


def has_stopped(invitation: Invitation) -> bool:
    """Whether whoever got this invitation does not want surveys any more."""
    customer = invitation.customer
    if customer is not None and does_not_want_surveys(customer):
        return True
    return _has_opted_out(invitation.address)


def _has_opted_out(address: str) -> bool:
    """Said of the address, perhaps before its owner became a customer."""
    return AddressOptOut.objects.filter(address_digest=address_digest(address)).exists()


def address_digest(address: str) -> str:
    """What is remembered of an address for the contact rules."""
    return digest(address.strip().lower())


def _fault_of(address: str) -> NotAsked | None:
    """Why nobody should be asked at this address, whoever it belongs to."""
    if not address:
        return NotAsked.NO_ADDRESS
    staff = User.objects.filter(email__iexact=address, is_active=True)
    if staff.exists() or Mailbox.objects.filter(address__iexact=address).exists():
        return NotAsked.STAFF
    if ContactPoint.objects.email(address).blocked(timezone.now()).exists():
        return NotAsked.SUPPRESSED
    return None


def _asked_recently(customer: Customer, address: str, collector: Collector, now: datetime) -> bool:
    asked = ContactEvent.objects.of_person(customer.pk, address_digest(address))
    of_any = asked.filter(at__gt=now - timedelta(days=collector.quiet_days))
    of_this = asked.filter(
        at__gt=now - timedelta(days=collector.same_survey_days), survey=collector.survey_id
    )
    return of_any.exists() or of_this.exists()
