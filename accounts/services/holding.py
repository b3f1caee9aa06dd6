"""Holding back some of the mail that waits, letting it go, or giving it up."""

from django.db import transaction
from django.db.models import Case, Q, Value, When

from accounts.enums import OutgoingState
from accounts.events import OutgoingSettled
from accounts.models import OutgoingMessage
from accounts.models.outgoing import WAITING
from config.kernel.events import announce

# In the place of a server's answer.
CANCELLED_WHILE_HELD = "Cancelled while it was held back."


@transaction.atomic
def hold_mails(which: Q) -> int:
    """Those of these mails that have not been handed over wait until `let_mail_go`; how many. One
    that a sender has in hand leaves if the server takes it, and waits from then on if not."""
    rows = OutgoingMessage.objects.filter(
        which, state__in=[*WAITING, OutgoingState.SENDING], on_hold=False
    )
    in_hand = When(state=OutgoingState.SENDING, then=Value(OutgoingState.SENDING))
    return rows.update(on_hold=True, state=Case(in_hand, default=Value(OutgoingState.HELD)))


@transaction.atomic
def let_those_in_hand_go(which: Q) -> int:
    """Senders that have one of these mails in hand may try it again."""
    rows = OutgoingMessage.objects.filter(which, state=OutgoingState.SENDING, on_hold=True)
    return rows.update(on_hold=False)


@transaction.atomic
def let_mail_go(outgoing_id: int) -> bool:
    """This mail, which is held, waits for its turn again; False when it is not held."""
    first = When(attempts=0, uncertain_at=None, then=Value(OutgoingState.QUEUED))
    held = OutgoingMessage.objects.filter(pk=outgoing_id, state=OutgoingState.HELD)
    state = Case(first, default=Value(OutgoingState.RETRY))
    return held.update(on_hold=False, state=state) > 0


@transaction.atomic
def give_up_held(outgoing_id: int) -> bool:
    """This mail, which is held, never leaves; what may have left already is uncertain, not
    cancelled. False when it is not held. It is announced."""
    held = OutgoingMessage.objects.select_for_update().filter(state=OutgoingState.HELD)
    message = held.filter(pk=outgoing_id).first()
    if message is None:
        return False
    may_have_left = message.uncertain_at is not None
    message.state = OutgoingState.UNCERTAIN if may_have_left else OutgoingState.CANCELLED
    message.on_hold, message.answer = False, message.answer or CANCELLED_WHILE_HELD
    message.save(update_fields=["state", "on_hold", "answer"])
    announce(OutgoingSettled(outgoing_id=message.pk))
    return True
