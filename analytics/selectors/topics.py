"""What the texts that somebody chose and may see are about, and how that moves."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, QuerySet

from accounts.models import User
from analytics.metrics.discoveries import adjusted
from analytics.metrics.trend import Change, compare_shares
from analytics.models import TextReading, Topic, TopicSet
from analytics.selectors.keywords import DISCOVERY
from analytics.selectors.text_choice import TextChoice, readings_of

MOST = 0.8  # Pareto: the share of texts that few topics make


@dataclass(frozen=True, slots=True)
class TopicRow:
    """`texts` = how many of those chosen are about it, `share` of all that were looked at (0..1),
    `together` the share of this and all larger topics among texts with a topic, `change` against
    the period before (None without texts there), `is_news` when that is more than chance would
    make of so many topics (Benjamini-Hochberg, 5 percent), `sentiment` the mean (-100..100)."""

    topic: Topic
    texts: int
    share: float
    together: float
    change: Change | None
    is_news: bool
    sentiment: float | None

    @property
    def percent(self) -> float:
        return self.share * 100

    @property
    def percent_together(self) -> float:
        return self.together * 100

    @property
    def is_emerging(self) -> bool:
        return self.is_news and self.change is not None and self.change.difference > 0

    @property
    def is_fading(self) -> bool:
        return self.is_news and self.change is not None and self.change.difference < 0

    @property
    def points(self) -> float | None:
        """The change in points of percent."""
        return self.change.difference * 100 if self.change else None


@dataclass(frozen=True)
class Topics:
    """`rows` the largest first; `texts` = those chosen that were looked at, `others` of them
    without a topic; `make_most` = how many topics make 80 percent of the texts with one."""

    rows: list[TopicRow] = field(default_factory=list)
    texts: int = 0
    others: int = 0

    @property
    def make_most(self) -> int:
        return sum(1 for row in self.rows if row.together - row.texts / self._inside < MOST)

    @property
    def _inside(self) -> int:
        return max(self.texts - self.others, 1)


@dataclass(frozen=True, slots=True)
class Sets:
    """`own` = the set of exactly these filters, `shown` = whose topics are counted: that, or else
    the usual one, where a search has ended well."""

    own: TopicSet | None
    shown: TopicSet | None

    @property
    def is_usual(self) -> bool:
        """The topics of all texts, counted for those chosen."""
        return self.shown is not None and self.shown != self.own


def topic_sets(choice: TextChoice) -> Sets:
    key = urlencode(choice.filters)
    there = {one.key: one for one in TopicSet.objects.filter(key__in={key, ""})}
    own = there.get(key)
    tried = [own, there.get("")]
    return Sets(own, next((one for one in tried if one is not None and one.found_at), None))


def topics_of(user: User, choice: TextChoice, found: TopicSet, *, answers: bool = True) -> Topics:
    """Counts the topics of a set over the texts that somebody chose and may see; topics of which
    they see none are left out."""
    inside, before = choice.window.inside("said_at"), choice.window.before("said_at")
    readings = readings_of(user, answers=answers)
    rows: dict[Any, dict[str, Any]] = {
        row["topics__topic"]: dict(row)
        for row in readings.filter(choice.condition, inside | before, topics__topic_set=found)
        .order_by()
        .values("topics__topic")
        .annotate(
            inside=Count("pk", filter=inside),
            before=Count("pk", filter=before),
            feeling=Avg("sentiment", filter=inside),
        )
    }
    texts = sum(row["inside"] for row in rows.values())
    texts_before = sum(row["before"] for row in rows.values())
    others = rows.pop(None, {"inside": 0})["inside"]
    seen = sorted((pk for pk in rows if rows[pk]["inside"]), key=lambda pk: -rows[pk]["inside"])
    changes = {
        pk: compare_shares(
            hits_before=rows[pk]["before"],
            n_before=texts_before,
            hits_after=rows[pk]["inside"],
            n_after=texts,
        )
        for pk in seen
    }
    news, topics = _news(changes), Topic.objects.in_bulk(seen)
    made, so_far = [], 0
    for pk in seen:
        number, feeling = rows[pk]["inside"], rows[pk]["feeling"]
        so_far += number
        share, together = number / texts, so_far / (texts - others)
        made.append(
            TopicRow(topics[pk], number, share, together, changes[pk], pk in news, feeling)
        )
    return Topics(made, texts, others)


def _news(changes: dict[int, Change | None]) -> set[int]:
    tested = [(pk, change) for pk, change in changes.items() if change is not None]
    levels = adjusted([change.p_value for _pk, change in tested])
    return {pk for (pk, _one), level in zip(tested, levels, strict=True) if level < DISCOVERY}


def texts_of_topic(user: User, choice: TextChoice, topic: Topic) -> QuerySet[TextReading]:
    """The texts behind the number of a topic, the newest first."""
    found = readings_of(user).filter(
        choice.condition, choice.window.inside("said_at"), topics__topic=topic
    )
    return found.order_by("-said_at", "-pk")


def visible_topic(user: User, topic_id: int, *, answers: bool = True) -> Topic:
    """Raises Topic.DoesNotExist where somebody may see none of its texts."""
    topic = Topic.objects.current().get(pk=topic_id)
    if not readings_of(user, answers=answers).filter(topics__topic=topic).exists():
        raise Topic.DoesNotExist
    return topic
