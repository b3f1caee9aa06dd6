"""What the people of the demo company said of how texts were read, so that its figures are not
empty on the first day."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from analytics.demo.ledger import Ledger
from analytics.enums import TextTask
from analytics.models import Review

AT_MOST = 240  # records
SPAN = timedelta(weeks=11)
# How often the machine was right where it was sure, and of everything; how much of what was looked
# at was a random sample of the sure ones, was drawn from everything, and was looked at twice.
RIGHT, RIGHT_OF_ALL, SAMPLES, DRAWN, TWICE, AGREE = 0.95, 0.88, 0.4, 0.35, 0.15, 0.9


def write_reviews(
    ledgers: Sequence[Ledger], people: Sequence[User], *, now: datetime, seed: int
) -> None:
    """Of the category of records of the last weeks. Dice of its own: what the rest of the demo
    says stays as it was."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    recent = [
        one.feedback
        for one in ledgers
        if one.feedback.category_id and one.feedback.received_at > now - SPAN
    ]
    known = sorted({one.category_id for one in recent if one.category_id})
    if len(known) < 2 or len(people) < 2:
        return
    rows = []
    for feedback in rng.sample(recent, min(AT_MOST, len(recent))):
        dice = rng.random()
        is_sample, is_drawn = dice < SAMPLES, SAMPLES <= dice < SAMPLES + DRAWN
        is_right = rng.random() < (RIGHT if is_sample else RIGHT_OF_ALL if is_drawn else 0.6)
        others = [one for one in known if one != feedback.category_id]
        read = feedback.category_id if is_right else rng.choice(others)
        at = min(now, feedback.received_at + timedelta(minutes=rng.randint(5, 600)))
        first, second = rng.sample(list(people), 2)
        one = Review(
            feedback_id=feedback.pk,
            task=TextTask.CATEGORY,
            predicted=str(read),
            chosen=str(feedback.category_id),
            confidence=round(rng.uniform(0.9, 0.99) if is_sample else rng.uniform(0.3, 0.7), 2),
            is_sample=is_sample,
            is_drawn=is_drawn,
            reviewer=first,
            at=at,
        )
        rows.append(one)
        if rng.random() < TWICE:
            same = rng.random() < AGREE
            rows.append(
                Review(
                    feedback_id=feedback.pk,
                    task=TextTask.CATEGORY,
                    predicted=one.predicted,
                    chosen=one.chosen if same else str(rng.choice(others)),
                    confidence=one.confidence,
                    is_second=True,
                    reviewer=second,
                    at=min(now, at + timedelta(days=1)),
                )
            )
    Review.objects.bulk_create(rows)
