"""What colleagues should learn: from measures that are a training, and from negative feedback of
which somebody wrote down what is to be learned."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from accounts.selectors.personal_data import Cover
from analytics.enums import MeasureKind, MeasureStatus
from analytics.models import Measure
from config.kernel.text.personal_data.masking import masked
from feedback.enums import NegativePointKind
from feedback.models import Category, Feedback, NegativePoint

AT_MOST = 300  # of each, the newest


@dataclass(frozen=True, slots=True)
class TrainingNote:
    """`title` and `url`: where it comes from."""

    text: str
    title: str
    url: str
    category: Category | None
    at: datetime
    is_measure: bool


def training_notes(
    user: User, cover: Cover, *, words: str = "", category: Category | None = None
) -> list[TrainingNote]:
    """Those that `user` may see, the newest first; `words` are looked for in what they say."""
    found = _of_measures(user, words, category) + _of_records(user, cover, words, category)
    return sorted(found, key=lambda note: note.at, reverse=True)


def _of_measures(user: User, words: str, category: Category | None) -> list[TrainingNote]:
    wanted = Q(kind=MeasureKind.TRAINING) | ~Q(training_note="")
    rows = Measure.objects.visible_to(user).filter(wanted)
    rows = rows.exclude(status=MeasureStatus.REJECTED)
    for word in words.split():
        rows = rows.filter(
            Q(training_note__icontains=word) | Q(title__icontains=word) | Q(what__icontains=word)
        )
    if category is not None:
        rows = rows.filter(problem__category=category)
    newest = rows.select_related("problem__category").order_by("-status_since")[:AT_MOST]
    return [
        TrainingNote(
            text=one.training_note or one.what,
            title=str(one),
            url=one.get_absolute_url(),
            category=one.problem.category,
            at=one.status_since,
            is_measure=True,
        )
        for one in newest
    ]


def _of_records(
    user: User, cover: Cover, words: str, category: Category | None
) -> list[TrainingNote]:
    if not user.has_perm("feedback.view_feedback"):
        return []
    rows = NegativePoint.objects.filter(kind=NegativePointKind.TRAINING).exclude(text="")
    rows = rows.filter(case__feedback__in=Feedback.objects.visible_to(user).values("pk"))
    for word in words.split():
        rows = rows.filter(text__icontains=word)
    if category is not None:
        rows = rows.filter(case__feedback__category=category)
    newest = rows.select_related("case__feedback__category").order_by("-pk")[:AT_MOST]
    return [
        TrainingNote(
            text=masked(cover(one.text)),
            title=f"#{one.case.feedback.number}",
            url=one.case.feedback.get_absolute_url(),
            category=one.case.feedback.category,
            at=one.done_at or one.case.started_at,
            is_measure=False,
        )
        for one in newest
    ]
