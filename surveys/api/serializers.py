"""Surveys and answers as programs see them."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from accounts.api.covered import CoveredField
from accounts.api.permissions import may_name_customers
from accounts.models import Customer
from config.kernel.api_fields import CodeOf, StrictInput, TextField
from feedback.models import Feedback
from surveys.enums import (
    CollectorChannel,
    DataType,
    QualityFlag,
    QuestionRole,
    ResponseStatus,
    SurveyKind,
    SurveyStatus,
    Verdict,
)
from surveys.models import Answer, Choice, QualityCheck, Question, Response, Survey

LONGEST_TEXT = 10_000
MOST_ANSWERS = 500


class ChoiceSerializer(serializers.ModelSerializer[Choice]):
    class Meta:
        model = Choice
        fields = ["code", "score", "text_zh", "text_en"]


class QuestionSerializer(serializers.ModelSerializer[Question]):
    data_type = serializers.ChoiceField(DataType.choices, read_only=True)
    role = serializers.ChoiceField(QuestionRole.choices, read_only=True)
    choices = ChoiceSerializer(many=True, read_only=True)
    part_of = CodeOf(
        source="parent", allow_null=True, help_text=_("The question over this row or part.")
    )

    class Meta:
        model = Question
        fields = [
            "code",
            "part_of",
            "data_type",
            "role",
            "text_zh",
            "text_en",
            "minimum",
            "maximum",
            "choices",
        ]


class SurveySerializer(serializers.ModelSerializer[Survey]):
    id = serializers.UUIDField(source="slug", read_only=True)
    kind = serializers.ChoiceField(SurveyKind.choices, read_only=True)
    status = serializers.ChoiceField(SurveyStatus.choices, read_only=True)

    class Meta:
        model = Survey
        fields = ["id", "kind", "title_zh", "title_en", "default_language", "status", "created_at"]


class SurveyWantedSerializer(StrictInput, serializers.ModelSerializer[Survey]):
    kind = serializers.ChoiceField(SurveyKind.choices, required=False)
    title_zh = TextField(max_length=200)
    title_en = TextField(max_length=200)
    default_language = serializers.ChoiceField(settings.LANGUAGES, required=False)

    class Meta:
        model = Survey
        fields = ["kind", "title_zh", "title_en", "default_language"]


class SurveyWithQuestionsSerializer(SurveySerializer):
    questions = QuestionSerializer(many=True, read_only=True, source="questions_in_use")

    class Meta(SurveySerializer.Meta):
        fields = [*SurveySerializer.Meta.fields, "questions"]


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    question = CodeOf()
    choice = CodeOf(allow_null=True)
    text = CoveredField(
        inside=True,
        allow_null=True,
        help_text=_("With personal data covered, unless you may see it: 138****5678."),
    )

    class Meta:
        model = Answer
        fields = ["question", "choice", "number", "text", "date"]


@extend_schema_serializer(component_name="QualityFound")
class FoundSerializer(serializers.Serializer[Any]):
    flag = serializers.ChoiceField(QualityFlag.choices, read_only=True)
    weight = serializers.IntegerField(read_only=True)
    where = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text=_("Codes of questions or pages.")
    )
    figures = serializers.DictField(read_only=True)


@extend_schema_serializer(component_name="ResponseQuality")
class QualitySerializer(serializers.ModelSerializer[QualityCheck]):
    points = serializers.IntegerField(source="score", read_only=True)
    held = serializers.BooleanField(source="is_held", read_only=True)
    found = FoundSerializer(many=True, read_only=True)
    decision = serializers.SerializerMethodField()

    class Meta:
        model = QualityCheck
        fields = ["points", "held", "found", "decision", "decided_at"]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "enum": ["count", "leave_out", None]})
    def get_decision(self, check: QualityCheck) -> str | None:
        return check.verdict or None


@extend_schema_serializer(component_name="ResponseDecision")
class DecisionSerializer(StrictInput):
    decision = serializers.ChoiceField(
        [Verdict.COUNT.value, Verdict.LEAVE_OUT.value],
        allow_null=True,
        help_text=_("null takes the last decision back."),
    )
    reason = serializers.CharField(
        max_length=500, allow_blank=True, default="", help_text=_("Needed for “leave_out”.")
    )


class ResponseSerializer(serializers.ModelSerializer[Response]):
    id = serializers.UUIDField(source="key", read_only=True)
    survey = CodeOf("slug")
    channel = serializers.ChoiceField(
        CollectorChannel.choices, source="collector.channel", read_only=True
    )
    status = serializers.ChoiceField(ResponseStatus.choices, read_only=True)
    feedback = CodeOf("number", allow_null=True)
    customer = serializers.SerializerMethodField(help_text=_("Needs the scope customers:read."))
    answers = AnswerSerializer(many=True, read_only=True)
    counted = serializers.BooleanField(source="is_counted", read_only=True)
    quality = serializers.SerializerMethodField(
        help_text=_("What was found about it, and decided; null where nobody looked yet.")
    )

    class Meta:
        model = Response
        fields = [
            "id", "survey", "channel", "status", "language", "feedback", "customer", "answers",
            "started_at", "completed_at", "counted", "quality",
        ]  # fmt: skip

    @extend_schema_field(QualitySerializer(allow_null=True))
    def get_quality(self, response: Response) -> dict[str, Any] | None:
        check = getattr(response, "quality", None)
        return None if check is None else QualitySerializer(check).data

    @extend_schema_field({"type": ["integer", "null"]})
    def get_customer(self, response: Response) -> int | None:
        return response.customer_id if may_name_customers(self.context) else None


class AnswerValue(serializers.Field[Any, Any, Any, Any]):
    """What a kind of question takes: a number, a text, a code, a list of codes, or an object
    {row or part: value}."""

    default_error_messages = {"invalid": _("A number, a text, a list, an object, or nothing.")}

    def to_internal_value(self, data: Any) -> Any:
        return self._plain(data, deep=3)

    def _plain(self, data: Any, deep: int) -> Any:
        if isinstance(data, str):
            if len(data) > LONGEST_TEXT or "\x00" in data:
                self.fail("invalid")
            ProhibitSurrogateCharactersValidator()(data)
            return data
        if data is None or isinstance(data, bool):
            return data
        if isinstance(data, list | dict) and deep and len(data) <= MOST_ANSWERS:
            if isinstance(data, list):
                return [self._plain(one, deep - 1) for one in data]
            return {
                self._plain(str(name), 0): self._plain(one, deep - 1) for name, one in data.items()
            }
        if not isinstance(data, int | float) or abs(data) > 1e9:
            self.fail("invalid")
        return data


extend_schema_field(
    {
        "oneOf": [
            {"type": "number", "minimum": -1e9, "maximum": 1e9},
            {"type": "string", "maxLength": LONGEST_TEXT},
            {"type": "boolean"},
            {"type": "array", "items": {}, "maxItems": MOST_ANSWERS},
            {"type": "object", "additionalProperties": {}},
        ]
    }
)(AnswerValue)


class CorrectionSerializer(StrictInput):
    answers = serializers.DictField(
        child=AnswerValue(),
        allow_empty=False,
        help_text=_("Question code → value, null for none. Other answers stay."),
    )
    reason = serializers.CharField(max_length=500)


class SubmissionSerializer(serializers.Serializer[Any]):
    answers = serializers.DictField(
        child=AnswerValue(), help_text=_("Question code → value."), allow_empty=False
    )
    language = serializers.ChoiceField(settings.LANGUAGES, default="zh-hans")
    mode = serializers.ChoiceField(
        ["api", "phone"],
        default="api",
        help_text=_("How they came: through a program, or taken down on the phone."),
    )
    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.known(),
        required=False,
        allow_null=True,
        default=None,
        help_text=_("Whose answers they are, where no record says it."),
    )
    feedback = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("Number of the record that the answers are about."),
    )
    started_at = serializers.DateTimeField(required=False)

    def validate_answers(self, answers: dict[str, Any]) -> dict[str, Any]:
        if len(answers) > MOST_ANSWERS:
            raise serializers.ValidationError(_("Too many answers."))
        return answers

    def validate_customer(self, customer: Customer | None) -> Customer | None:
        if customer is not None and not may_name_customers(self.context):
            raise serializers.ValidationError(
                _("Naming customers needs the scope customers:read.")
            )
        return customer

    def validate_feedback(self, number: int | None) -> Feedback | None:
        if number is None:
            return None
        visible = Feedback.objects.visible_to(self.context["request"].user)
        found = visible.filter(number=number).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such record that you may see."))
        return found
