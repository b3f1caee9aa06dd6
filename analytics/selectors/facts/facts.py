"""All facts: of records, of promises, of answers to surveys."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from accounts.models import User
from analytics.metrics import ces, csat, nps
from analytics.metrics.catalogue.sums import FactName
from analytics.selectors.expressions import rows_where, seconds_between
from analytics.selectors.facts.fact import Fact, all_of_them, epoch_of, mood_of, steps_of
from config.kernel.text.mood.labels import NEARLY
from feedback.enums import State
from feedback.models import Feedback, SLAClock
from feedback.models.feedback import visible_condition
from surveys.enums import QuestionRole
from surveys.models import Answer, Response

_NO_FIGURE = [State.SPAM, State.MERGED]


def _records(user: User | None) -> QuerySet[Any]:
    """Of customers: suggestions of staff are in no figure."""
    seen = Feedback.objects.all() if user is None else Feedback.objects.visible_to(user)
    return seen.of_customers()


def _when(moment: str) -> Any:
    return lambda user: _records(user).filter(**{f"{moment}__isnull": False})


def _rated(user: User | None) -> QuerySet[Any]:
    return _records(user).filter(satisfaction__isnull=False, satisfaction_at__isnull=False)


def _settled(user: User | None) -> QuerySet[Any]:
    """Promises that were kept or missed, of records that count. One that was given up before its
    time is neither."""
    clocks = SLAClock.objects.exclude(feedback__state__in=_NO_FIGURE)
    if user is not None:
        if not user.is_authenticated or not user.is_active:
            return clocks.none()
        if not user.has_perm("accounts.view_every_team"):
            clocks = clocks.filter(visible_condition(user, "feedback__"))
    return clocks.annotate(settled_at=Coalesce("breached_at", "met_at")).filter(
        settled_at__isnull=False
    )


def _said(role: QuestionRole) -> Any:
    def answers(user: User | None) -> QuerySet[Any]:
        found = Answer.objects.filter(
            question__role=role,
            number__isnull=False,
            **{f"response__{name}": value for name, value in _COMPLETE.items()},
        )
        if user is None or (user.is_active and user.has_perm("accounts.view_every_team")):
            return found
        return found.filter(response__in=Response.objects.visible_to(user).complete())

    return answers


# As ResponseQuerySet.complete, of the response of an answer.
_COMPLETE = {
    "status": "complete",
    "is_test": False,
    "is_counted": True,
    "completed_at__isnull": False,
}


def _of_record(way: str = "") -> dict[str, Any]:
    """What tells records apart, and what points at one by `way` ("feedback__")."""
    fields = {
        "channel": "channel",
        "team": "team_id",
        "category": "category_id",
        "product": "product_id",
        "priority": "priority",
        "language": "language",
        "tier": "customer__tier",
        "assignee": "assignee_id",
        "form": "form_id",
        "organisation": "customer__organisation_id",
    }
    found: dict[str, Any] = {key: F(f"{way}{path}") for key, path in fields.items()}
    return found | {
        "stage": NullIf(F(f"{way}journey_stage"), Value("")),
        "mood": mood_of(f"{way}sentiment"),
    }


def _record_fact(name: FactName, source: Any, moment: str, **more: Any) -> Fact:
    return Fact(name, source, moment, _of_record(), **more)


def _survey_fact(name: FactName, role: QuestionRole, lowest: int, highest: int) -> Fact:
    record = _of_record("response__feedback__")
    return Fact(
        name,
        _said(role),
        "response__completed_at",
        {
            # Of the answer itself where it has them, else of the record that it is about.
            **{key: record[key] for key in ("channel", "category", "product", "stage", "form")},
            "team": F("response__team_id"),
            "language": F("response__language"),
            "tier": F("response__customer__tier"),
            "organisation": F("response__customer__organisation_id"),
            "survey": F("response__survey_id"),
            "way": F("response__collector__channel"),
        },
        {"n": all_of_them(), **steps_of("number", lowest, highest)},
        asked=role.value,
        record="response__feedback__",
    )


_FELT = Q(sentiment__isnull=False)
_ALL = (
    _record_fact(
        FactName.RECEIVED,
        _when("received_at"),
        "received_at",
        sums={
            "n": all_of_them(),
            "came": epoch_of("received_at"),
            "reopened": rows_where(Q(reopened_count__gt=0)),
            "solved": rows_where(Q(resolved_at__isnull=False) | Q(reopened_count__gt=0)),
            "negative": rows_where(Q(sentiment__lt=-NEARLY)),
            "felt": rows_where(_FELT),
            "feeling": Sum(Cast("sentiment", BigIntegerField()), default=0),
            "feeling_squared": Sum(
                Cast("sentiment", BigIntegerField()) * Cast("sentiment", BigIntegerField()),
                default=0,
            ),
        },
        in_list="received",
    ),
    _record_fact(
        FactName.ANSWERED,
        _when("first_response_at"),
        "first_response_at",
        sums={"n": all_of_them()},
        duration=seconds_between("received_at", "first_response_at"),
        in_list="answered",
    ),
    _record_fact(
        FactName.RESOLVED,
        _when("resolved_at"),
        "resolved_at",
        sums={
            "n": all_of_them(),
            "came": epoch_of("received_at"),
            # Its first answer is the last: there was one.
            "first_contact": rows_where(
                Q(first_response_at=F("last_staff_message_at"), reopened_count=0)
            ),
        },
        duration=seconds_between("received_at", "resolved_at"),
        in_list="resolved",
    ),
    _record_fact(
        FactName.RATED,
        _rated,
        "satisfaction_at",
        sums={"n": all_of_them(), **steps_of("satisfaction", csat.LOWEST, csat.HIGHEST)},
        in_list="rated",
    ),
    Fact(
        FactName.PROMISED,
        _settled,
        "settled_at",
        _of_record("feedback__") | {"promise": F("metric"), "working_hours": F("business_time")},
        {
            "n": all_of_them(),
            "kept": rows_where(Q(breached_at=None)),
            "timed": rows_where(Q(met_at__isnull=False)),
        },
        Case(When(Q(met_at__isnull=False), then=Cast("elapsed_seconds", FloatField()))),
        record="feedback__",
    ),
    _survey_fact(FactName.OVERALL, QuestionRole.OVERALL, csat.LOWEST, csat.HIGHEST),
    _survey_fact(FactName.FUNCTIONAL, QuestionRole.FUNCTIONAL, csat.LOWEST, csat.HIGHEST),
    _survey_fact(FactName.SERVICE, QuestionRole.SERVICE, csat.LOWEST, csat.HIGHEST),
    _survey_fact(FactName.EMOTIONAL, QuestionRole.EMOTIONAL, csat.LOWEST, csat.HIGHEST),
    _survey_fact(FactName.NPS, QuestionRole.NPS, nps.LOWEST, nps.HIGHEST),
    _survey_fact(FactName.CES, QuestionRole.CES, ces.LOWEST, ces.HIGHEST),
)
FACTS: dict[FactName, Fact] = {one.name: one for one in _ALL}
