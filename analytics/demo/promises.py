"""What the demo company has promised: clocks of what is open, and commitments on some of it."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from analytics.demo.ledger import Ledger
from analytics.demo.words import read
from feedback.enums import CommitmentKind, CommitmentState, OfferState, TimelineKind
from feedback.models import Commitment, Feedback, TimelineEntry
from feedback.services.sla_recompute import start_clocks_of

AT_MOST = 40  # records with a commitment
# Days from today for which it is promised; what is below 0 was missed.
_DAYS = (-2, -1, 0, 1, 1, 2, 3, 4, 5, 8)


def write_promises(ledgers: list[Ledger], *, now: datetime, seed: int) -> None:
    """Commitments on open records that somebody takes care of, then the clocks of all that are
    open. Dice of its own: what the rest of the demo says stays as it was."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    texts = read("commitments")["commitment"]
    open_ones = [one for one in ledgers if one.feedback.is_open]
    taken = [one for one in open_ones if one.feedback.first_response_at and one.feedback.assignee]
    for ledger in rng.sample(taken, min(AT_MOST, len(taken))):
        _commit(ledger, rng.choice(texts), rng, now)
    start_clocks_of(one.feedback.pk for one in open_ones)


def _commit(ledger: Ledger, text: dict[str, str], rng: random.Random, now: datetime) -> None:
    feedback = ledger.feedback
    kind = CommitmentKind(text["kind"])
    language = "zh" if feedback.language.startswith("zh") else "en"
    # After everything else that the story tells so far.
    at = min(now, ledger.now.astimezone(now.tzinfo) + timedelta(minutes=7))
    day = max((now + timedelta(days=rng.choice(_DAYS))).date(), at.date())
    is_gift = kind == CommitmentKind.COMPENSATION
    commitment = Commitment.objects.create(
        feedback=feedback,
        kind=kind,
        owner=feedback.assignee,
        due_on=day,
        promised_at=at,
        staff_text=text[f"staff_{language}"],
        customer_text=text[f"customer_{language}"],
        is_visible=True,
        decision=text.get("decision", ""),
        offer=OfferState.OFFERED if is_gift else "",
        amount=Decimal(text["amount"]) if is_gift else None,
        goods=text.get(f"goods_{language}", ""),
        approved_by=feedback.assignee if is_gift else None,
        approved_at=at if is_gift else None,
        created_by=feedback.assignee,
        created_at=at,
        state=CommitmentState.OPEN,
    )
    Feedback.objects.filter(pk=feedback.pk).update(promised_on=day)
    person = feedback.assignee
    TimelineEntry.objects.create(
        feedback=feedback,
        kind=TimelineKind.COMMITMENT,
        actor=person,
        actor_name=person.name if person else "",
        data={
            "commitment": commitment.pk,
            "of": str(kind),
            "what": "made",
            "due_on": day.isoformat(),
        },
        at=at,
    )
