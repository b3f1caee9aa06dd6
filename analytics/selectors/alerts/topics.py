"""Topics of which more is said in the last week than in the four weeks before."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from analytics.metrics.discoveries import adjusted
from analytics.metrics.trend import Change, compare_shares
from analytics.models import Topic, TopicSet
from analytics.selectors.alerts.evidence import MOST_EVIDENCE, Evidence, Said
from analytics.selectors.text_choice import every_reading
from feedback.selectors.queue_filters import start_of

WEEK, BEFORE = timedelta(days=7), timedelta(days=28)
FEWEST_TEXTS = 5  # of a topic in the week
FEWEST_BEFORE = 100  # texts of all topics in the weeks before
NEW_BELOW = 0.1  # of what the week has, in a usual week before: the topic is new


@dataclass(frozen=True, slots=True)
class TopicSight:
    """`texts` in the week that ends with `day`, `usual` what the four weeks before let expect of
    as many texts; `counts`: more than chance makes of so many topics."""

    topic: Topic
    day: date
    texts: int
    usual: float
    counts: bool
    outside: bool

    @property
    def is_new(self) -> bool:
        return self.usual < NEW_BELOW * self.texts


def topic_sights(day: date, chance: float, team_id: int | None) -> list[TopicSight]:
    """All topics of the usual set that are spoken of, as of the end of `day`."""
    found = TopicSet.objects.filter(key="").exclude(found_at=None).first()
    if found is None:
        return []
    end = start_of(day + timedelta(days=1))
    week = Q(said_at__gte=end - WEEK, said_at__lt=end)
    before = Q(said_at__gte=end - WEEK - BEFORE, said_at__lt=end - WEEK)
    rows: dict[Any, tuple[int, int]] = {
        row["topics__topic"]: (row["now"], row["then"])
        for row in _readings(team_id)
        .filter(week | before, topics__topic_set=found)
        .order_by()
        .values("topics__topic")
        .annotate(now=Count("pk", filter=week), then=Count("pk", filter=before))
    }
    all_now = sum(now for now, _then in rows.values())
    all_then = sum(then for _now, then in rows.values())
    if all_then < FEWEST_BEFORE or not all_now:
        return []
    changes = {
        pk: compare_shares(hits_before=then, n_before=all_then, hits_after=now, n_after=all_now)
        for pk, (now, then) in rows.items()
        if pk is not None
    }
    return _sights(day, rows, changes, all_now / all_then, chance)


def _sights(
    day: date,
    rows: dict[Any, tuple[int, int]],
    changes: dict[Any, Change | None],
    growth: float,
    chance: float,
) -> list[TopicSight]:
    grown = {pk: _p_of_growth(change) for pk, change in changes.items()}
    levels = dict(zip(grown, adjusted(list(grown.values())), strict=True))
    topics = Topic.objects.in_bulk(list(grown))
    made = []
    for pk, p_value in grown.items():
        now, then = rows[pk]
        usual = then * growth  # a week of as many texts as this one had
        enough = now >= FEWEST_TEXTS
        counts, outside = enough and levels[pk] <= chance, enough and p_value <= chance
        made.append(TopicSight(topics[pk], day, now, usual, counts, outside))
    return made


def _p_of_growth(change: Change | None) -> float:
    if change is None or change.difference <= 0:
        return 1.0
    return change.p_value / 2


def evidence_of_topic(topic: Topic, day: date, team_id: int | None) -> Evidence:
    """The texts of the week."""
    end = start_of(day + timedelta(days=1))
    texts = _readings(team_id).filter(
        topics__topic=topic, said_at__gte=end - WEEK, said_at__lt=end
    )
    rows = texts.order_by("-said_at").values_list("message", "feedback", "response", "said_at")
    found: dict[tuple[int | None, int | None], Said] = {}
    for message, record, response, at in rows:
        said = Said(record, None, at) if message else Said(None, response, at)
        found.setdefault((said.feedback, said.response), said)
    return Evidence(len(found), tuple(found.values())[:MOST_EVIDENCE])


def _readings(team_id: int | None) -> Any:
    found: Any = every_reading()
    if team_id is not None:
        mine = Q(feedback__team=team_id) | Q(message=None, response__team=team_id)
        found = found.filter(mine)
    return found
