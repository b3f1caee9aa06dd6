"""Waves: the audience of a mailing is found anew, and everybody in it invited once, or noted
with the reason why not. Done in small steps, each a transaction, so that it may be interrupted
at any moment and gone on with by any worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Customer, User
from config.kernel.jobs import enqueue
from surveys.enums import Sending
from surveys.models import Collector, Invitation, Mailing, Wave
from surveys.rules.drawing import drawn_up_to, is_drawn
from surveys.rules.rhythm import next_hour, next_time
from surveys.selectors.audience import (
    AT_A_TIME,
    Person,
    already_invited,
    condition_of,
    customers_of,
    people_of,
    reasons_not_to_ask,
    their_hours,
    with_contacts,
)
from surveys.services.inviting import state_for
from surveys.services.mailings import BEGIN

STEPS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Made:
    """What became of people: invited, in this wave already, not asked."""

    invited: int = 0
    already: int = 0
    not_asked: int = 0


def go_on_with_waves() -> int:
    """Begin the waves whose time has come and invite on in those that are not through; how many
    steps that were. Comes back by itself while there is more."""
    now = timezone.now()
    due = Mailing.objects.filter(next_wave_at__lte=now)
    for mailing_id in list(due.values_list("pk", flat=True)):
        begin_due_wave(mailing_id)
    steps = 0
    for wave_id in list(Wave.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
        while steps < STEPS_AT_ONCE and invite_some(wave_id):
            steps += 1
    if steps >= STEPS_AT_ONCE:
        enqueue(BEGIN)
    return steps


@transaction.atomic
def begin_due_wave(mailing_id: int) -> Wave | None:
    """None when another worker has it, and while the survey does not run: it waits, unless the
    window is over or sending was stopped."""
    now = timezone.now()
    mailing = (
        Mailing.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("collector__survey__plan")
        .filter(pk=mailing_id, next_wave_at__lte=now)
        .first()
    )
    if mailing is None or mailing.next_wave_at is None:
        return None
    collector = mailing.collector
    is_over = collector.closes_at is not None and collector.closes_at <= now
    if is_over or collector.sending == Sending.STOPPED:
        mailing.next_wave_at = None
        mailing.save(update_fields=["next_wave_at"])
        return None
    if not collector.is_open(now):
        return None
    last = timezone.localtime(mailing.next_wave_at)
    mailing.next_wave_at = next_time(last, mailing.rhythm, mailing.every, now)
    mailing.save(update_fields=["next_wave_at"])
    return _new_wave(collector, audience=condition_of(mailing), sample_size=mailing.sample_size)


def _new_wave(collector: Collector, *, by: User | None = None, **fields: object) -> Wave:
    Collector.objects.select_for_update(no_key=True).get(pk=collector.pk)
    last = Wave.objects.filter(collector=collector).aggregate(n=Max("number"))["n"] or 0
    return Wave.objects.create(collector=collector, number=last + 1, begun_by=by, **fields)


def wave_to_join(collector: Collector, *, by: User | None) -> Wave:
    """Inside a transaction: the newest wave, locked; the first one when there is none."""
    found = Wave.objects.filter(collector=collector).select_for_update(of=["self"]).first()
    return found or _new_wave(collector, by=by, audience=None, filled_at=timezone.now())


@transaction.atomic
def invite_some(wave_id: int) -> bool:
    """Look at the next AT_A_TIME customers of a wave; False when nothing is left to do here."""
    wave = (
        Wave.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("collector__survey", "collector__mailing")
        .filter(pk=wave_id, filled_at=None)
        .first()
    )
    if wave is None:
        return False
    customers = customers_of(wave.audience)
    if wave.collector.sending == Sending.STOPPED:
        customers = customers.none()
    elif not wave.reached:
        _draw(wave, list(customers.values_list("pk", flat=True)))
    keys = list(customers.filter(pk__gt=wave.reached).order_by("pk").values_list("pk", flat=True))[
        :AT_A_TIME
    ]
    if not keys:
        wave.filled_at = timezone.now()
    else:
        drawn = [key for key in keys if is_drawn(wave.seed, key, wave.drawn_up_to)]
        people = people_of(with_contacts(Customer.objects.filter(pk__in=drawn)))
        invite(wave, people, others_too=wave.collector.mailing.others_too)
        wave.reached = keys[-1]
    wave.save(update_fields=["reached", "fitting", "drawn_up_to", "filled_at"])
    return bool(keys)


def _draw(wave: Wave, keys: Sequence[int]) -> None:
    wave.fitting = len(keys)
    if wave.sample_size:
        wave.drawn_up_to = drawn_up_to(wave.seed, keys, wave.sample_size)


def invite(wave: Wave, people: Sequence[Person], *, others_too: bool) -> Made:
    """Inside a transaction that has locked `wave`: one invitation for each of them who has none
    of this wave, or one that says why they are not asked."""
    now, collector = timezone.now(), wave.collector
    keys, addresses = already_invited(wave.pk, people)
    new = [
        one
        for one in people
        if one.address not in addresses and (one.customer is None or one.customer.pk not in keys)
    ]
    whys = reasons_not_to_ask(collector, new, others_too=others_too, now=now)
    moments = _moments(collector, new, now)
    rows = [
        Invitation(
            collector=collector,
            wave=wave,
            customer=one.customer,
            address=one.address,
            language=collector.language or one.language or collector.survey.default_language,
            merge_data=_merge_data(one),
            state=state_for(why),
            reason=why or "",
            send_at=at,
        )
        for one, why, at in zip(new, whys, moments, strict=True)
    ]
    Invitation.objects.bulk_create(rows, batch_size=AT_A_TIME)
    invited = sum(1 for why in whys if why is None)
    return Made(invited, len(people) - len(new), len(new) - invited)


def _merge_data(one: Person) -> dict[str, str]:
    name = {"name": one.name} if one.customer is None and one.name else {}
    return name | {f"field.{key}": value for key, value in one.fields.items()}


def _moments(collector: Collector, people: Sequence[Person], now: datetime) -> list[datetime]:
    """When each of them is written to."""
    mailing = getattr(collector, "mailing", None)
    if mailing is None or not mailing.at_their_hour:
        return [now] * len(people)
    hours = their_hours([one.customer for one in people if one.customer is not None])
    local = timezone.localtime(now)
    return [
        next_hour(local, hours[one.customer.pk])
        if one.customer is not None and one.customer.pk in hours
        else now
        for one in people
    ]
