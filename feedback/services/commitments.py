"""The only writer of commitments, and of `Feedback.promised_on`, which follows them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.enums import (
    CommitmentKind,
    CommitmentState,
    NoticeKind,
    OfferState,
    State,
    TimelineKind,
)
from feedback.errors import AboveLimit, CommitmentRefused, CommitmentSettled, NotInTeam
from feedback.models import Commitment, Feedback, Message
from feedback.rules.commitments import (
    DAY_PASSED,
    DAY_TOO_FAR,
    NO_REASON,
    NOTHING_DECIDED,
    NOTHING_OFFERED,
    NOTHING_SAID,
    NOTHING_TO_SHOW,
    Said,
    what_is_missing,
    within,
)
from feedback.selectors.commitments import limit_of, today
from feedback.services.assignment import may_work_in
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_clocks import settle_clocks
from feedback.services.sla_watch import leads_of

_SENTENCES: dict[str, Promise] = {
    NOTHING_SAID: _("Say what we do."),
    DAY_PASSED: _("This day has passed."),
    DAY_TOO_FAR: _("Choose a day within two years."),
    NOTHING_DECIDED: _("Say what was decided."),
    NO_REASON: _("Explain the decision to the customer."),
    NOTHING_OFFERED: _("Say the amount, or what the goods are worth."),
    NOTHING_TO_SHOW: _("Write what the customer is to read, or do not show it."),
}


@transaction.atomic
def make_commitment(feedback_id: int, *, by: User, said: Said, owner: User | None) -> Commitment:
    """Bind us to something. A compensation above what `by` may grant waits for somebody who may;
    until then the customer sees nothing of it.

    Raises CommitmentRefused, and NotInTeam for an owner who may not see the record.
    """
    feedback = lock(feedback_id)
    if feedback.state in {State.MERGED, State.SPAM}:
        raise CommitmentRefused(_("Nothing is promised on a record that is merged or spam."))
    _ensure_said(said)
    _ensure_owner(owner, feedback)
    now = timezone.now()
    commitment = Commitment(
        feedback=feedback,
        owner=owner,
        created_by=by,
        created_at=now,
        promised_at=now if said.due_on else None,
    )
    _write(commitment, said, by=by)
    commitment.save()
    _follow(feedback, commitment, "made", by=by)
    if commitment.state == CommitmentState.PROPOSED:
        _ask_for_approval(feedback, commitment, by=by)
    return commitment


@transaction.atomic
def change_commitment(
    commitment_id: int, *, by: User, said: Said, owner: User | None
) -> Commitment:
    """Say it anew; its kind stays. Raises CommitmentRefused, CommitmentSettled, NotInTeam."""
    feedback, commitment = _locked(commitment_id)
    _ensure_said(said, known_day=commitment.due_on)
    if owner is not None and owner.pk != commitment.owner_id:
        _ensure_owner(owner, feedback)
    before = (commitment.due_on, commitment.amount)
    if said.due_on != commitment.due_on:
        commitment.promised_at = timezone.now() if said.due_on else None
    commitment.owner = owner
    dearer = commitment.amount is None or (said.amount or 0) > commitment.amount
    was = commitment.state
    _write(commitment, said, by=by, keeps_grant=not dearer)
    commitment.save()
    old, new = before[0], commitment.due_on
    days: dict[str, Any] = {}
    if old != new:
        days = {"from": old and old.isoformat(), "to": new and new.isoformat()}
    _follow(feedback, commitment, "changed", by=by, **days)
    if commitment.state == CommitmentState.PROPOSED and was != CommitmentState.PROPOSED:
        _ask_for_approval(feedback, commitment, by=by)
    return commitment


@transaction.atomic
def approve_commitment(commitment_id: int, *, by: User) -> Commitment:
    """Grant a compensation that waited for it. Raises AboveLimit, CommitmentSettled."""
    feedback, commitment = _locked(commitment_id)
    if commitment.state != CommitmentState.PROPOSED:
        return commitment
    if not within(limit_of(by), commitment.amount):
        raise AboveLimit
    _grant(commitment, by)
    commitment.save()
    _follow(feedback, commitment, "approved", by=by)
    return commitment


@transaction.atomic
def keep_commitment(commitment_id: int, *, by: User, outcome: str = "") -> Commitment:
    """It is done. Raises CommitmentSettled, and CommitmentRefused while it waits for approval."""
    feedback, commitment = _locked(commitment_id)
    if commitment.state == CommitmentState.PROPOSED:
        raise CommitmentRefused(_("It waits for approval."))
    _settle(commitment, CommitmentState.DONE, by=by, outcome=outcome)
    _follow(feedback, commitment, "kept", by=by, note=commitment.outcome)
    return commitment


@transaction.atomic
def withdraw_commitment(commitment_id: int, *, by: User, reason: str) -> Commitment:
    """We do not do it after all; the customer's page shows it no more. Raises
    CommitmentSettled, and CommitmentRefused without a reason."""
    feedback, commitment = _locked(commitment_id)
    if not reason.strip():
        raise CommitmentRefused(_("Say why it is withdrawn."))
    _settle(commitment, CommitmentState.WITHDRAWN, by=by, outcome=reason)
    _follow(feedback, commitment, "withdrawn", by=by, note=commitment.outcome)
    return commitment


@transaction.atomic
def answer_offer(commitment_id: int, *, by: User, accepted: bool) -> Commitment:
    """What the customer said to a compensation. Raises CommitmentSettled, CommitmentRefused."""
    feedback, commitment = _locked(commitment_id)
    if commitment.kind != CommitmentKind.COMPENSATION:
        raise CommitmentRefused(_("Only a compensation is accepted or declined by a customer."))
    if commitment.state == CommitmentState.PROPOSED:
        raise CommitmentRefused(_("It waits for approval."))
    commitment.offer = OfferState.ACCEPTED if accepted else OfferState.DECLINED
    commitment.save(update_fields=["offer"])
    if not accepted:
        _settle(commitment, CommitmentState.WITHDRAWN, by=by, outcome="")
    _follow(feedback, commitment, "accepted" if accepted else "declined", by=by)
    return commitment


@transaction.atomic
def note_told(commitment_id: int, *, message: Message) -> None:
    """The customer was told of it in `message`, an answer about the same record."""
    rows = Commitment.objects.filter(pk=commitment_id, feedback=message.feedback_id)
    rows.update(told_in=message)


def move_commitments(
    source: Feedback, target: Feedback, *, only: Iterable[int] | None = None
) -> list[int]:
    """Inside a merge, on two locked records: what was promised on one is promised on the other
    now. Gives their ids, by which the merge is taken back (`only`)."""
    rows = source.commitments.all() if only is None else source.commitments.filter(pk__in=only)
    moved = list(rows.values_list("pk", flat=True))
    if not moved:
        return []
    Commitment.objects.filter(pk__in=moved).update(feedback=target)
    for one in (source, target):
        one.promised_on = _first_day(one)
        settle_clocks(one)
        one.save(update_fields=["promised_on", "reply_due_at"])
    return moved


# --- what they share --------------------------------------------------------------------------
def _locked(commitment_id: int) -> tuple[Feedback, Commitment]:
    """The record first, then the commitment, as everybody does."""
    feedback_id = Commitment.objects.values_list("feedback", flat=True).get(pk=commitment_id)
    feedback = lock(feedback_id)
    commitment = Commitment.objects.select_for_update().get(pk=commitment_id)
    if commitment.is_settled:
        raise CommitmentSettled
    commitment.feedback = feedback
    return feedback, commitment


def _ensure_said(said: Said, *, known_day: date | None = None) -> None:
    if code := what_is_missing(said, today=today(), known_day=known_day):
        raise CommitmentRefused(_SENTENCES[code])


def _ensure_owner(owner: User | None, feedback: Feedback) -> None:
    team = feedback.team
    if owner is not None and team is not None and not may_work_in(owner, team):
        raise NotInTeam


def _write(commitment: Commitment, said: Said, *, by: User, keeps_grant: bool = False) -> None:
    commitment.kind = said.kind
    commitment.due_on = said.due_on
    commitment.staff_text = said.staff_text.strip()
    commitment.customer_text = said.customer_text.strip()
    commitment.is_visible = said.is_visible
    commitment.decision = said.decision if said.kind == CommitmentKind.DECISION else ""
    if said.kind != CommitmentKind.COMPENSATION:
        return
    commitment.amount, commitment.goods = said.amount, said.goods.strip()
    commitment.offer = commitment.offer or OfferState.OFFERED
    if keeps_grant:
        return
    if within(limit_of(by), said.amount):
        _grant(commitment, by)
    else:
        commitment.state = CommitmentState.PROPOSED
        commitment.approved_by, commitment.approved_at = None, None


def _grant(commitment: Commitment, by: User) -> None:
    commitment.state = CommitmentState.OPEN
    commitment.approved_by, commitment.approved_at = by, timezone.now()


def _settle(commitment: Commitment, state: CommitmentState, *, by: User, outcome: str) -> None:
    commitment.state, commitment.settled_by = state, by
    commitment.settled_at, commitment.outcome = timezone.now(), outcome.strip()
    commitment.save(update_fields=["state", "settled_by", "settled_at", "outcome"])


def _follow(
    feedback: Feedback, commitment: Commitment, what: str, *, by: User, note: str = "", **data: Any
) -> None:
    """The record after one of its commitments changed: its day, its clocks, its story."""
    feedback.promised_on = _first_day(feedback)
    moved = settle_clocks(feedback, why="promise")
    save_change(feedback, "promised_on", "reply_due_at")
    day = commitment.due_on.isoformat() if commitment.due_on else None
    tell(
        feedback,
        TimelineKind.COMMITMENT,
        by=by,
        note=note,
        commitment=commitment.pk,
        of=str(commitment.kind),
        what=what,
        due_on=day,
        **data,
        **moved,
    )


def _first_day(feedback: Feedback) -> date | None:
    first: date | None = feedback.commitments.open().aggregate(first=Min("due_on"))["first"]
    return first


def _ask_for_approval(feedback: Feedback, commitment: Commitment, *, by: User) -> None:
    amount: Decimal | None = commitment.amount
    people = [one.pk for one in leads_of(feedback) if within(limit_of(one), amount)]
    notify(feedback, NoticeKind.APPROVAL, by=by, to=people)
