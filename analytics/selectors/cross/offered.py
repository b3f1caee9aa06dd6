"""What a table may be told apart by: dimensions of figures, of arrival, of customers, custom
fields with options, answers to a survey. Only what a person may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Func, Q, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.enums import FieldKind
from accounts.models import User
from accounts.rules.custom_values import Definition
from accounts.selectors.custom_fields import field_book
from analytics.metrics.catalogue.metric import Metric
from analytics.selectors.facts.dimension import DIMENSIONS, Dimension
from analytics.selectors.facts.fact import Fact
from analytics.selectors.facts.further import FURTHER, Further, never_read
from analytics.selectors.facts.measuring import dimensions_of
from feedback.errors import FilterNotKnown
from feedback.selectors.custom_columns import OF_CUSTOMER, OF_RECORD, Where
from feedback.selectors.further_filters import SEES_CUSTOMERS
from surveys.enums import DataType
from surveys.models import Question, Survey
from surveys.selectors.record_answers import (
    SEES_ANSWERS,
    answer_text,
    filter_of,
    last_answer,
    opinions,
)

ANSWER = "answer."
_KINDS = {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO}
_ANSWERED = (DataType.SINGLE, DataType.NUMBER)
_MOST_STEPS = 24  # a number with more steps makes no table
_OF_CUSTOMERS = {"organisation"}
_IN_TIME = ("month", "week", "weekday", "hour")


@dataclass(frozen=True)
class Group:
    """A part of the menu: (name in the address, words)."""

    label: Promise
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Offered:
    """What one person may tell a metric apart by."""

    user: User
    metric: Metric
    survey: Survey | None = None

    def groups(self) -> list[Group]:
        """For the menu. One statement where a survey is chosen."""
        known = [one for one in dimensions_of(self.metric) if self._may(one)]
        plain = [(name, str(DIMENSIONS[name].label)) for name in known]
        more = [one for one in FURTHER.values() if self._may_see(one)]
        told = [(one.key, str(one.dimension.label)) for one in more if one.key not in _IN_TIME]
        in_time = [(one.key, str(one.dimension.label)) for one in more if one.key in _IN_TIME]
        fields = [(one.key, str(one.dimension.label)) for one in self._fields()]
        answers = [(f"{ANSWER}{one.pk}", one.text or one.code) for one in self.questions()]
        found = [
            Group(gettext_lazy("What it is"), (*plain, *told)),
            Group(pgettext_lazy("of arrival", "When it came in"), tuple(in_time)),
            Group(gettext_lazy("Custom fields"), tuple(fields)),
            Group(gettext_lazy("Answers to the survey"), tuple(answers)),
        ]
        return [one for one in found if one.choices]

    def find(self, name: str) -> Dimension | Further:
        """Raises FilterNotKnown with the name that there is not, or not for them."""
        if name in DIMENSIONS and name in dimensions_of(self.metric) and self._may(name):
            return DIMENSIONS[name]
        found: Further | None = FURTHER.get(name)
        if found is None and name.startswith(ANSWER):
            found = self._answer(name)
        elif found is None:
            found = next((one for one in self._fields() if one.key == name), None)
        if found is None or not self._may_see(found):
            raise FilterNotKnown("rows", name[:60])
        return found

    @property
    def narrowed(self) -> set[str]:
        """What the metric can be narrowed by."""
        return set(dimensions_of(self.metric))

    def questions(self) -> list[Question]:
        if self.survey is None or not self.user.has_perm(SEES_ANSWERS):
            return []
        found = self.survey.questions.filter(data_type__in=_ANSWERED).select_related("parent")
        return [one for one in found if _is_short(one)]

    def _may(self, name: str) -> bool:
        return name not in _OF_CUSTOMERS or self.user.has_perm(SEES_CUSTOMERS)

    def _may_see(self, one: Further) -> bool:
        return (not one.of_customers or self.user.has_perm(SEES_CUSTOMERS)) and (
            not one.of_answers or self.user.has_perm(SEES_ANSWERS)
        )

    def _fields(self) -> list[Further]:
        book = field_book()
        return [
            _of_field(one, where)
            for where in (OF_RECORD, OF_CUSTOMER)
            for one in book.of(where.subject)
            if one.kind in _KINDS and (where is OF_RECORD or self.user.has_perm(SEES_CUSTOMERS))
        ]

    def _answer(self, name: str) -> Further | None:
        text = name.removeprefix(ANSWER)
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            return None
        asked = Question.objects.filter(pk=int(text), data_type__in=_ANSWERED)
        question = asked.select_related("survey", "parent").first()
        return _of_question(question) if question and _is_short(question) else None


def surveys_offered(user: User) -> list[Survey]:
    """Those whose answers can be put into a table, the newest first."""
    if not user.has_perm(SEES_ANSWERS):
        return []
    asked = Question.objects.filter(data_type__in=_ANSWERED).values("survey")
    return list(Survey.objects.filter(pk__in=asked).order_by("-pk")[:100])


def _is_short(question: Question) -> bool:
    if question.data_type != DataType.NUMBER:
        return True
    low, high = question.minimum, question.maximum
    return low is not None and high is not None and high - low <= _MOST_STEPS


def _of_field(about: Definition, where: Where) -> Further:
    """A custom field with options, or of yes and no; filters of the queue have its name."""
    names = {one.code: one.name for one in about.options}
    if about.kind == FieldKind.YES_NO:
        names = {"true": _("yes"), "false": _("no")}
    texts = {"true": "yes", "false": "no"} if about.kind == FieldKind.YES_NO else {}
    places = list(names)
    name = f"{where.prefix}{about.code}"
    return Further(
        Dimension(
            name,
            lazystr(where.label(about)),
            lambda keys: {one: names[one] for one in keys if one in names},
            lambda keys: {one: texts.get(one, str(one)) for one in keys},
            never_read,
            in_queue=name,
            without=gettext_lazy("nothing entered"),
            order=lambda one: places.index(one) if one in places else len(places),
            is_many=about.kind == FieldKind.CHOICES,
        ),
        lambda fact: _value_of(fact, about, where),
        of_customers=where is OF_CUSTOMER,
    )


def _value_of(fact: Fact, about: Definition, where: Where) -> Any:
    way = fact.record if where is OF_RECORD else fact.customer
    if about.kind == FieldKind.CHOICES:
        return _Each(KeyTransform(about.code, f"{way}custom"))
    return KeyTextTransform(about.code, f"{way}custom")


class _Each(Func):
    """Each text of a list in JSON, a null where the list is missing or empty."""

    template = (
        "jsonb_array_elements_text(COALESCE(NULLIF(NULLIF(%(expressions)s, '[]'::jsonb), "
        "'null'::jsonb), '[null]'::jsonb))"
    )
    output_field = TextField()
    set_returning = True


def _of_question(question: Question) -> Further:
    """The last answer about a record; of a figure about answers, the one of the same response."""
    choices = {} if question.data_type == DataType.NUMBER else _choices(question)
    places = list(choices)
    words = {pk: one.text for pk, one in choices.items()}
    codes = {pk: one.code for pk, one in choices.items()}
    return Further(
        Dimension(
            f"{ANSWER}{question.pk}",
            question.text or question.code,  # type: ignore[arg-type]
            lambda keys: {one: words.get(one, answer_text(one)) for one in keys},
            lambda keys: {one: answer_text(one) for one in keys},
            never_read,
            in_queue=filter_of(question),
            in_responses="answer",
            response_text=lambda key: f"{question.code}:{codes.get(key) or answer_text(key)}",
            of_survey=question.survey_id,
            without=gettext_lazy("no answer"),
            order=lambda one: places.index(one) if one in choices else float(one),
            is_known_only=True,
        ),
        lambda fact: _answered(fact, question),
        narrowing=lambda fact: _has_answered(fact, question),
        of_answers=True,
    )


def _choices(question: Question) -> Mapping[int, Any]:
    return {one.pk: one for one in question.choices.all()}


def _answered(fact: Fact, question: Question) -> Any:
    if fact.asked:
        return last_answer(question, "response", "response_id")
    return last_answer(question, "response__feedback", f"{fact.record}pk")


def _has_answered(fact: Fact, question: Question) -> Q:
    """The rows that have an answer at all, so that it is looked for in no others."""
    if fact.asked:
        return Q(response__in=opinions(question).values("response"))
    way = f"{fact.record}pk"
    return Q(**{f"{way}__in": opinions(question).values("response__feedback")})
