"""Pausing the invitations of a collector, going on, and stopping them for good.

What was decided holds at once: nothing that has not been handed over leaves a paused or stopped
collector. Letting held mails go, with the contact rules asked anew, and cancelling them is done
by a job (`carry_out`), one invitation after the other, so that it may be interrupted.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.enums import OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage, User
from accounts.services.holding import (
    give_up_held,
    hold_mails,
    let_mail_go,
    let_those_in_hand_go,
)
from config.kernel.jobs import enqueue
from surveys.enums import InvitationState, NotAsked, Sending
from surveys.errors import SendingIsOver, SendsNoMail
from surveys.models import Collector, Invitation
from surveys.models.invitation import InvitationQuerySet
from surveys.services.inviting import (
    forget_asking,
    give_up,
    lock_collector_of,
    note_asked,
    why_not_now,
)

CARRY_OUT = "surveys.tasks.carry_out_decisions"
AT_A_TIME = 500
# As services.inviting.reminder_key, in SQL.
_REMINDER_KEY = Concat(
    Value("survey:"),
    Cast("pk", CharField()),
    Value(":r"),
    Cast("reminders", CharField()),
)


@transaction.atomic
def pause_sending(collector_id: int, *, by: User | None) -> Collector:
    """Invitations wait, and so do their mails unless a sender has them in hand. Nothing happens
    when it is paused already. Raises SendingIsOver, SendsNoMail."""
    collector = _locked(collector_id)
    if collector.sending == Sending.STOPPED:
        raise SendingIsOver
    if collector.sending == Sending.ON:
        _decide(collector, Sending.PAUSED, by)
        hold_mails(_mails_of(collector))
    return collector


@transaction.atomic
def go_on_sending(collector_id: int, *, by: User | None) -> Collector:
    """What is held leaves, unless the person must not be asked any more; after a stop, whoever is
    invited from now on. Raises SendsNoMail."""
    collector = _locked(collector_id)
    if collector.sending != Sending.ON:
        if collector.sending == Sending.STOPPED:
            _cancel_all(collector)  # what the job has not come to
        _decide(collector, Sending.ON, by)
        let_those_in_hand_go(_mails_of(collector))
        enqueue(CARRY_OUT)
    return collector


@transaction.atomic
def stop_sending(collector_id: int, *, by: User | None) -> Collector:
    """What has not been handed over never leaves, and the invitations say why; nobody is invited
    any more. Links that people have go on working. Raises SendsNoMail."""
    collector = _locked(collector_id)
    if collector.sending != Sending.STOPPED:
        _decide(collector, Sending.STOPPED, by)
        hold_mails(_mails_of(collector))
        enqueue(CARRY_OUT)
    return collector


def carry_out() -> int:
    """Let go what collectors that send still hold, and cancel what waits at stopped ones; how
    many invitations that were. Comes back by itself when there are more than AT_A_TIME."""
    held = Invitation.objects.filter(outgoing__state=OutgoingState.HELD)
    sending = held.filter(collector__sending=Sending.ON)
    stopped = Invitation.objects.filter(_not_gone(), collector__sending=Sending.STOPPED)
    done = _each(sending, _let_go) + _each(stopped, _cancel) + _settle_reminders()
    if done >= AT_A_TIME:
        enqueue(CARRY_OUT)
    return done


def _each(which: InvitationQuerySet, do: Callable[[int], bool]) -> int:
    keys = list(which.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME])
    return sum(do(pk) for pk in keys)


@transaction.atomic
def _let_go(invitation_id: int) -> bool:
    lock_collector_of(invitation_id)
    invitation = _one(invitation_id, Q(outgoing__state=OutgoingState.HELD))
    if invitation is None or invitation.collector.sending != Sending.ON:
        return False
    outgoing = invitation.outgoing
    assert outgoing is not None  # noqa: S101 - it was asked for by its state
    if outgoing.uncertain_at is not None and invitation.state == InvitationState.SENT:
        return let_mail_go(outgoing.pk)  # the person may have it: not a question any more
    if invitation.state != InvitationState.SENT:  # answered on the phone, or did not want it
        return give_up_held(outgoing.pk)
    forget_asking(invitation)
    why = why_not_now(invitation)
    if why is not None:
        give_up_held(outgoing.pk)
        return give_up(invitation, why)
    note_asked(invitation)
    return let_mail_go(outgoing.pk)


@transaction.atomic
def _cancel(invitation_id: int) -> bool:
    lock_collector_of(invitation_id)
    invitation = _one(invitation_id, _not_gone())
    if invitation is None or invitation.collector.sending != Sending.STOPPED:
        return False
    return _cancel_one(invitation)


def _cancel_all(collector: Collector) -> None:
    for pk in Invitation.objects.filter(_not_gone(), collector=collector).values_list(
        "pk", flat=True
    ):
        invitation = _one(pk, _not_gone())
        if invitation is not None:
            _cancel_one(invitation)


def _cancel_one(invitation: Invitation) -> bool:
    outgoing = invitation.outgoing
    if outgoing is not None:
        give_up_held(outgoing.pk)
        if outgoing.uncertain_at is not None:
            return True
    if invitation.state == InvitationState.SENT:
        forget_asking(invitation)
    if invitation.state in {InvitationState.SENT, InvitationState.QUEUED}:
        give_up(invitation, NotAsked.STOPPED)
    return True


def _one(invitation_id: int, which: Q) -> Invitation | None:
    return (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("collector__survey", "collector__mailing", "feedback__mailbox", "outgoing")
        .filter(which, pk=invitation_id)
        .first()
    )


def _not_gone() -> Q:
    return Q(state=InvitationState.QUEUED) | Q(outgoing__state=OutgoingState.HELD)


def _mails_of(collector: Collector) -> Q:
    """First mails and reminders, which are known by their keys."""
    mails = Invitation.objects.filter(collector=collector, outgoing__isnull=False)
    reminded = Invitation.objects.filter(collector=collector, reminders__gt=0)
    keys = reminded.annotate(key=_REMINDER_KEY).values("key")
    return Q(pk__in=mails.values("outgoing")) | Q(dedupe_key__in=keys)


def _settle_reminders() -> int:
    """Held reminders leave, unless their invitation was answered meanwhile or sending was
    stopped."""
    reminded = Invitation.objects.filter(reminders__gt=0).exclude(
        collector__sending=Sending.PAUSED
    )
    held = OutgoingMessage.objects.filter(
        kind=OutgoingKind.SURVEY, state=OutgoingState.HELD, dedupe_key__contains=":r"
    )
    done = 0
    for pk, key in list(held.values_list("pk", "dedupe_key")[:AT_A_TIME]):
        invitation = (
            reminded.select_related("collector").filter(pk=(key or "").split(":")[1]).first()
        )
        if invitation is None:
            continue
        goes = invitation.collector.sending == Sending.ON
        goes = goes and invitation.state not in {
            InvitationState.COMPLETED, InvitationState.OPTED_OUT, InvitationState.BOUNCED,
            InvitationState.SKIPPED,
        }  # fmt: skip
        done += let_mail_go(pk) if goes else give_up_held(pk)
    return done


def _locked(collector_id: int) -> Collector:
    collector = (
        Collector.objects.select_for_update(of=["self"], no_key=True)
        .select_related("survey")
        .get(pk=collector_id)
    )
    if not collector.sends_mail:
        raise SendsNoMail
    return collector


def _decide(collector: Collector, sending: Sending, by: User | None) -> None:
    collector.sending, collector.sending_since = sending, timezone.now()
    collector.sending_by = by
    collector.save(update_fields=["sending", "sending_since", "sending_by"])
