"""What models learn from: what people decided about records, and what nobody has sorted yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.selectors.personal_data import company_patterns
from analytics.enums import TextTask
from analytics.models import Review
from analytics.selectors.drawing import ids_of_drawn
from analytics.text.comparison import is_frozen
from config.kernel.text.normalising import essence
from config.kernel.text.personal_data.finding import OwnPattern
from config.kernel.text.personal_data.masking import masked_beginning
from feedback.enums import Direction, Mood, TimelineKind
from feedback.models import Category, Feedback, Message, Tag, TimelineEntry
from feedback.rules.seed_words import seed_words_of

MOST = 40_000  # records that are learned from, the newest
UNSORTED = 5_000  # records without a decision that are learned from beside them
FEWEST_OF_A_TAG = 20
FEWEST_OF_SEVERAL = 20  # records with several categories
LONGEST = 2_000  # letters of a text that are fetched


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text (masked, as models read it) with what people said that it is."""

    feedback_id: int
    text: str
    labels: tuple[str, ...]
    is_drawn: bool = False  # at random, not since it was doubtful

    @property
    def is_frozen(self) -> bool:
        """Whether it is kept apart for measuring; the same ones always."""
        return is_frozen(str(self.feedback_id))


def lessons_of(task: TextTask) -> list[Lesson]:
    """The newest first. Of spam, merged and emptied records nothing is learned."""
    return _LESSONS[task]()


def decisions_since(task: TextTask, since: datetime | None, *, at_most: int) -> int:
    """How often people have said since then what a record is; counted up to `at_most`."""
    if task == TextTask.CATEGORY:
        found: QuerySet[Any] = _of_category()
    elif task == TextTask.FURTHER:
        found = _decided().filter(kind=TimelineKind.ALSO)
    elif task == TextTask.TAGS:
        found = _decided().filter(kind=TimelineKind.TAGS)
    else:
        found = Review.objects.first_looks().filter(task=task)
    found = found.filter(at__gt=since) if since else found
    return found.order_by()[:at_most].count()


def unsorted_texts() -> list[str]:
    """Texts of records that have no category yet, without those that are kept for measuring."""
    rows = told(Feedback.objects.filter(category=None))[:UNSORTED]
    own = company_patterns()
    return [as_models_read(row, own) for row in rows if not is_frozen(str(row["pk"]))]


def words_of_categories() -> dict[str, list[str]]:
    """{id: its names and the words that tell it} of those that are in use."""
    rows = Category.objects.active().order_by("pk")
    return {
        str(pk): seed_words_of(seeds, zh, en)
        for pk, zh, en, seeds in rows.values_list("pk", "name_zh", "name_en", "seed_words")
    }


def _decided() -> QuerySet[TimelineEntry]:
    """What people did, and not what they took back or let be."""
    return TimelineEntry.objects.filter(actor__isnull=False).exclude(data__has_key="undone")


def _of_category() -> QuerySet[TimelineEntry]:
    """Where a person said which category it is: a review of the mood alone says nothing."""
    said = Q(kind=TimelineKind.REVIEWED, data__has_key="category")
    return _decided().filter(said | Q(kind=TimelineKind.CATEGORY))


def told(records: QuerySet[Feedback]) -> QuerySet[Any, Mapping[str, Any]]:
    """Records with what their customer wrote first."""
    first = (
        Message.objects.filter(
            feedback=OuterRef("pk"),
            direction=Direction.IN,
            is_automatic=False,
            is_third_party=False,
        )
        .order_by("created_at", "pk")
        .values("text")[:1]
    )
    real: Any = records.filter(contents_deleted_at=None).exclude(state__in=("spam", "merged"))
    told = real.annotate(told=Subquery(first)).exclude(told=None)
    return told.order_by("-pk").values("pk", "subject", "told", "category_id")


def as_models_read(row: Mapping[str, Any], own: Sequence[OwnPattern]) -> str:
    """A row of `told`, masked (by `own` patterns of the company, too) and cut."""
    subject = masked_beginning(row["subject"], LONGEST, own)
    return essence(masked_beginning(row["told"], LONGEST, own), subject)


def _by_category() -> list[Lesson]:
    by_people = _of_category().filter(feedback=OuterRef("pk"))
    taken_back = TimelineEntry.objects.filter(
        feedback=OuterRef("pk"), kind=TimelineKind.REVIEWED, data__has_key="undone"
    )
    records = Feedback.objects.filter(Exists(by_people), category__archived_at=None)
    records = records.exclude(Exists(taken_back))
    rows = told(records.exclude(category=None))[:MOST]
    own, drawn = company_patterns(), ids_of_drawn()
    return [
        Lesson(row["pk"], as_models_read(row, own), (str(row["category_id"]),), row["pk"] in drawn)
        for row in rows
    ]


def _by_further() -> list[Lesson]:
    """Records of which people said the category, with all categories that they are about; nothing
    where hardly any has several, for then nobody cares about further ones."""
    found = _by_category()
    rows = Feedback.objects.filter(pk__in=[one.feedback_id for one in found])
    several = dict(rows.exclude(also_categories=[]).values_list("pk", "also_categories"))
    if len(several) < FEWEST_OF_SEVERAL:
        return []
    there = set(Category.objects.active().values_list("pk", flat=True))
    return [
        Lesson(one.feedback_id, one.text, tuple(dict.fromkeys(
            (*one.labels, *(str(pk) for pk in several.get(one.feedback_id, ()) if pk in there))
        )))
        for one in found
    ]  # fmt: skip


def _by_tags() -> list[Lesson]:
    by_people = _decided().filter(feedback=OuterRef("pk"), kind=TimelineKind.TAGS)
    rows = list(told(Feedback.objects.filter(Exists(by_people)))[:MOST])
    carried: dict[int, list[str]] = {row["pk"]: [] for row in rows}
    pairs = Feedback.tags.through.objects.filter(
        feedback__in=list(carried), tag__in=Tag.objects.filter(archived_at=None)
    ).values_list("feedback", "tag__name")
    times: dict[str, int] = {}
    for pk, name in pairs:
        carried[pk].append(name)
        times[name] = times.get(name, 0) + 1
    known = {name for name, number in times.items() if number >= FEWEST_OF_A_TAG}
    own = company_patterns()
    return [
        Lesson(
            row["pk"],
            as_models_read(row, own),
            tuple(sorted(known.intersection(carried[row["pk"]]))),
        )
        for row in rows
        if known
    ]


def _by_reviews(task: TextTask, labels: Iterable[str]) -> list[Lesson]:
    said = Review.objects.first_looks().filter(task=task, chosen__in=list(labels)).order_by("pk")
    chosen: dict[int, str] = dict(said.values_list("feedback", "chosen"))
    rows = told(Feedback.objects.filter(pk__in=list(chosen)))[:MOST]
    own = company_patterns()
    return [Lesson(row["pk"], as_models_read(row, own), (chosen[row["pk"]],)) for row in rows]


MOODS: Sequence[str] = (Mood.NEGATIVE, Mood.NEUTRAL, Mood.POSITIVE)
LEVELS: Sequence[str] = ("0", "1", "2", "3")
_LESSONS = {
    TextTask.CATEGORY: _by_category,
    TextTask.FURTHER: _by_further,
    TextTask.TAGS: _by_tags,
    TextTask.SENTIMENT: lambda: _by_reviews(TextTask.SENTIMENT, MOODS),
    TextTask.URGENCY: lambda: _by_reviews(TextTask.URGENCY, LEVELS),
}
