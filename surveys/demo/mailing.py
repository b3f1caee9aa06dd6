"""The survey of the demo company by mail: who was asked, reminded, not reached, who answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from accounts.enums import ContactKind
from accounts.models import ContactPoint
from surveys.enums import AudienceOf, CollectorChannel, InvitationState, NotAsked
from surveys.models import (
    Collector,
    ContactEvent,
    Invitation,
    Mailing,
    Response,
    Survey,
    Wave,
)
from surveys.selectors.contact import address_digest
from surveys.services.mailings import USUAL

_PEOPLE = 48
_ANSWERED = 0.4  # of those who got the mail
_REMINDED = timedelta(days=5)
# What became of the others, the last ones first; everybody else just did not answer.
_ENDS = (
    *[(InvitationState.BOUNCED, "")] * 2,
    (InvitationState.OPTED_OUT, ""),
    *[(InvitationState.SKIPPED, NotAsked.OTHER_CHANNEL)] * 2,
)


def ask_by_mail(rng: Random, survey: Survey, *, now: datetime) -> None:
    """Make the way, its mailing and the wave of three weeks ago; some of those who answered the
    survey since did so by their mail. Nobody is written to by itself any more."""
    sent_at = (now - timedelta(days=21)).replace(hour=10, minute=0, second=0, microsecond=0)
    way = Collector.objects.create(
        survey=survey, name="E-mail 邮件", channel=CollectorChannel.EMAIL
    )
    Mailing.objects.create(collector=way, audience_of=AudienceOf.LIST, **USUAL)
    wave = Wave.objects.create(collector=way, number=1, begun_at=sent_at, filled_at=sent_at)
    free, busy = _people(sent_at)
    people = rng.sample(free, min(len(free), _PEOPLE))
    since = survey.responses.complete().filter(completed_at__gt=sent_at + timedelta(hours=1))
    answers = list(since.order_by("pk")[: round(len(people) * _ANSWERED)])
    invitations = list(_invitations(wave, people, answers, sent_at))
    invitations += [
        _invitation(wave, one, InvitationState.THROTTLED, NotAsked.ASKED_RECENTLY) for one in busy
    ]
    Invitation.objects.bulk_create(invitations)
    for response, one in zip(answers, invitations, strict=False):
        response.collector, response.invitation, response.customer = way, one, one.customer
    Response.objects.bulk_update(answers, ["collector", "invitation", "customer"])
    ContactEvent.objects.bulk_create(
        ContactEvent(
            customer=one.customer,
            address_digest=address_digest(one.address),
            survey=survey,
            at=one.sent_at,
        )
        for one in invitations
        if one.sent_at is not None
    )


def _people(sent_at: datetime) -> tuple[list[ContactPoint], list[ContactPoint]]:
    """Customers with an address; three who had been asked something shortly before."""
    points = ContactPoint.objects.filter(
        customer__is_demo=True, kind=ContactKind.EMAIL, is_primary=True, suppressed_at=None
    )
    every = list(points.exclude(customer__name="").select_related("customer").order_by("pk"))
    days = sent_at - timedelta(days=14), sent_at
    lately = ContactEvent.objects.filter(at__range=days).values_list("customer", flat=True)
    asked = set(lately)
    busy = [one for one in every if one.customer_id in asked]
    return [one for one in every if one.customer_id not in asked], busy[:3]


def _invitations(
    wave: Wave, people: list[ContactPoint], answers: list[Response], sent_at: datetime
) -> Iterator[Invitation]:
    """Of `people`, those first who gave `answers`."""
    ends = dict(zip(range(len(people) - 1, len(answers), -1), _ENDS, strict=False))
    for place, point in enumerate(people):
        state, reason = ends.get(place, (InvitationState.SENT, ""))
        reminder: datetime | None = sent_at + _REMINDED
        if place < len(answers):
            state = InvitationState.COMPLETED
            done = answers[place].completed_at
            reminder = reminder if done is not None and done > sent_at + _REMINDED else None
        one = _invitation(wave, point, state, reason)
        if state != InvitationState.SKIPPED:
            one.sent_at = sent_at
            one.expires_at = sent_at + timedelta(days=wave.collector.valid_days)
        if state in {InvitationState.SENT, InvitationState.COMPLETED} and reminder is not None:
            one.reminders, one.reminded_at = 1, reminder
        yield one


def _invitation(
    wave: Wave, point: ContactPoint, state: InvitationState, reason: str
) -> Invitation:
    return Invitation(
        collector=wave.collector,
        wave=wave,
        customer=point.customer,
        address=point.value,
        language=point.customer.language,
        created_at=wave.begun_at,
        send_at=wave.begun_at,
        state=state,
        reason=reason,
    )
