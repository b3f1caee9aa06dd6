"""The year as a whole: who wrote about what, how far each record has come by today."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from accounts.enums import Tier
from analytics.demo.company import Company
from analytics.demo.conversation import Matter, Script, pick_channel
from analytics.demo.fields import fill_in, forms_by_use
from analytics.demo.people import Crowd, Person
from analytics.demo.season import Story, arrivals
from analytics.demo.steps import Answer, Assign, Move, Receive, Step, Write, state_after
from analytics.demo.words import Topic, phrases
from feedback.enums import OPEN_STATES, Channel, Priority, State
from feedback.rules.promise import ANSWER_WITHIN

SHARE_OF_SPAM = 0.012
OPEN_LOOKS_BACK = timedelta(days=21)


@dataclass(slots=True)
class Size:
    """How much of everything."""

    records: int
    recent: int  # of them in the last fortnight, at least
    today: int
    open_now: int
    customers: int
    organisations: int


FULL = Size(records=6000, recent=240, today=14, open_now=120, customers=2000, organisations=60)
SMALL = Size(records=200, recent=60, today=5, open_now=30, customers=90, organisations=8)


@dataclass(slots=True, eq=False)
class Plan:
    """One record: its script, and how much of it has happened by now."""

    person: Person
    script: Script | None  # None: spam
    steps: list[Step] = field(default_factory=list)

    @property
    def received_at(self) -> datetime:
        return self.steps[0].at

    @property
    def is_open(self) -> bool:
        return state_after(self.steps) in OPEN_STATES


def plan_year(
    rng: Random, *, company: Company, crowd: Crowd, topics: tuple[Topic, ...], size: Size,
    now: datetime,
) -> list[Plan]:  # fmt: skip
    """A plan for every record in order of arrival. `now` is in local time; nothing in the
    plans lies after it."""
    story = Story(now.date())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found = arrivals(
        rng, story, topics, midnight=midnight, now=now,
        count=size.records, recent=size.recent, today=size.today,
    )  # fmt: skip
    author = _Author(rng, company, crowd, story)
    plans = [
        author.spam(at) if rng.random() < SHARE_OF_SPAM else author.record(topic, at)
        for at, topic in found
    ]
    for plan in plans:
        plan.person.meet(plan.received_at)
        plan.steps = [step for step in plan.steps if step.at <= now]
    _leave_open(rng, plans, size.open_now, now)
    fill_in(plans, company.fields, forms_by_use())
    return plans


@dataclass(slots=True)
class _Author:
    """Decides who writes about a topic, and how it goes."""

    rng: Random
    company: Company
    crowd: Crowd
    story: Story

    def record(self, topic: Topic, at: datetime) -> Plan:
        rng, company = self.rng, self.company
        person = self.crowd.somebody(rng)
        team = company.team_of_category[topic.category]
        matter = Matter(
            person=person,
            topic=topic,
            product=company.product(rng, topic),
            channel=pick_channel(rng, person),
            priority=self._priority(topic, person),
            received_at=at,
            agent=company.colleague(rng, team, person.customer.language),
            team=team,
        )
        script = Script(rng, company, self.story, matter)
        script.go(rng.choices(list(topic.shapes), list(topic.shapes.values()))[0])
        return Plan(person, script, script.steps)

    def _priority(self, topic: Topic, person: Person) -> Priority:
        shares = topic.priorities
        priority = self.rng.choices(list(shares), list(shares.values()))[0]
        is_key = person.customer.tier == Tier.KEY
        return max(priority, Priority.HIGH) if is_key and self.rng.random() < 0.5 else priority

    def spam(self, at: datetime) -> Plan:
        person = self.rng.choice(self.crowd.spammers)
        language = person.customer.language
        subject, text = self.rng.choice(phrases(language)["spam"])
        found_after = timedelta(hours=self.rng.uniform(0.2, 20))
        steps: list[Step] = [
            Receive(
                at=at,
                channel=Channel.EMAIL,
                customer=person.customer,
                subject=subject,
                text=text,
                language=language,
                mailbox=self.company.mailbox,
                sender_address=person.email,
            ),
            Move(at=at + found_after, by=self.company.lead("relations"), to=State.SPAM),
        ]
        return Plan(person, None, steps)


# --- what is still to be done -----------------------------------------------------------------
def _leave_open(rng: Random, plans: list[Plan], wanted: int, now: datetime) -> None:
    """Stop recent conversations at telling places until about `wanted` records are open: some
    that nobody has taken, some overdue, some waiting for the customer or somebody else."""
    recent = [plan for plan in plans if plan.script and plan.received_at > now - OPEN_LOOKS_BACK]
    rng.shuffle(recent)
    missing = wanted - sum(plan.is_open for plan in plans)
    for place, share, always in _PLACES:
        quota = max(1, round(wanted * share))
        for plan in recent:
            if quota == 0 or (missing <= 0 and not always):
                break
            length = place(plan.steps, now)
            if length is None or (plan.is_open and not always):
                continue
            missing -= not plan.is_open
            plan.steps, quota = plan.steps[:length], quota - 1


def _untouched(steps: list[Step], now: datetime) -> int | None:
    """Received within the last 30 hours, and nobody has taken it."""
    fresh = steps[0].at > now - timedelta(hours=30)
    return _before(steps, Assign) if fresh else None


def _overdue(steps: list[Step], now: datetime) -> int | None:
    """Handed out, and the promised time has passed without an answer."""
    first = steps[0]
    length = _before(steps, Answer)
    if length is None or not isinstance(first, Receive):
        return None
    shortest, longest = ANSWER_WITHIN[Priority.URGENT], timedelta(days=6)
    late = shortest < now - first.at < longest
    written = any(isinstance(step, Write) for step in steps[:length])
    due = now - first.at > ANSWER_WITHIN[_priority(steps[:length])]
    return length if late and due and not written else None


def _priority(steps: list[Step]) -> Priority:
    found = [step.priority for step in steps if hasattr(step, "priority")]
    return Priority(found[-1])


def _asked(steps: list[Step], _now: datetime) -> int | None:
    """The customer was asked something and has not answered."""
    for index, step in enumerate(steps):
        if isinstance(step, Answer) and step.then == State.WAITING_CUSTOMER:
            return index + 1
    return None


def _outside(steps: list[Step], _now: datetime) -> int | None:
    for index, step in enumerate(steps):
        if isinstance(step, Move) and step.to == State.WAITING_THIRD:
            return index + 1
    return None


def _written_again(steps: list[Step], now: datetime) -> int | None:
    """The customer was not content with the solution, within the last two days."""
    for index, step in enumerate(steps):
        if isinstance(step, Write) and step.at > now - timedelta(days=2):
            return index + 1
    return None


def _in_progress(steps: list[Step], now: datetime) -> int | None:
    """Answered, not yet settled."""
    for index, step in enumerate(steps):
        if isinstance(step, Answer) and step.then is None and step.at > now - timedelta(days=9):
            return index + 1
    return None


def _before(steps: list[Step], kind: type[Step]) -> int | None:
    return next((i for i, step in enumerate(steps) if isinstance(step, kind)), None)


# Where, how large a share of what is open, and whether at the cost of other open records too.
_PLACES: list[tuple[Callable[[list[Step], datetime], int | None], float, bool]] = [
    (_overdue, 0.09, True),
    (_asked, 0.12, True),
    (_untouched, 0.1, False),
    (_written_again, 0.08, False),
    (_asked, 0.1, False),
    (_outside, 0.15, False),
    (_in_progress, 1.0, False),
]
