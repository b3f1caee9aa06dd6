"""A year in which everything happened, made by the real services on a moved clock."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from accounts.enums import Role, Tier
from feedback.enums import OPEN_STATES, Channel, State
from feedback.models import Category, Feedback, Status
from feedback.services.assignment import assign_feedback
from feedback.services.followup import record_satisfaction
from feedback.services.replies import send_reply
from feedback.services.workflow import change_status, reopen_feedback, resolve_feedback
from surveys.models import Collector
from surveys.services.answering import submit_response
from tests.conftest import member
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory

# Days ago: around today, around the ends of the usual periods, and long ago.
MOMENTS = [
    0,
    0,
    0.1,
    0.4,
    1,
    3,
    6,
    7,
    8,
    13,
    20,
    29,
    29.5,
    30,
    31,
    45,
    59,
    61,
    89,
    91,
    200,
    364,
    400,
]


class BusyYear:
    """Three teams, an agent each; records of all channels, categories, states and ages."""

    def __init__(self, clock, seed: int = 7) -> None:
        self.clock, self.random = clock, Random(seed)
        self.now = timezone.now()
        self.teams = [TeamFactory() for _ in range(3)]
        self.agents = [member(Role.AGENT, team) for team in self.teams]
        self.customers = [CustomerFactory() for _ in range(6)]
        self.customers[0].tier = self.customers[1].tier = Tier.KEY
        for customer in self.customers[:2]:
            customer.save(update_fields=["tier"])
        self.categories = [None, *Category.objects.order_by("pk")]
        self.collector = Collector.objects.get(survey__kind="csat", channel="phone")

    def happens(self, records: int) -> None:
        for _ in range(records):
            self.at(self.random.choice(MOMENTS) + self.random.random() / 24)
            self.live_through(self.comes_in())
        self.at(0)

    def at(self, days_ago: float) -> None:
        self.clock.move_to(self.now - timedelta(days=days_ago), tick=False)

    def later(self, hours: float) -> None:
        """Time goes on, never beyond now."""
        moment = min(timezone.now() + timedelta(hours=hours), self.now)
        self.clock.move_to(moment, tick=False)

    def comes_in(self) -> Feedback:
        dice = self.random
        return FeedbackFactory(
            channel=dice.choice(list(Channel)),
            customer=dice.choice(self.customers),
            category=dice.choice(self.categories),
            team=dice.choice([None, *self.teams]),
            priority=dice.choice([1, 2, 3, 4]),
        )

    def live_through(self, record: Feedback) -> None:
        dice = self.random
        agent = dice.choice(self.agents)
        if dice.random() < 0.6:
            team = dice.choice([agent.teams.get(), record.team])
            to = agent if team is None or team == agent.teams.get() else None
            assign_feedback(record.pk, by=agent, assignee=to, team=team)
        if dice.random() < 0.7:
            self.later(dice.random() * 30)
            send_reply(record.pk, by=agent, text="马上处理。")
        if dice.random() < 0.4:
            self.set_aside(record, agent)
        if dice.random() < 0.6 and self.state_of(record) in OPEN_STATES:
            self.later(dice.random() * 90)
            resolve_feedback(record.pk, by=agent)
            self.is_judged(record, agent)

    def set_aside(self, record: Feedback, agent) -> None:
        wanted = self.random.choice(
            [State.WAITING_CUSTOMER, State.SPAM, State.MERGED, State.CLOSED]
        )
        if wanted == State.MERGED:
            # As merging leaves a record, until there is a service for it.
            other = Feedback.objects.exclude(pk=record.pk).first()
            status = Status.objects.default_for(State.MERGED)
            if other is not None:
                Feedback.objects.filter(pk=record.pk).update(
                    status=status, state=State.MERGED, merged_into=other
                )
            return
        change_status(record.pk, status=Status.objects.default_for(wanted), by=agent)

    def is_judged(self, record: Feedback, agent) -> None:
        dice = self.random
        self.later(dice.random() * 40)
        if dice.random() < 0.35:
            record_satisfaction(record.pk, overall=dice.randint(1, 5), solved=None)
        elif dice.random() < 0.6:
            answers = {"overall": dice.randint(1, 5), "service": dice.randint(1, 5)}
            if dice.random() < 0.5:
                answers |= {"functional": dice.randint(1, 5), "emotional": dice.randint(1, 5)}
            submit_response(
                self.collector.pk,
                answers=answers,
                language="zh-hans",
                feedback=Feedback.objects.get(pk=record.pk),
                entered_by=agent,
            )
        if dice.random() < 0.3 and self.state_of(record) == State.RESOLVED:
            self.later(dice.random() * 10)
            reopen_feedback(record.pk, by=agent)
        elif dice.random() < 0.2 and self.state_of(record) == State.RESOLVED:
            change_status(record.pk, status=Status.objects.default_for(State.SPAM), by=agent)

    @staticmethod
    def state_of(record: Feedback) -> str:
        return Feedback.objects.values_list("state", flat=True).get(pk=record.pk)
