"""Very many records, quickly: rows as the services leave them, but written in bulk.

Random, and the same every time. Only for scratch databases: nothing here goes through the
services, holds a text worth reading, or announces anything.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection, transaction

from analytics.bench.company import Company, add_customers
from analytics.bench.copying import Row, copy_rows, new_ids
from feedback.enums import DONE_STATES, OUR_TURN, Channel, Direction, State, TimelineKind
from feedback.models import Category, Feedback, Message, Status, TimelineEntry
from feedback.rules.promise import answer_due
from feedback.services.search_index import index_what_changed
from surveys.enums import CollectorChannel, DataType, QuestionRole, ResponseStatus, SurveyKind
from surveys.models import Answer, Collector, Question, Response, Survey, SurveyVersion

BATCH = 5000
DAYS = 730  # records are spread evenly over two years
OPEN_DAYS = 30  # most younger records are open, few older ones
RATED, ANSWERED_SURVEY = 0.4, 0.3
MESSAGES = 2
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
SCORES = {1: 6, 2: 5, 3: 12, 4: 37, 5: 40}
SUBJECTS = (
    "滤芯漏水",
    "The light stays on",
    "安装师傅没来",
    "退款还没有到账",
    "Wrong part",
    "表扬",
)
# What the search looks for, and in each how many-th record it stands.
WORDS = {"快递": 33, "courier": 50, "锦鲤": 4_000, "quokka": 8_000}
NOBODYS = {"assignee": None, "team": None}


class Generator:
    """Writes records until there are as many as asked for."""

    def __init__(self, company: Company, now: datetime, *, words: bool = True) -> None:
        """Without `words` there are no messages, no stories and no index of the search: figures
        read none of them, and they are three quarters of the work."""
        self.company, self.now, self.words = company, now, words
        self.random = random.Random(20261122)  # noqa: S311 - the same every time is the point
        self.statuses = {state: Status.objects.default_for(state).pk for state in State}
        self.categories = [None, *Category.objects.order_by("pk").values_list("pk", flat=True)]

    def fill_up_to(self, wanted: int) -> None:
        """Add records until there are `wanted`."""
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        missing = wanted - Feedback.objects.count()
        # Whoever goes on where an earlier run ended does not write the same again.
        self.random.seed(20261122 + wanted - missing)
        customers = add_customers(missing // 3 or 1) if missing > 0 else []
        for done in range(0, missing, BATCH):
            with transaction.atomic():
                self._write(min(BATCH, missing - done), customers)
        while self.words and index_what_changed():
            pass

    def settle(self) -> None:
        """Let PostgreSQL look at what it has."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def long_conversation(self, messages: int) -> Feedback:
        """An open record with so many messages, and twice as many lines of its story."""
        (pk,) = new_ids(Feedback, 1)
        row = self._record(pk, add_customers(1)) | {
            "status_id": self.statuses[State.OPEN],
            "state": State.OPEN,
            "category_id": self.categories[-1],
            "team_id": self.company.teams[0].pk,
            "assignee_id": self.company.agents[0].pk,
            "resolved_at": None,
        }
        copy_rows(Feedback, [row], with_ids=True)
        for _ in range(messages // MESSAGES):
            copy_rows(Message, self._messages([row]))
            copy_rows(TimelineEntry, self._story([row]))
        return Feedback.objects.get(pk=pk)

    @cached_property
    def survey(self) -> "_Survey":
        return _Survey()

    def _write(self, size: int, customers: list[int]) -> None:
        rows = [self._record(pk, customers) for pk in new_ids(Feedback, size)]
        copy_rows(Feedback, rows, with_ids=True)
        if self.words:
            copy_rows(Message, self._messages(rows))
            copy_rows(TimelineEntry, self._story(rows))
        self.survey.answer([row for row in rows if row["satisfaction"]], self.random)

    def _record(self, pk: int, customers: list[int]) -> dict[str, Any]:
        dice = self.random
        age = dice.random() * DAYS
        shares = (
            OPEN_SHARES if dice.random() < (0.6 if age < OPEN_DAYS else 0.003) else DONE_SHARES
        )
        state, priority = self._one_of(shares), self._one_of({1: 10, 2: 70, 3: 15, 4: 5})
        received_at = self.now - timedelta(days=age)
        team = dice.randrange(len(self.company.teams))
        agent = dice.choice([None, *(one.pk for one in self.company.agents_of(team))])
        team_id = self.company.teams[team].pk if dice.random() < 0.95 else None
        return {
            "id": pk,
            "channel": self._one_of(CHANNELS),
            "subject": f"{dice.choice(SUBJECTS)} {dice.randrange(10_000)}",
            "language": "zh-hans",
            "customer_id": dice.choice(customers),
            "status_id": self.statuses[state],
            "state": state,
            "priority": priority,
            "category_id": dice.choice(self.categories),
            "team_id": team_id,
            "assignee_id": agent,
            "received_at": received_at,
            "last_customer_message_at": received_at,
            "reopened_count": int(dice.random() < 0.06),
            **self._course(state, priority, received_at),
            **(
                {"resolved_by_id": agent, "resolved_team_id": team_id}
                if state in DONE_STATES
                else {}
            ),
        }

    def _course(self, state: State, priority: int, received_at: datetime) -> dict[str, Any]:
        """When it was answered, solved, rated; none of it later than now."""
        dice, age = self.random, (self.now - received_at).total_seconds() / 3600
        hours = min(dice.lognormvariate(1.6, 1.1), age)
        answered_at = received_at + timedelta(hours=hours * 0.4)
        resolved_at = received_at + timedelta(hours=hours) if state in DONE_STATES else None
        waiting = received_at if state in OUR_TURN else None
        rated = resolved_at is not None and dice.random() < RATED
        return {
            "reply_due_at": answer_due(waiting, priority),
            "first_response_at": None if state == State.NEW else answered_at,
            "last_staff_message_at": None if state == State.NEW else answered_at,
            "waiting_since": waiting,
            "resolved_at": resolved_at,
            "closed_at": resolved_at if state == State.CLOSED else None,
            "satisfaction": self._one_of(SCORES) if rated else None,
            "satisfaction_at": min(resolved_at + timedelta(hours=dice.random() * 48), self.now)
            if rated and resolved_at
            else None,
        }

    def _one_of(self, shares: dict[Any, int]) -> Any:
        return self.random.choices(list(shares), list(shares.values()))[0]

    def _words_of(self, pk: int) -> str:
        return "".join(f" {word}。" for word, step in WORDS.items() if pk % step == 1)

    def _messages(self, records: Sequence[Row]) -> Iterator[Row]:
        for record in records:
            for n in range(MESSAGES):
                yield {
                    "feedback_id": record["id"],
                    "direction": Direction.OUT if n % 2 else Direction.IN,
                    "channel": record["channel"],
                    "author_id": record["assignee_id"] if n % 2 else None,
                    "author_name": "" if n % 2 else f"客户 {record['customer_id']}",
                    "text": f"{record['subject']} · 换了滤芯以后一直漏水，请尽快处理。" * 3
                    + self._words_of(record["id"]),
                    "created_at": record["received_at"] + timedelta(hours=n),
                }

    def _story(self, records: Sequence[Row]) -> Iterator[Row]:
        whose = {"assignee": self.company.agents[0].pk, "team": self.company.teams[0].pk}
        told: dict[TimelineKind, dict[str, Any]] = {
            TimelineKind.RECEIVED: {"channel": Channel.WEB_FORM},
            TimelineKind.ASSIGNED: {"before": NOBODYS, "after": whose},
            TimelineKind.REPLIED: {},
            TimelineKind.STATUS: {"before": "new", "after": "open"},
        }
        for record in records:
            for n, (kind, data) in enumerate(told.items()):
                yield {
                    "feedback_id": record["id"],
                    "kind": kind,
                    "actor_id": record["assignee_id"],
                    "data": data,
                    "at": record["received_at"] + timedelta(hours=n),
                }


class _Survey:
    """The call-back with its four ratings."""

    def __init__(self) -> None:
        survey = Survey.objects.create(kind=SurveyKind.CSAT, title_zh="回访", title_en="Call-back")
        version = SurveyVersion.objects.create(survey=survey, number=1, definition={})
        collector = Collector.objects.create(
            survey=survey, name="bench", channel=CollectorChannel.FOLLOW_UP
        )
        roles = (
            QuestionRole.OVERALL,
            QuestionRole.FUNCTIONAL,
            QuestionRole.SERVICE,
            QuestionRole.EMOTIONAL,
        )
        questions = Question.objects.bulk_create(
            Question(
                survey=survey,
                code=f"bench-{role.value}",
                data_type=DataType.NUMBER,
                role=role,
                first_version=1,
            )
            for role in roles
        )
        self.questions = [one.pk for one in questions]
        self.common = {
            "survey_id": survey.pk,
            "version_id": version.pk,
            "collector_id": collector.pk,
            "status": ResponseStatus.COMPLETE,
            "language": "zh-hans",
        }

    def answer(self, records: Sequence[Row], dice: random.Random) -> None:
        asked = [one for one in records if dice.random() < ANSWERED_SURVEY / RATED]
        ids = new_ids(Response, len(asked))
        copy_rows(
            Response,
            (
                {
                    **self.common,
                    "id": pk,
                    "customer_id": record["customer_id"],
                    "feedback_id": record["id"],
                    "team_id": record["team_id"],
                    "agent_id": record["assignee_id"],
                    "completed_at": record["satisfaction_at"],
                }
                for pk, record in zip(ids, asked, strict=True)
            ),
            with_ids=True,
        )
        scores, weights = list(SCORES), list(SCORES.values())
        copy_rows(
            Answer,
            (
                {
                    "response_id": pk,
                    "question_id": question,
                    "number": dice.choices(scores, weights)[0],
                }
                for pk in ids
                for question in self.questions
            ),
        )
