"""Very many records, quickly: rows as the services leave them, but written in bulk.

Random, and the same every time. Only for scratch databases and tests of speed: nothing here
goes through the services, tells a story that can be read, or announces anything.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.models import Customer
from analytics.bench.company import BATCH, Company, add_customers
from feedback.enums import DONE_STATES, OUR_TURN, Channel, Direction, State, TimelineKind
from feedback.models import Category, Feedback, Message, Status, TimelineEntry
from feedback.rules.promise import answer_due
from surveys.enums import CollectorChannel, DataType, QuestionRole, ResponseStatus, SurveyKind
from surveys.models import Answer, Collector, Question, Response, Survey, SurveyVersion

DAYS = 730  # records are spread evenly over two years
OPEN_DAYS = 9  # of younger records half are open, of older ones few
RATED, ANSWERED_SURVEY = 0.4, 0.3
MESSAGES = 3
CHANNELS = {
    Channel.WEB_FORM: 30,
    Channel.EMAIL: 34,
    Channel.PHONE: 14,
    Channel.WECHAT: 10,
    Channel.WEIBO: 4,
    Channel.CHAT: 5,
    Channel.API: 2,
    Channel.PAPER: 1,
}
OPEN_SHARES = {
    State.NEW: 30,
    State.OPEN: 40,
    State.WAITING_CUSTOMER: 20,
    State.WAITING_THIRD: 10,
}
DONE_SHARES = {State.RESOLVED: 27, State.CLOSED: 70, State.SPAM: 3}
STORY = (TimelineKind.RECEIVED, TimelineKind.ASSIGNED, TimelineKind.REPLIED, TimelineKind.STATUS)
SUBJECTS = (
    "滤芯漏水",
    "The light stays on",
    "安装师傅没来",
    "退款还没有到账",
    "Wrong part",
    "表扬",
)


class Generator:
    """Writes records until there are as many as asked for."""

    def __init__(self, company: Company, now: datetime) -> None:
        self.company, self.now = company, now
        self.random = random.Random(20261122)  # noqa: S311 - the same every time is the point
        self.statuses = {state: Status.objects.default_for(state) for state in State}
        self.categories: list[Category | None] = [None, *Category.objects.order_by("pk")]
        self.survey = _Survey()

    def fill_up_to(self, wanted: int) -> None:
        """Add records until there are `wanted`, then let PostgreSQL look at what it has."""
        missing = wanted - Feedback.objects.count()
        customers = add_customers(max(missing // 3, 1))
        done = 0
        while done < missing:
            size = min(BATCH, missing - done)
            with transaction.atomic():
                self._batch(size, customers)
            done += size
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _batch(self, size: int, customers: list[Customer]) -> None:
        records = Feedback.objects.bulk_create(
            self._record(self.random.choice(customers)) for _ in range(size)
        )
        Message.objects.bulk_create(self._messages(records), batch_size=BATCH)
        TimelineEntry.objects.bulk_create(self._story(records), batch_size=BATCH)
        self.survey.answer([one for one in records if one.satisfaction is not None], self.random)

    def _record(self, customer: Customer) -> Feedback:
        dice = self.random
        age = dice.random() * DAYS
        state = self._state(is_open=dice.random() < (0.5 if age < OPEN_DAYS else 0.003))
        received_at = self.now - timedelta(days=age)
        status, team = self.statuses[state], dice.randrange(len(self.company.teams))
        agent = dice.choice([None, *self.company.agents_of(team)])
        hours = min(dice.lognormvariate(1.6, 1.1), age * 24)
        answered_at = received_at + timedelta(hours=hours * 0.4)
        resolved_at = received_at + timedelta(hours=hours) if state in DONE_STATES else None
        waiting = received_at if state in OUR_TURN else None
        priority = dice.choices((1, 2, 3, 4), (10, 70, 15, 5))[0]
        rated = resolved_at is not None and dice.random() < RATED
        return Feedback(
            channel=dice.choices(list(CHANNELS), list(CHANNELS.values()))[0],
            subject=f"{dice.choice(SUBJECTS)} {dice.randrange(10_000)}",
            language="zh-hans",
            customer=customer,
            status=status,
            state=state,
            priority=priority,
            category=dice.choice(self.categories),
            team=self.company.teams[team] if dice.random() < 0.95 else None,
            assignee=agent,
            received_at=received_at,
            reply_due_at=answer_due(waiting, priority),
            first_response_at=None if state == State.NEW else answered_at,
            waiting_since=waiting,
            last_customer_message_at=received_at,
            last_staff_message_at=None if state == State.NEW else answered_at,
            resolved_at=resolved_at,
            resolved_by=agent if resolved_at else None,
            resolved_team=self.company.teams[team] if resolved_at else None,
            closed_at=resolved_at if state == State.CLOSED else None,
            reopened_count=int(dice.random() < 0.06),
            satisfaction=dice.choices((1, 2, 3, 4, 5), (6, 5, 12, 37, 40))[0] if rated else None,
            satisfaction_at=_later(resolved_at, dice.random() * 48, self.now) if rated else None,
        )

    def _state(self, *, is_open: bool) -> State:
        shares = OPEN_SHARES if is_open else DONE_SHARES
        return self.random.choices(list(shares), list(shares.values()))[0]

    def _messages(self, records: list[Feedback]) -> Iterator[Message]:
        for record in records:
            for n in range(MESSAGES):
                yield Message(
                    feedback=record,
                    direction=Direction.OUT if n % 2 else Direction.IN,
                    channel=record.channel,
                    author=record.assignee if n % 2 else None,
                    author_name="" if n % 2 else record.customer.name,
                    text=f"{record.subject} · 换了滤芯以后一直漏水，请尽快处理。" * 3,
                    created_at=record.received_at + timedelta(hours=n),
                )

    def _story(self, records: list[Feedback]) -> Iterator[TimelineEntry]:
        for record in records:
            for n, kind in enumerate(STORY):
                yield TimelineEntry(
                    feedback=record,
                    kind=kind,
                    actor=record.assignee,
                    data={},
                    at=record.received_at + timedelta(hours=n),
                )


class _Survey:
    """The call-back with its four ratings."""

    def __init__(self) -> None:
        survey = Survey.objects.create(kind=SurveyKind.CSAT, title_zh="回访", title_en="Call-back")
        self.survey = survey
        self.version = SurveyVersion.objects.create(survey=survey, number=1, definition={})
        self.collector = Collector.objects.create(
            survey=survey, name="bench", channel=CollectorChannel.FOLLOW_UP
        )
        self.questions = Question.objects.bulk_create(
            Question(
                survey=survey,
                code=f"bench-{role.value}",
                data_type=DataType.NUMBER,
                role=role,
                first_version=1,
            )
            for role in (
                QuestionRole.OVERALL,
                QuestionRole.FUNCTIONAL,
                QuestionRole.SERVICE,
                QuestionRole.EMOTIONAL,
            )
        )

    def answer(self, records: list[Feedback], dice: random.Random) -> None:
        responses = Response.objects.bulk_create(
            Response(
                survey=self.survey,
                version=self.version,
                collector=self.collector,
                customer=record.customer,
                feedback=record,
                team=record.team,
                agent=record.assignee,
                status=ResponseStatus.COMPLETE,
                completed_at=record.satisfaction_at,
                language="zh-hans",
            )
            for record in records
            if dice.random() < ANSWERED_SURVEY / RATED
        )
        Answer.objects.bulk_create(
            Answer(
                response=response,
                question=question,
                number=dice.choices((1, 2, 3, 4, 5), (6, 5, 12, 37, 40))[0],
            )
            for response in responses
            for question in self.questions
        )


def _later(moment: datetime | None, hours: float, now: datetime) -> datetime | None:
    return min(moment + timedelta(hours=hours), now) if moment else None
