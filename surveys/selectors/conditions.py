"""What conditions may ask about a response, and about the record and the customer behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from django.conf import settings
from django.db.models import (
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.selectors.conditions import STAFF, TEAMS
from accounts.selectors.custom_conditions import made_fields, offered_fields
from config.kernel.conditions.choices import Choice, Option, Reference, options_of
from config.kernel.conditions.column import Column
from config.kernel.conditions.context import Context
from config.kernel.conditions.fields import Field, Text, YesNo, text_where
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.ordered import Duration, Moment, Number
from config.kernel.conditions.rows import Rows
from config.kernel.conditions.sets import TextSet
from config.kernel.conditions.vocabulary import Part, Vocabulary, vocabulary
from surveys.enums import CollectorChannel, QuestionRole, ResponseStatus, SurveyStatus
from surveys.models import Answer, Collector, ContactEvent, Response, Survey
from surveys.questions.roles import SCALES
from surveys.selectors.answered import Answered, one_by_one

RESPONSE = "response"
# A list knows who looks at it; nothing has just changed.
OF_LISTS = frozenset({Needs.ACTOR})
# What is asked of very many responses again and again without reading them.
QUICK = frozenset(
    {
        *(str(role) for role in SCALES),
        *("solved", "version", "channel", "collector", "language", "status", "counts", "is_test"),
        *("team", "submitted"),
    }
)

SURVEYS = Rows(
    rows=Survey.objects.all,
    names=("title_zh", "title_en"),
    offered=lambda surveys: surveys.exclude(status=SurveyStatus.ARCHIVED),
)
COLLECTORS = Rows(
    rows=Collector.objects.all,
    names=("name",),
    offered=lambda collectors: collectors.exclude(survey__status=SurveyStatus.ARCHIVED),
)
SOLVED = (
    Option("yes", "yes", pgettext_lazy("was it solved", "Yes")),
    Option("partly", "partly", pgettext_lazy("was it solved", "In part")),
    Option("no", "no", pgettext_lazy("was it solved", "No")),
)


def _answers(role: QuestionRole) -> QuerySet[Answer]:
    """A version measures each thing once, so a response has one answer at most."""
    return Answer.objects.filter(question__role=role).order_by("pk")


def _answered(role: QuestionRole, column: str) -> dict[str, Any]:
    """How the answer to what measures `role` is had of a record."""

    def get(response: Response) -> Any:
        mine = _answers(role).filter(response=response)
        return mine.values_list(column, flat=True).first()

    return {"role": role, "get": get}


def _took(prefix: str) -> ExpressionWrapper[Any]:
    between = F(f"{prefix}completed_at") - F(f"{prefix}started_at")
    return ExpressionWrapper(between, DurationField())


def _time_taken(response: Response) -> object:
    end = response.completed_at
    return None if end is None else end - response.started_at


_ANSWERED = "answered"  # in the memo of a context


def remembering(answered: Answered) -> dict[str, Answered]:
    """A memo for conditions about the responses to one survey, so that answers are looked up in
    its tallies."""
    return {_ANSWERED: answered}


@dataclass(frozen=True, kw_only=True)
class OfRole:
    """What is asked of the answer to what measures `role`. A list looks for fitting answers, of
    all responses at once: to look up the answer of each response takes minutes where there are
    very many."""

    role: QuestionRole
    prefix: str = ""

    def who(self, context: Context, said: Q, *, beyond_tallies: bool = False) -> Q:
        """The responses with such an answer; `beyond_tallies` asks for what those do not know."""
        said = Q(question__role=self.role) & said
        answered = context.memo.get(_ANSWERED)
        if answered is None or self.prefix or beyond_tallies:
            return one_by_one(said, self.prefix)
        return cast("Answered", answered).by(said)


@dataclass(frozen=True, kw_only=True)
class Score(OfRole, Number):
    def where(self, code: str, wanted: Any, context: Context) -> Q:
        if code == "empty":
            return ~self.who(context, Q(number__isnull=False))
        bounds = self.bounds(code, wanted, context).given()
        return self.who(context, Q(**{f"number__{name}": value for name, value in bounds}))


@dataclass(frozen=True, kw_only=True)
class Picked(OfRole, Choice):
    def where(self, code: str, wanted: Any, context: Context) -> Q:
        if code == "empty":
            return ~self.who(context, Q(choice__isnull=False))
        return self.who(context, Q(choice__code__in=self.values(code, wanted)))


@dataclass(frozen=True, kw_only=True)
class Written(OfRole, Text):
    def where(self, code: str, wanted: Any, context: Context) -> Q:
        if code == "empty":  # no answer has a text without a character
            return ~self.who(context, Q())
        text = text_where(Column("text"), code, wanted)
        return self.who(context, text, beyond_tallies=True)


def _scores() -> list[Field]:
    return [Score(name=role, label=role.label, **_answered(role, "number")) for role in SCALES]


def _words() -> list[Field]:
    return [
        Picked(
            name="solved",
            label=pgettext_lazy("a question", "Solved"),
            options=SOLVED,
            **_answered(QuestionRole.SOLVED, "choice__code"),
        ),
        Written(name="comment", label=_("Comment"), **_answered(QuestionRole.COMMENT, "text")),
        TextSet(
            name="text",
            label=_("Written answers"),
            rows=Answer.objects.all,
            link="response",
            value_at="text",
        ),
    ]


def _how_it_came() -> list[Field]:
    return [
        Reference(name="survey", label=_("Survey"), path="survey_id", source=SURVEYS),
        Number(name="version", label=_("Version of the survey"), path="version__number"),
        Choice(
            name="channel",
            label=_("Way of the answer"),
            path="collector__channel",
            options=options_of(CollectorChannel),
        ),
        Reference(name="collector", label=_("Collector"), path="collector_id", source=COLLECTORS),
        Choice(
            name="status",
            label=_("State of the answer"),
            path="status",
            options=options_of(ResponseStatus),
        ),
        YesNo(name="counts", label=_("Counts in the results"), path="is_counted"),
        YesNo(name="is_test", label=_("Only a test"), path="is_test"),
        Choice(
            name="language",
            label=_("Language of the answer"),
            path="language",
            options=options_of(settings.LANGUAGES),
        ),
    ]


def _people() -> list[Field]:
    def staff(name: str, label: Promise, path: str) -> Reference:
        return Reference(name=name, label=label, path=path, source=STAFF, holds_user=True)

    return [
        staff("agent", _("Person whose work was rated"), "agent_id"),
        Reference(
            name="team",
            label=_("Team whose work was rated"),
            path="team_id",
            source=TEAMS,
            holds_team=True,
        ),
        staff("taken_down_by", _("Taken down by"), "entered_by_id"),
    ]


def _times() -> list[Field]:
    return [
        Moment(
            name="submitted",
            label=pgettext_lazy("a survey, when", "Answered"),
            path="completed_at",
        ),
        Moment(name="started", label=pgettext_lazy("a survey, when", "Begun"), path="started_at"),
        Duration(name="took", label=_("Time taken to answer"), expression=_took, get=_time_taken),
    ]


def response_vocabulary() -> Vocabulary:
    """One person's answers to a survey, with the customer and the record they are about."""
    return Vocabulary(
        RESPONSE,
        label=_("Response"),
        fields=[*_scores(), *_words(), *_how_it_came(), *_people(), *_times()],
        parts={
            "customer": Part(subject="customer", path="customer"),
            "feedback": Part(subject="answered_feedback", path="feedback"),
        },
    )


def answered_feedback_vocabulary() -> Vocabulary:
    """The record that a response is about: all that conditions ask of feedback, without its
    customer, who is the response's already, and without "changed"."""
    feedback = vocabulary("feedback")
    own = [replace(one, tracked=False) for one in feedback.declared() if "." not in one.name]
    return Vocabulary(
        "answered_feedback",
        label=_("Record that was rated"),
        fields=own,
        made=made_fields("feedback"),
        offered=offered_fields("feedback"),
    )


def last_asked() -> Moment:
    """When somebody was last asked to answer a survey, as a field of a customer; empty: never."""

    def latest(customer: Any) -> QuerySet[ContactEvent]:
        return ContactEvent.objects.filter(customer=customer).order_by("-at")

    return Moment(
        name="last_asked",
        label=_("Last asked to answer a survey"),
        expression=lambda prefix: Subquery(latest(OuterRef(f"{prefix}pk")).values("at")[:1]),
        get=lambda customer: latest(customer).values_list("at", flat=True).first(),
    )
