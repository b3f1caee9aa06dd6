"""What people look at of what the machine read: the doubtful first, one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Mod
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.errors import FilterNotKnown
from accounts.models import User
from analytics.enums import TextTask
from analytics.models import Review
from analytics.selectors.category_names import category_names
from analytics.selectors.drawing import next_drawn
from analytics.selectors.text_choice import LANGUAGES
from config.kernel.numbers import row_id
from feedback.enums import Channel, Doubt
from feedback.models import Assessment
from feedback.models.assessment import AssessmentQuerySet
from feedback.selectors.kept_settings import categories

COUNTED_AT_MOST = 1000
# One in so many of what was reviewed is looked at by a second person …
SECOND_LOOK_OF = 10
# … within so many days, as every so-manieth card of theirs.
SECOND_LOOK_DAYS = 30
EVERY = 5


@dataclass(frozen=True, slots=True)
class ReviewList:
    """What is reviewed: filters ("" = any) and behind which record one has come by skipping."""

    reason: str = ""
    category: str = ""  # its code
    language: str = ""
    channel: str = ""
    after: int | None = None  # id of a record; 0 = of a second look

    @property
    def query(self) -> str:
        given = {name: getattr(self, name) for name in (*FILTERS, "after")}
        return urlencode({name: value for name, value in given.items() if value not in {"", None}})

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self, name) for name in FILTERS)

    def behind(self, feedback_id: int | None) -> "ReviewList":
        return replace(self, after=feedback_id)


FILTERS = ("reason", "category", "language", "channel")
_LABELS = {
    "reason": _("Reason"),
    "category": _("Category"),
    "language": _("Language"),
    "channel": _("Channel"),
}


def choices_of(name: str) -> list[tuple[str, str]]:
    """What a filter can be."""
    if name == "reason":
        return [(str(one), str(one.label)) for one in Doubt]
    if name == "category":
        known, names = categories(), category_names(offered=True)
        return [(known[pk].code, names[pk]) for pk in sorted(names, key=lambda pk: names[pk])]
    if name == "language":
        return [(code, str(label)) for code, label in LANGUAGES.items()]
    return [(str(one), str(one.label)) for one in Channel]


def read_list(params: Mapping[str, str]) -> ReviewList:
    """As an address has it. Raises FilterNotKnown for a value that a filter cannot have."""
    given = {name: params.get(name, "") for name in FILTERS}
    for name, value in given.items():
        if value and value not in dict(choices_of(name)):
            raise FilterNotKnown(name, value[:60])
    return ReviewList(**given, after=row_id(params.get("after", "")))


def filter_fields(which: ReviewList) -> list[dict[str, Any]]:
    """The filters as a form draws them."""
    return [
        {
            "name": name,
            "label": _LABELS[name],
            "value": getattr(which, name),
            "choices": choices_of(name),
        }
        for name in FILTERS
    ]


def waiting(user: User, which: ReviewList) -> AssessmentQuerySet:
    """What waits for review and this person may see, the least certain first."""
    found = Assessment.objects.visible_to(user).to_review()
    if which.reason:
        found = found.filter(doubt=which.reason)
    if which.category:
        found = found.filter(category__code=which.category)
    if which.language:
        found = found.filter(language=which.language)
    if which.channel:
        found = found.filter(feedback__channel=which.channel)
    return found


def next_to_review(user: User, which: ReviewList) -> Assessment | None:
    found = waiting(user, which).select_related("feedback")
    if which.after is not None:
        last = Assessment.objects.filter(pk=which.after).values_list("certainty", flat=True)
        certainty = last.first()
        if certainty is not None:
            same = Q(certainty=certainty, pk__lt=which.after)
            found = found.filter(Q(certainty__gt=certainty) | same)
    return found.first()


def one_to_review(user: User, number: int) -> Assessment | None:
    """The reading of the record with this number, whether it waits or not."""
    visible = Assessment.objects.visible_to(user).select_related("feedback")
    return visible.filter(feedback__number=number).first()


def count_waiting(user: User, which: ReviewList) -> int:
    """How many, counted no further than 1,000."""
    return waiting(user, which.behind(None)).order_by()[: COUNTED_AT_MOST + 1].count()


def done_today(user: User) -> int:
    """How many records this person has reviewed since midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Review.objects.filter(reviewer=user, at__gte=midnight)
    return mine.values("feedback").distinct().count()


def second_looks(user: User) -> AssessmentQuerySet:
    """What another person reviewed and this one is to look at without knowing what was said: one
    in ten by its number, which nobody can choose."""
    since = timezone.now() - timedelta(days=SECOND_LOOK_DAYS)
    again = Review.objects.filter(feedback=OuterRef("pk"), is_second=True)
    category = Review.objects.filter(feedback=OuterRef("pk"), task=TextTask.CATEGORY)
    mine = Review.objects.filter(feedback=OuterRef("pk"), reviewer=user)
    return (
        Assessment.objects.visible_to(user)
        .filter(reviewed_at__gte=since, reviewed_by__isnull=False)
        .exclude(reviewed_by=user)
        .annotate(lot=Mod(F("pk"), SECOND_LOOK_OF))
        .filter(~Exists(again), ~Exists(mine), Exists(category), lot=0)
        .order_by("reviewed_at")
    )


def due_second_look(user: User, which: ReviewList, done: int) -> Assessment | None:
    """Every fifth card of the whole list, as long as there are some and none was skipped."""
    if which.is_filtered or which.after is not None or done % EVERY != EVERY - 1:
        return None
    return second_looks(user).select_related("feedback").first()


def due_draw(user: User, which: ReviewList, done: int) -> Assessment | None:
    """Every fifth card, too, halfway between second looks, is one of all records."""
    if which.is_filtered or which.after is not None or done % EVERY != EVERY // 2:
        return None
    return next_drawn(user)
