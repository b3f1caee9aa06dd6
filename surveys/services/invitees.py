"""People who are invited by a list or by hand, and what is done with one invitation."""

from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.enums import ContactKind
from accounts.errors import TooLateToRecall
from accounts.models import ContactPoint, Customer, User
from accounts.services.customers import find_or_create_customer
from accounts.services.forgotten import forgotten_among
from accounts.services.outbox import recall
from surveys.enums import InvitationState, NotAsked, Sending
from surveys.errors import CannotWithdraw, SendingIsOver
from surveys.models import Collector, Invitation
from surveys.rules.address_lists import Addressee
from surveys.selectors.audience import Person
from surveys.services.inviting import give_up
from surveys.services.mailings import mailing_of
from surveys.services.waves import Made, invite, wave_to_join


@transaction.atomic
def invite_addresses(
    collector_id: int,
    addressees: Sequence[Addressee],
    *,
    by: User | None,
    as_customers: bool = False,
) -> Made:
    """Invite these people in the newest wave (or the first). Whoever is a customer is invited as
    one; others without being made one, unless `as_customers`. An address that is named here is
    written to whatever channel its owner prefers. Who was forgotten is not asked, nor written
    down. Raises SendsNoMail, SendingIsOver."""
    collector = Collector.objects.select_related("survey", "mailing").get(pk=collector_id)
    mailing_of(collector)
    if collector.sending == Sending.STOPPED:
        raise SendingIsOver
    known = _known([one.address for one in addressees])
    wave = wave_to_join(collector, by=by)
    wave.collector = collector
    people = []
    erased = forgotten_among(ContactKind.EMAIL, [one.address for one in addressees])
    for one in addressees:
        if one.address in erased:
            continue
        customer = known.get(one.address)
        if customer is None and as_customers:
            customer = find_or_create_customer(
                kind=ContactKind.EMAIL,
                value=one.address,
                name=one.name,
                language=one.language or collector.survey.default_language,
            )
        language = one.language or (customer.language if customer else "")
        people.append(Person(one.address, customer, one.name, language, one.fields))
    made = invite(wave, people, others_too=True)
    return Made(made.invited, made.already, made.not_asked + len(addressees) - len(people))


def _known(addresses: Sequence[str]) -> dict[str, Customer]:
    points = ContactPoint.objects.filter(kind=ContactKind.EMAIL, value__in=addresses)
    return {one.value: one.customer for one in points.select_related("customer")}


@transaction.atomic
def withdraw_invitation(invitation_id: int) -> Invitation:
    """The link stops working, no reminder follows, and what has not left does not leave. Raises
    CannotWithdraw when it was answered."""
    invitation = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("collector", "feedback", "outgoing")
        .get(pk=invitation_id)
    )
    if invitation.state == InvitationState.COMPLETED:
        raise CannotWithdraw
    if invitation.outgoing is not None:
        # What left already may have arrived; its link does not open any more.
        with suppress(TooLateToRecall):
            recall(invitation.outgoing.pk, also_waiting=True)
    invitation.link_epoch = F("link_epoch") + 1
    invitation.next_reminder_at, invitation.expires_at = None, timezone.now()
    invitation.save(update_fields=["link_epoch", "next_reminder_at", "expires_at"])
    give_up(invitation, NotAsked.WITHDRAWN)
    invitation.refresh_from_db()
    return invitation
