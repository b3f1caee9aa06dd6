"""The rows of the call-back survey: invitations, and what came back."""

from dataclasses import dataclass
from datetime import timedelta

from analytics.demo.asks import Ask
from analytics.demo.company import Company
from analytics.demo.ledger import Ledger
from analytics.demo.scenario import Plan
from surveys.enums import CollectorChannel, QuestionRole, ResponseStatus, VersionState
from surveys.models import (
    Answer,
    Choice,
    Collector,
    ContactEvent,
    Invitation,
    Question,
    Response,
    SurveyVersion,
)
from surveys.selectors.contact import address_digest
from surveys.services.defaults import ensure_call_back_survey

BATCH = 1000


@dataclass(slots=True)
class Judgements:
    """Writes for one collector: the one that asks after feedback was resolved."""

    company: Company
    ledgers: dict[Plan, Ledger]
    collector: Collector
    version: SurveyVersion
    questions: dict[str, Question]  # by what they measure
    choices: dict[str, Choice]  # of "solved", by code

    @classmethod
    def of_call_backs(cls, company: Company, ledgers: dict[Plan, Ledger]) -> "Judgements":
        survey = ensure_call_back_survey()
        version = survey.versions.get(state=VersionState.PUBLISHED)
        collector = survey.collectors.filter(channel=CollectorChannel.FOLLOW_UP).order_by("pk")[0]
        collector.survey = survey
        asked = survey.questions.filter(retired_in=None).exclude(role=QuestionRole.NONE)
        questions = {question.role: question for question in asked}
        solved = Choice.objects.filter(question__in=asked, question__role=QuestionRole.SOLVED)
        choices = {choice.code: choice for choice in solved}
        return cls(company, ledgers, collector, version, questions, choices)

    def write_invitations(self, asks: list[Ask]) -> None:
        for ask in asks:
            ask.row = self._invitation(ask)
        rows = [ask.row for ask in asks if ask.row is not None]
        Invitation.objects.bulk_create(rows, batch_size=BATCH)
        ContactEvent.objects.bulk_create(
            [
                ContactEvent(
                    customer=ask.plan.person.customer,
                    address_digest=address_digest(ask.plan.person.email),
                    survey=self.collector.survey,
                    at=ask.sent_at,
                )
                for ask in asks
                if ask.sent_at is not None
            ],
            batch_size=BATCH,
        )

    def _invitation(self, ask: Ask) -> Invitation:
        customer, script = ask.plan.person.customer, ask.plan.script
        assert script is not None  # noqa: S101 - spam is not asked about
        valid = timedelta(days=self.collector.valid_days)
        return Invitation(
            collector=self.collector,
            customer=customer,
            feedback=self.ledgers[ask.plan].feedback,
            round=ask.round,
            address=ask.plan.person.email,
            agent=script.user,
            team=self.company.teams[script.matter.team],
            language=self.collector.language or customer.language,
            state=ask.state,
            reason=ask.reason,
            created_at=ask.solved_at,
            send_at=ask.send_at,
            sent_at=ask.sent_at,
            expires_at=ask.sent_at + valid if ask.sent_at else None,
        )

    def write_answers(self, asks: list[Ask]) -> None:
        """After the outbox: an invitation knows its mail then."""
        mailed = [ask.row for ask in asks if ask.row is not None and ask.row.outgoing is not None]
        Invitation.objects.bulk_update(mailed, ["outgoing"], batch_size=BATCH)
        answered = [(self._response(ask), ask) for ask in asks if ask.rating is not None]
        Response.objects.bulk_create([one for one, _ in answered], batch_size=BATCH)
        answers = [answer for one, ask in answered for answer in self._answers(one, ask)]
        Answer.objects.bulk_create(answers, batch_size=BATCH)

    def _response(self, ask: Ask) -> Response:
        rating, row = ask.rating, ask.row
        assert rating is not None and row is not None  # noqa: S101, PT018
        return Response(
            survey=self.collector.survey,
            version=self.version,
            collector=self.collector,
            invitation=row,
            customer=row.customer,
            feedback=row.feedback,
            team=row.team,
            agent=row.agent,
            status=ResponseStatus.COMPLETE,
            started_at=rating.began,
            last_seen_at=rating.at,
            completed_at=rating.at,
            active_ms=int((rating.at - rating.began).total_seconds() * 1000),
            language=row.language,
            shown=[question.code for question in self.questions.values()],
        )

    def _answers(self, response: Response, ask: Ask) -> list[Answer]:
        rating = ask.rating
        assert rating is not None  # noqa: S101
        values = [
            Answer(response=response, question=self.questions[role], number=float(stars))
            for role, stars in rating.scores.items()
            if role in self.questions
        ]
        if QuestionRole.SOLVED in self.questions and rating.solved in self.choices:
            question = self.questions[QuestionRole.SOLVED]
            choice = self.choices[rating.solved]
            values.append(Answer(response=response, question=question, choice=choice))
        if rating.comment and QuestionRole.COMMENT in self.questions:
            question = self.questions[QuestionRole.COMMENT]
            values.append(Answer(response=response, question=question, text=rating.comment))
        return values
