"""Reply templates for programs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import ArchivedFilter, MoveSerializer
from accounts.models import Team
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, TextField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.enums import Channel, TemplateKind
from feedback.models import Feedback, ReplyTemplate
from feedback.selectors.shared_settings import may_edit
from feedback.services.reply_templates import (
    move_template,
    previews,
    remove_template,
    save_template,
)

MAX_BODY = 50_000


class ReplyTemplateSerializer(serializers.ModelSerializer[ReplyTemplate]):
    """A prepared answer. Shared with everybody, with the people of `team`, or `is_personal`."""

    kind = serializers.ChoiceField(TemplateKind.choices)
    shortcut = serializers.RegexField(r"^[-\w]+$", max_length=30)
    name_zh = serializers.CharField(max_length=120, default="", allow_blank=True)
    name_en = serializers.CharField(max_length=120, default="", allow_blank=True)
    body_zh = serializers.CharField(max_length=MAX_BODY, default="", allow_blank=True)
    body_en = serializers.CharField(max_length=MAX_BODY, default="", allow_blank=True)
    team = BigId(queryset=Team.objects.active(), allow_null=True, default=None)
    is_personal = serializers.BooleanField(
        default=False, help_text=_("Only the person behind the token uses it.")
    )
    channels = serializers.MultipleChoiceField(
        choices=Channel.choices, default=set, help_text=_("Empty: every channel.")
    )
    order = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    is_archived = serializers.BooleanField(default=False)
    used = serializers.IntegerField(
        read_only=True, help_text=_("Messages written from it, scheduled ones too.")
    )

    class Meta:
        model = ReplyTemplate
        fields = [
            "id", "kind", "shortcut", "name_zh", "name_en", "body_zh", "body_en", "team",
            "is_personal", "channels", "order", "is_archived", "used",
        ]  # fmt: skip
        validators: list[Any] = []

    def validate_channels(self, value: Any) -> list[str]:
        return sorted(value)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        now = self.instance
        team = attrs.get("team", now.team if now else None)
        if team is not None and attrs.get("is_personal", now is not None and now.is_personal):
            sentence = _("A template is one person's or a team's, not both.")
            raise serializers.ValidationError({"is_personal": [sentence]})
        return attrs

    def to_representation(self, instance: ReplyTemplate) -> dict[str, Any]:
        return super().to_representation(instance) | {"channels": sorted(instance.channels)}


class PreviewRequestSerializer(serializers.Serializer[Any]):
    feedback = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text=_("The number of the record it would answer.")
    )


class TextToTrySerializer(PreviewRequestSerializer):
    body_zh = TextField(max_length=MAX_BODY, default="", allow_blank=True)
    body_en = TextField(max_length=MAX_BODY, default="", allow_blank=True)


class PreviewSerializer(serializers.Serializer[Any]):
    language = serializers.CharField()
    text = serializers.CharField()
    unfilled = serializers.ListField(
        child=serializers.CharField(), help_text=_("Variables without a value on this record.")
    )


class ReplyTemplateFilter(ArchivedFilter):
    kind = filters.ChoiceFilter(choices=TemplateKind.choices)
    team = filters.ModelChoiceFilter(queryset=Team.objects.all())

    class Meta:
        model = ReplyTemplate
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List the reply templates in use"),
    retrieve=extend_schema(summary="One reply template"),
)
class ReplyTemplateViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ReplyTemplate]
):
    queryset = ReplyTemplate.objects.none()
    serializer_class = ReplyTemplateSerializer
    filterset_class = ReplyTemplateFilter
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.reply_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[ReplyTemplate]:
        seen = ReplyTemplate.objects.shown_in_settings_to(self.request.user)
        if self.action == "list":
            archived = self.request.query_params.get("archived") == "true"
            seen = seen.filter(archived_at__isnull=not archived)
        return seen.with_usage()

    @extend_schema(
        summary="Add a reply template",
        responses={201: ReplyTemplateSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        return Response(self._written(ReplyTemplate(), partial=False), status=201)

    @extend_schema(summary="Change a reply template: only what is sent")
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        template = self.get_object()
        self._ensure_may_edit(template)
        return Response(self._written(template, partial=True))

    @extend_schema(
        summary="Remove a reply template",
        description="One from which something was written is archived instead.",
        responses={204: None},
    )
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        template = self.get_object()
        self._ensure_may_edit(template)
        remove_template(template)
        return Response(status=204)

    @extend_schema(
        summary="One place up or down among those of its kind",
        request=MoveSerializer,
        responses=ReplyTemplateSerializer,
    )
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, pk: int) -> Response:
        template = self.get_object()
        self._ensure_may_edit(template)
        wanted = MoveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        move_template(template, **wanted.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="How a text that is not stored would read as an answer to a record",
        request=TextToTrySerializer,
        responses=PreviewSerializer(many=True),
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="try", pagination_class=None)
    def try_text(self, request: SignedInApiRequest) -> Response:
        wanted = TextToTrySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        feedback = self._record(given.pop("feedback"))
        shown = previews(ReplyTemplate(**given), feedback, by=request.user)
        return Response(PreviewSerializer(list(shown), many=True).data)

    @extend_schema(
        summary="How it would read as an answer to a record",
        request=PreviewRequestSerializer,
        responses=PreviewSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def preview(self, request: SignedInApiRequest, pk: int) -> Response:
        wanted = PreviewRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        feedback = self._record(wanted.validated_data["feedback"])
        shown = previews(self.get_object(), feedback, by=request.user)
        return Response(PreviewSerializer(list(shown), many=True).data)

    def _record(self, number: int) -> Feedback:
        visible = Feedback.objects.visible_to(self.request.user).for_record_page()
        feedback = visible.filter(number=number).first()
        if feedback is None:
            raise Http404
        return feedback

    def _written(self, template: ReplyTemplate, *, partial: bool) -> Any:
        wanted = self.get_serializer(
            template if partial else None, data=self.request.data, partial=partial
        )
        wanted.is_valid(raise_exception=True)
        data = dict(wanted.validated_data)
        if "is_archived" in data:
            archived = data.pop("is_archived")
            template.archived_at = (template.archived_at or timezone.now()) if archived else None
        if "is_personal" in data:
            template.owner = self.request.user if data.pop("is_personal") else None
        for name, value in data.items():
            setattr(template, name, value)
        self._ensure_may_edit(template)
        save_template(template)
        return self.get_serializer(self.get_queryset().get(pk=template.pk)).data

    def _ensure_may_edit(self, template: ReplyTemplate) -> None:
        if not may_edit(template, self.request.user):
            raise PermissionDenied
