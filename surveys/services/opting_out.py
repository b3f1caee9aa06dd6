"""A customer's word on being asked: withdrawing is as easy as agreeing, and can be undone."""

from django.db import transaction

from accounts.enums import ConsentChannel, ConsentPurpose
from accounts.services.customers import record_consent
from surveys.enums import InvitationState, NotAsked
from surveys.models import AddressOptOut, Invitation
from surveys.selectors.contact import address_digest, does_not_want_surveys


@transaction.atomic
def stop_surveys(invitation_id: int) -> None:
    """The person who got this invitation does not want to be asked again, by any survey. What is
    planned for them is not sent. Saying it twice is once."""
    invitation = _locked(invitation_id)
    customer = invitation.customer
    if customer is None:
        _stop_at_address(invitation)
        return
    if not does_not_want_surveys(customer):
        record_consent(
            customer.pk,
            purpose=ConsentPurpose.SURVEY,
            given=False,
            channel=ConsentChannel.UNSUBSCRIBE,
        )
    if invitation.state == InvitationState.SENT:
        invitation.state = InvitationState.OPTED_OUT
        invitation.save(update_fields=["state"])
    planned = Invitation.objects.filter(customer=customer, state=InvitationState.QUEUED)
    planned.update(state=InvitationState.OPTED_OUT, reason=NotAsked.OPTED_OUT)


@transaction.atomic
def allow_surveys(invitation_id: int) -> None:
    """It was a slip of the finger: the person may be asked again."""
    invitation = _locked(invitation_id)
    if invitation.customer is not None and does_not_want_surveys(invitation.customer):
        record_consent(
            invitation.customer.pk,
            purpose=ConsentPurpose.SURVEY,
            given=True,
            channel=ConsentChannel.UNSUBSCRIBE,
        )
    # Of a customer too: the address may have signed off before it was theirs.
    AddressOptOut.objects.filter(address_digest=address_digest(invitation.address)).delete()
    if invitation.state == InvitationState.OPTED_OUT and invitation.sent_at is not None:
        invitation.state = InvitationState.SENT
        invitation.save(update_fields=["state"])


def _stop_at_address(invitation: Invitation) -> None:
    """The word of somebody who is no customer holds for the address."""
    if not invitation.address:
        return
    AddressOptOut.objects.get_or_create(address_digest=address_digest(invitation.address))
    if invitation.state == InvitationState.SENT:
        invitation.state = InvitationState.OPTED_OUT
        invitation.save(update_fields=["state"])
    # What is planned for the address is asked about again when its time comes.


def _locked(invitation_id: int) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("customer")
        .get(pk=invitation_id)
    )
