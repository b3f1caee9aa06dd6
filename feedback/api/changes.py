"""Changing a record, and the story of what happened to it: parts of /feedback/{number}/."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_name_customers
from accounts.models import Team, User
from accounts.selectors.personal_data import cover_in_conversations
from config.kernel.api import InOrder
from config.kernel.api_fields import (
    BigId,
    ChoiceNameField,
    CodeField,
    StrictInput,
    TagNamesField,
    TextField,
    WholeField,
)
from feedback.api.serializers import FeedbackSerializer
from feedback.enums import JourneyStage, Priority, QualityReason, State, TimelineKind
from feedback.models import Category, Feedback, FeedbackQuality, Product, Status
from feedback.rules.quality import REASONS
from feedback.selectors.story import lines_of
from feedback.services.changes import change_feedback
from feedback.services.undo import undo


class ChangesSerializer(StrictInput):
    """Only what is sent is changed; all of it, or nothing."""

    status = CodeField(
        queryset=Status.objects.active().exclude(state=State.MERGED), required=False
    )
    priority = ChoiceNameField(Priority, required=False)
    category = CodeField(queryset=Category.objects.active(), allow_null=True, required=False)
    team = BigId(
        queryset=Team.objects.active(),
        allow_null=True,
        required=False,
        help_text=_("Without `assignee`, whoever may not see it there gives it up."),
    )
    assignee = BigId(queryset=User.objects.filter(is_active=True), allow_null=True, required=False)
    tags = TagNamesField(
        required=False, help_text=_("All of them; one that is not there yet is made.")
    )
    subject = TextField(max_length=255, required=False)
    product = CodeField(queryset=Product.objects.active(), allow_null=True, required=False)
    order_number = TextField(max_length=60, allow_blank=True, required=False)
    place = TextField(max_length=120, allow_blank=True, required=False)
    journey_stage = serializers.ChoiceField(JourneyStage.choices, allow_blank=True, required=False)
    version = WholeField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text=_("Refuse with “stale” unless this is the record's version."),
    )


@extend_schema_field({"type": "object", "additionalProperties": {}})
class DetailsField(serializers.Field):
    """Codes and ids as the timeline keeps them."""

    def to_representation(self, value: Any) -> Any:
        return value


class EntrySerializer(serializers.Serializer[Any]):
    """One thing that happened, in words; `details` has its codes and ids."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(TimelineKind.choices)
    who = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    details = DetailsField(read_only=True)


class UndoSerializer(StrictInput):
    key = TextField(max_length=200, help_text=_("What running the macro gave as `undo`."))


class StayedSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    sentence = serializers.CharField()


class UndoneSerializer(serializers.Serializer[Any]):
    changed = serializers.ListField(child=serializers.IntegerField())
    refused = StayedSerializer(many=True)


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    words = serializers.CharField()
    side = serializers.CharField(help_text=_("targeted, authentic, specific or timely"))
    points = serializers.IntegerField()


class QualitySerializer(serializers.ModelSerializer[FeedbackQuality]):
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = FeedbackQuality
        fields = [
            "score", "targeted", "authentic", "specific", "timely", "reasons", "judged_at",
        ]  # fmt: skip

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, judged: FeedbackQuality) -> list[dict[str, Any]]:
        return [
            {
                "code": code,
                "words": str(QualityReason(code).label),
                "side": REASONS[code][0],
                "points": REASONS[code][1],
            }
            for code in judged.reasons
            if code in REASONS
        ]


class AsItHappened(InOrder):
    ordering = ("at", "id")


class ChangeActions(viewsets.GenericViewSet[Feedback]):
    """Beside what FeedbackViewSet does itself."""

    request: SignedInApiRequest

    @extend_schema(
        summary="Change a record: only what is sent",
        description=(
            "Status, priority, category, who takes care of it, tags and what it is about. "
            "Custom fields have /fields/. Refused with “step_not_allowed”, “not_in_team”, "
            "“fields_missing”, “negative_points_missing” or “stale”; then nothing is changed."
        ),
        request=ChangesSerializer,
        responses={200: FeedbackSerializer},
    )
    def partial_update(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = ChangesSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        changed = change_feedback(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(self._shown(changed))

    @extend_schema(
        summary="Take back what a macro did to many records",
        description="As long as nothing happened to a record since; those that stay are named.",
        request=UndoSerializer,
        responses=UndoneSerializer,
    )
    @action(detail=False, methods=["post"], filterset_class=None, ordering_fields=None)
    def undo(self, request: SignedInApiRequest) -> Response:
        wanted = UndoSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        outcome = undo(wanted.validated_data["key"], by=request.user)
        told = {"changed": [one.number for one in outcome.changed], "refused": outcome.refused}
        return Response(UndoneSerializer(told).data)

    @extend_schema(
        summary="What happened to it, oldest first",
        description="Why it went where it is, too: entries of the kinds “routed” and “assigned”.",
        responses=EntrySerializer(many=True),
    )
    @action(detail=True, filterset_class=None, ordering_fields=None, pagination_class=AsItHappened)
    def timeline(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        story: Any = feedback.timeline.all()
        entries: Any = self.paginate_queryset(story)
        lines = lines_of(feedback, entries)
        named = may_name_customers(self.get_serializer_context())
        cover = cover_in_conversations(request.user)
        theirs = {TimelineKind.MESSAGE_IN, TimelineKind.RATED}
        rows = [
            {
                "id": entry.pk, "at": entry.at, "kind": entry.kind,
                "who": line.who if named or entry.kind not in theirs else gettext("The customer"),
                "sentence": line.sentence, "note": cover(line.note),
                "details": cover.value(entry.data),
            }
            for entry, line in zip(entries, lines, strict=True)
        ]  # fmt: skip
        return self.get_paginated_response(EntrySerializer(rows, many=True).data)

    @extend_schema(
        summary="How much it tells, and why",
        description="404 as long as nobody has judged it.",
        responses=QualitySerializer,
    )
    @action(detail=True, filterset_class=None, ordering_fields=None, pagination_class=None)
    def quality(self, request: SignedInApiRequest, number: int) -> Response:
        judged = get_object_or_404(FeedbackQuality, feedback=self.get_object())
        return Response(QualitySerializer(judged).data)

    def _shown(self, feedback: Feedback, *, is_new: bool = False) -> Any:
        raise NotImplementedError
