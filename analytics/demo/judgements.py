"""The rows of the call-back survey: invitations, and what came back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from analytics.demo.asks import Ask
from analytics.demo.company import Company
from analytics.demo.ledger import Ledger
from analytics.demo.scenario import Plan
from analytics.demo.steps import Rate
from analytics.demo.store import Keys, copy_models, copy_rows
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


@dataclass(slots=True)
class Judgements:
    """Writes for one collector: the one that asks after feedback was resolved."""

    company: Company
    ledgers: dict[Plan, Ledger]
    collector: Collector
    version: SurveyVersion
    questions: dict[str, Question]  # by what they measure
    choices: dict[str, Choice]  # of "solved", by code
    shown: list[str]

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
        shown = [question.code for question in asked.order_by("order", "pk")]
        return cls(company, ledgers, collector, version, questions, choices, shown)

    def invitation(self, ask: Ask) -> Invitation:
        customer, script = ask.plan.person.customer, ask.plan.script
        assert script is not None  # noqa: S101 - spam is not asked about
        valid = timedelta(days=self.collector.valid_days)
        return Invitation(
            pk=ask.key,
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
            outgoing_id=ask.outgoing,
            created_at=ask.solved_at,
            send_at=ask.send_at,
            sent_at=ask.sent_at,
            expires_at=ask.sent_at + valid if ask.sent_at else None,
        )

    def write(self, invitations: dict[Ask, Invitation]) -> None:
        copy_models(Invitation, invitations.values())
        copy_rows(
            ContactEvent,
            ("customer_id", "address_digest", "survey_id", "at"),
            [
                (
                    invitation.customer_id,
                    address_digest(invitation.address),
                    self.collector.survey_id,
                    invitation.sent_at,
                )
                for invitation in invitations.values()
                if invitation.sent_at is not None
            ],
        )
        keys = Keys.of(Response)
        # Numbered as they came, as they are when people answer: lists show the newest first.
        rated = [(one, ask.rating) for ask, one in invitations.items() if ask.rating is not None]
        rated.sort(key=lambda pair: pair[1].began)
        answered = [(self._response(keys.take(), one, rating), rating) for one, rating in rated]
        copy_models(Response, [response for response, _ in answered])
        copy_rows(
            Answer,
            ("response_id", "question_id", "choice_id", "number", "text"),
            [row for response, rating in answered for row in self._answers(response, rating)],
        )

    def _response(self, key: int, invitation: Invitation, rating: Rate) -> Response:
        return Response(
            pk=key,
            survey=self.collector.survey,
            version=self.version,
            collector=self.collector,
            invitation=invitation,
            customer=invitation.customer,
            feedback=invitation.feedback,
            team=invitation.team,
            agent=invitation.agent,
            status=ResponseStatus.COMPLETE,
            started_at=rating.began,
            last_seen_at=rating.at,
            completed_at=rating.at,
            active_ms=int((rating.at - rating.began).total_seconds() * 1000),
            language=invitation.language,
            shown=self.shown,
            source={"mode": "page"},
        )

    def _answers(self, response: Response, rating: Rate) -> Iterator[tuple[Any, ...]]:
        for role, stars in rating.scores.items():
            if role in self.questions:
                yield response.pk, self.questions[role].pk, None, float(stars), None
        if rating.solved in self.choices:
            choice = self.choices[rating.solved]
            yield response.pk, choice.question_id, choice.pk, None, None
        if rating.comment and QuestionRole.COMMENT in self.questions:
            question = self.questions[QuestionRole.COMMENT]
            yield response.pk, question.pk, None, None, rating.comment
