"""Records drawn at random from all that were read lately, doubtful or not: what is said of them
says how right the machine is.

All stand in one order that knows nothing of how they were read: a hash of their ids. Their turns
come in that order. What somebody reviewed before its turn, since it was doubtful, is not drawn
twice: when its turn comes, what was said counts. So those whose turn has come are a fair sample of
all, although the doubtful are reviewed first.
"""

from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone

from accounts.models import User
from analytics.enums import TextTask
from analytics.models import Review
from analytics.selectors.reading_card import ASKS_FOR_MOOD
from feedback.models import Assessment
from feedback.models.assessment import GONE_STATES, NOBODY, AssessmentQuerySet

# Those that are drawn from: received within so many days, of the newest so many records …
DAYS, NEWEST = 28, 5000
# … and always the newest so many, whose dates may be of long ago where they were imported.
ALWAYS = 300
_KEY = 20261123  # of the hash


class Lot(Func):
    """The place of a record in the order: a keyed hash of its id, computed by PostgreSQL."""

    function = "hashint8extended"
    output_field = BigIntegerField()

    def __init__(self, field: str) -> None:
        super().__init__(F(field), Value(_KEY, output_field=BigIntegerField()))


def not_drawn(user: User) -> AssessmentQuerySet:
    """Of what this person may see, those whose turn has not come, in their order."""
    newest = Assessment.objects.order_by("-pk").values("pk")
    since = timezone.now() - timedelta(days=DAYS)
    lately = Q(feedback__received_at__gte=since) | Q(pk__in=newest[:ALWAYS])
    drawn = Review.objects.filter(feedback=OuterRef("pk"), is_drawn=True)
    return (
        Assessment.objects.visible_to(user)
        .filter(lately, ~Exists(drawn), pk__in=newest[:NEWEST])
        .exclude(reader=NOBODY)
        .exclude(feedback__state__in=GONE_STATES)
        .annotate(lot=Lot("pk"))
        .order_by("lot")
    )


def next_drawn(user: User) -> Assessment | None:
    """Whose turn is next, of those that nobody has reviewed."""
    return not_drawn(user).filter(reviewed_at=None).select_related("feedback").first()


def reviewed_before(user: User, assessment: Assessment) -> Any:
    """What was said of records before their turn, which comes no later than that of this one.
    Where nobody was asked for the sentiment, only corrections were said: they do not count."""
    passed = not_drawn(user).filter(reviewed_at__isnull=False)
    lot = Assessment.objects.filter(pk=assessment.pk).annotate(lot=Lot("pk")).values("lot")
    passed = passed.filter(Q(("lot__lte", lot))).order_by()
    asked = passed.filter(doubt__in=ASKS_FOR_MOOD)
    first = Review.objects.first_looks()
    return first.filter(
        Q(task=TextTask.CATEGORY, feedback__in=passed.values("pk"))
        | Q(feedback__in=asked.values("pk"))
    )


def ids_of_drawn() -> set[int]:
    """Records whose category somebody said after they were drawn."""
    rows = Review.objects.first_looks().filter(is_drawn=True, task=TextTask.CATEGORY)
    return set(rows.values_list("feedback", flat=True))
