"""How right the machine is: from what people said of records drawn at random, and how far people
agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from accounts.models import User
from analytics.enums import TextTask
from analytics.metrics.agreement import Agreement, agreement
from analytics.metrics.intervals import Estimate, wilson
from analytics.models import Review, TextModel
from analytics.selectors.category_names import category_names
from config.kernel.kept import settings_stamp
from feedback.enums import Mood, Urgency
from feedback.models import Assessment, Feedback
from feedback.models.assessment import NOBODY

WEEKS = 12
SHOWN_PAIRS = 10
SHOWN_DISAGREEMENTS = 10
LOOKED_THROUGH = 500
MEASURED = (TextTask.CATEGORY, TextTask.SENTIMENT, TextTask.URGENCY)


@dataclass(frozen=True, slots=True)
class Week:
    """Beginning with a Monday; `right` of `n` that were drawn."""

    day: date
    right: int
    n: int

    @property
    def share(self) -> Estimate | None:
        return wilson(self.right, self.n)


@dataclass(frozen=True, slots=True)
class OfLabel:
    """One category in the samples. `precision`: how often it is right where the machine says it;
    `recall`: how often the machine says it where it is. 0..1 with intervals, None without any."""

    name: str
    precision: Estimate | None
    recall: Estimate | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Read as one thing, and is another."""

    read: str
    chosen: str
    n: int


@dataclass(frozen=True, slots=True)
class OfTask:
    """What was drawn at random and the corrections of one task say. `altogether`: how often it is
    right in everything that comes in, the doubtful included; `sure`: in what it was sure of.
    `weeks` and `labels` are of the first where `is_fair`, else of the second."""

    task: TextTask
    altogether: Estimate | None
    sure: Estimate | None
    is_fair: bool
    weeks: Sequence[Week]
    labels: Sequence[OfLabel]
    pairs: Sequence[Pair]
    reviewed: int  # all of them, the doubtful ones too
    corrected: int
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class Decided:
    """Of what was read lately: how many got their category alone, were only proposed one, or
    were read without one."""

    alone: int
    proposed: int
    nothing: int

    @property
    def total(self) -> int:
        return self.alone + self.proposed + self.nothing


def since() -> Any:
    """The Monday, twelve weeks ago, from which is counted."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def decided() -> Decided:
    """In these weeks."""
    read = Assessment.objects.filter(read_at__gte=since()).exclude(reader=NOBODY)
    counts = read.aggregate(
        alone=Count("pk", filter=Q(is_applied=True)),
        proposed=Count("pk", filter=Q(is_applied=False, category__isnull=False)),
        nothing=Count("pk", filter=Q(is_applied=False, category=None)),
    )
    return Decided(**counts)


def knows_categories() -> bool:
    """Whether a model that was learned here says categories."""
    return TextModel.objects.live().filter(task=TextTask.CATEGORY).exists()


def figures() -> list[OfTask]:
    """Of each task; the same number of queries however much was said."""
    start = since()
    rows = (
        Review.objects.first_looks()
        .filter(at__gte=start, task__in=MEASURED)
        .annotate(week=TruncWeek("at"))
        .values_list("task", "predicted", "chosen", "is_sample", "is_drawn", "week")
        .annotate(n=Count("pk"))
        .order_by()
    )
    by_task: dict[str, list[Any]] = defaultdict(list)
    for task, *row in rows:
        by_task[task].append(row)
    twice = _looked_at_twice(start)
    names = category_names()
    return [
        _of_task(task, by_task[task], twice.get(task, []), _names_of(task, names), start.date())
        for task in MEASURED
    ]


def _looked_at_twice(start: Any) -> dict[str, list[tuple[str, str]]]:
    """By task: what the first and the second said of the same record."""
    seconds = Review.objects.filter(is_second=True, at__gte=start, task__in=MEASURED)
    said = {(pk, task): chosen for pk, task, chosen in seconds.values_list(
        "feedback", "task", "chosen")}  # fmt: skip
    firsts = Review.objects.first_looks().filter(feedback__in=seconds.values("feedback"))
    found: dict[tuple[int, str], str] = {}
    for pk, task, chosen in firsts.order_by("pk").values_list("feedback", "task", "chosen"):
        found.setdefault((pk, task), chosen)
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, first in found.items():
        if key in said:
            pairs[key[1]].append((first, said[key]))
    return pairs


def _names_of(task: TextTask, names: dict[int, str]) -> dict[str, str]:
    if task == TextTask.CATEGORY:
        return {str(pk): name for pk, name in names.items()}
    if task == TextTask.URGENCY:
        return {str(level): str(label) for level, label in Urgency.choices}
    return {str(mood): str(label) for mood, label in Mood.choices}


def _of_task(
    task: TextTask,
    rows: Sequence[Any],
    twice: Sequence[tuple[str, str]],
    names: dict[str, str],
    start: date,
) -> OfTask:
    samples, drawn = [row for row in rows if row[2]], [row for row in rows if row[3]]
    altogether, sure = _right(drawn), _right(samples)
    is_fair = altogether is not None and (not altogether.is_small or sure is None)
    counted = drawn if is_fair else samples
    pairs: Counter[tuple[str, str]] = Counter()
    for read, chosen, *_how, n in rows:
        if read and read != chosen:
            pairs[read, chosen] += n
    return OfTask(
        task,
        altogether,
        sure,
        is_fair,
        _weeks(counted, start),
        _labels(counted, names),
        [
            Pair(names.get(read, read), names.get(chosen, chosen), n)
            for (read, chosen), n in pairs.most_common(SHOWN_PAIRS)
        ],
        sum(row[-1] for row in rows if row[0]),
        pairs.total(),
        agreement(twice),
    )


def _right(rows: Iterable[Any]) -> Estimate | None:
    """Where nothing was read, it was not read rightly."""
    told = [(row[-1], row[0] == row[1]) for row in rows]
    return wilson(sum(n for n, is_right in told if is_right), sum(n for n, _right in told))


def _weeks(samples: Iterable[Any], start: date) -> list[Week]:
    right: Counter[date] = Counter()
    n: Counter[date] = Counter()
    for read, chosen, *_how, week, count in samples:
        day = timezone.localtime(week).date()
        n[day] += count
        right[day] += count if read == chosen else 0
    days = [start + timedelta(weeks=at) for at in range(WEEKS)]
    return [Week(day, right[day], n[day]) for day in days]


def _labels(samples: Iterable[Any], names: dict[str, str]) -> list[OfLabel]:
    """Those that come up most first."""
    said: Counter[str] = Counter()
    are: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for read, chosen, *_how, n in samples:
        said[read] += n
        are[chosen] += n
        both[read] += n if read == chosen else 0
    found = sorted({*said, *are} - {""}, key=lambda one: (-are[one] - said[one], one))
    return [
        OfLabel(
            names.get(one, one),
            wilson(both[one], said[one]),
            wilson(both[one], are[one]),
        )
        for one in found
    ]


def disagreements(user: User) -> list[Feedback]:
    """The latest records whose two reviewers said different categories, of those that this
    person may see."""
    # The record has the category that the first one said.
    second = Review.objects.filter(is_second=True, task=TextTask.CATEGORY, at__gte=since())
    said = second.exclude(feedback__category=None).order_by("-pk")
    rows = said.values_list("feedback", "chosen", "feedback__category")[:LOOKED_THROUGH]
    ids = [pk for pk, chosen, now in rows if chosen != str(now)]
    visible = Feedback.objects.visible_to(user).filter(pk__in=ids)
    visible = visible.annotate(settings_stamp=settings_stamp())
    return list(visible.select_related("category").order_by("-pk")[:SHOWN_DISAGREEMENTS])
