"""What comes in when: the seasons of the year and the story of this company. Pure.

The story is told backwards from today, so that the same things can be found in the figures
whenever the demo is made:

* eight months ago the service was reorganised, and first answers became much faster;
* five months ago fitters got a new planning tool, and complaints about installation fell;
* eleven to six weeks ago a batch of cartridges (B0917) leaked;
* yesterday a new version of the app locked people out.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from analytics.demo.hours import moment_of_day
from analytics.demo.words import Topic

DAYS = 365
RECENT_DAYS = 14
_BY_WEEKDAY = (1.25, 1.12, 1.05, 1.0, 1.0, 0.8, 0.7)
_WATER = (0.9, 0.85, 0.9, 0.95, 1.05, 1.15, 1.25, 1.2, 1.05, 1.0, 0.95, 0.9)
_AIR = (1.6, 1.3, 1.1, 0.9, 0.8, 0.7, 0.6, 0.65, 0.8, 1.0, 1.4, 1.6)
_SALES = {6: 1.7, 11: 1.8}  # the two shopping festivals
BATCH_TOPIC = "leak-batch"
APP_TOPIC, _LOCKED_OUT = "app-login", 60.0
_INSTALLATION = "service-installation"
_SOLD = ("service-delivery", "experience-price", "service-refund")


@dataclass(frozen=True, slots=True)
class Story:
    """The turning points of the company's year, seen from `today`."""

    today: date

    @property
    def faster_from(self) -> date:
        return self.today - timedelta(days=240)

    @property
    def fitters_from(self) -> date:
        return self.today - timedelta(days=150)

    @property
    def batch(self) -> tuple[date, date]:
        """First and last day on which the leaking batch was reported."""
        return self.today - timedelta(days=80), self.today - timedelta(days=45)

    def in_batch(self, day: date) -> bool:
        first, last = self.batch
        return first <= day <= last

    @property
    def locked_out(self) -> date:
        """The day on which the new version of the app came."""
        return self.today - timedelta(days=1)

    def answer_minutes(self, day: date) -> float:
        """Median working minutes until the first answer on `day`."""
        since = (day - self.faster_from).days
        done = min(max(since / 60, 0.0), 1.0)
        usual = 430 - 290 * done
        return usual * (1.5 if self.in_batch(day) else 1.0)

    def weight(self, topic: Topic, day: date) -> float:
        """How much of `topic` comes in on `day`, relative to other topics and days."""
        weight = topic.weight * _BY_WEEKDAY[day.weekday()] * self._growth(day)
        month = day.month - 1
        if topic.kinds == {"water"}:
            weight *= _WATER[month]
        elif topic.kinds == {"air"}:
            weight *= _AIR[month]
        if topic.category in _SOLD and day.day <= 24:
            weight *= _SALES.get(day.month, 1.0)
        if topic.category == _INSTALLATION:
            since = (day - self.fitters_from).days
            weight *= 1.25 - 0.85 * min(max(since / 60, 0.0), 1.0)
        if topic.code == BATCH_TOPIC:
            weight *= self._batch_factor(day)
        if topic.code == APP_TOPIC and day == self.locked_out:
            weight *= _LOCKED_OUT
        return weight

    def _growth(self, day: date) -> float:
        return 1.15 - 0.3 * (self.today - day).days / DAYS

    def _batch_factor(self, day: date) -> float:
        """From nothing to the full weight within ten days, then slowly back to nothing."""
        first, last = self.batch
        up = (day - first).days / 10
        down = (last - day).days / max((last - first).days - 10, 1)
        return max(min(up, down, 1.0), 0.0)


def arrivals(
    rng: Random,
    story: Story,
    topics: Sequence[Topic],
    *,
    midnight: datetime,
    now: datetime,
    count: int,
    recent: int,
    today: int,
) -> list[tuple[datetime, Topic]]:
    """`count` pairs of time and topic in order of time, over the year before `now`; `today` of
    them since `midnight` (or within the last hour just after it), and at least `recent` in the
    last fortnight. `midnight` is the start of today in local time."""
    draw = _Draw(rng, story, topics)
    found = []
    for _ in range(today):
        begin = min(midnight + timedelta(hours=6), now - timedelta(hours=1))
        span = (now - begin).total_seconds()
        at = now - timedelta(seconds=60 + rng.random() * (span - 60))
        found.append((at, draw.topic_on(story.today)))
    days = [draw.day_and_topic(range(1, DAYS)) for _ in range(count - today)]
    days.sort(key=lambda pair: pair[0])
    fortnight_ago = story.today - timedelta(days=RECENT_DAYS)
    missing = recent - today - sum(day > fortnight_ago for day, _ in days)
    for _ in range(missing):  # a small year would be almost empty by now
        days[rng.randrange(len(days) - recent)] = draw.day_and_topic(range(1, RECENT_DAYS))
    for day, topic in days:
        found.append((midnight - (story.today - day) + moment_of_day(rng), topic))
    return sorted(found, key=lambda pair: pair[0])


class _Draw:
    """Draws days and topics in proportion to `Story.weight`."""

    def __init__(self, rng: Random, story: Story, topics: Sequence[Topic]) -> None:
        self.rng, self.story, self.topics = rng, story, topics
        self.by_day: dict[date, list[float]] = {}
        self.totals: dict[range, list[float]] = {}

    def _sums(self, day: date) -> list[float]:
        if day not in self.by_day:
            weights = (self.story.weight(topic, day) for topic in self.topics)
            self.by_day[day] = list(accumulate(weights))
        return self.by_day[day]

    def topic_on(self, day: date) -> Topic:
        sums = self._sums(day)
        return self.topics[bisect_right(sums, self.rng.random() * sums[-1])]

    def day_and_topic(self, ago: range) -> tuple[date, Topic]:
        if ago not in self.totals:
            days = (self.story.today - timedelta(days=n) for n in ago)
            self.totals[ago] = list(accumulate(self._sums(day)[-1] for day in days))
        sums = self.totals[ago]
        index = bisect_right(sums, self.rng.random() * sums[-1])
        day = self.story.today - timedelta(days=ago[index])
        return day, self.topic_on(day)
