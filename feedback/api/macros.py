"""Macros for programs: what there is, and running one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import ArchivedFilter, MoveSerializer
from accounts.models import Team
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, StrictInput, WholeField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.enums import AfterMacro
from feedback.models import Feedback, Macro, ReplyTemplate
from feedback.selectors.shared_settings import may_edit
from feedback.services.bulk import AT_ONCE
from feedback.services.macros import (
    bring_back_macro,
    move_macro,
    remove_macro,
    run_macro,
    run_macro_on_many,
    save_macro,
    try_macro,
)
from feedback.services.undo import remember_for_undo


class MacroChangeSerializer(serializers.Serializer[Any]):
    """`do`: status, priority, category, add_tags, remove_tags, team, assignee, task or note;
    `to`: a code, a name, a list of names, an id, “me” or “none”, or for a task kind, reason,
    hours and whose (“assignee” or “me”)."""

    do = serializers.CharField(max_length=20)
    to = serializers.JSONField()


class MacroSerializer(serializers.ModelSerializer[Macro]):
    """Several changes at once. For everybody, the people of `team`, or `is_personal`."""

    name_zh = serializers.CharField(max_length=120, default="", allow_blank=True)
    name_en = serializers.CharField(max_length=120, default="", allow_blank=True)
    team = BigId(queryset=Team.objects.active(), allow_null=True, default=None)
    is_personal = serializers.BooleanField(default=False)
    changes = serializers.ListField(child=MacroChangeSerializer(), default=list, max_length=20)
    template = BigId(queryset=ReplyTemplate.objects.active(), allow_null=True, default=None)
    after = serializers.ChoiceField(AfterMacro.choices, default=AfterMacro.STAY)
    used = serializers.IntegerField(read_only=True)

    class Meta:
        model = Macro
        fields = [
            "id", "name_zh", "name_en", "team", "is_personal", "changes", "template", "after",
            "used",
        ]  # fmt: skip
        validators: list[Any] = []

    def validate_changes(self, value: Any) -> list[dict[str, Any]]:
        return [dict(one) for one in value]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        now = self.instance
        team = attrs.get("team", now.team if now else None)
        if team is not None and attrs.get("is_personal", now is not None and now.is_personal):
            sentence = _("A macro is one person's or a team's, not both.")
            raise serializers.ValidationError({"is_personal": [sentence]})
        self._ensure_template_is_theirs(attrs.get("template"))
        return attrs

    def _ensure_template_is_theirs(self, template: ReplyTemplate | None) -> None:
        """A macro sends it, and a try shows it: it must be one that they may answer from."""
        if template is None or (self.instance and self.instance.template_id == template.pk):
            return
        offered = ReplyTemplate.objects.for_agent(self.context["request"].user)
        if not offered.filter(pk=template.pk).exists():
            raise serializers.ValidationError({"template": [_("There is no such template.")]})


class RunSerializer(serializers.Serializer[Any]):
    feedback = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text=_("The number of the record.")
    )
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    only_try = serializers.BooleanField(
        default=False, help_text=_("Say what it would do, and do nothing.")
    )


class RanSerializer(serializers.Serializer[Any]):
    feedback = serializers.IntegerField()
    version = serializers.IntegerField()
    lines = serializers.ListField(
        child=serializers.CharField(), help_text=_("What it did, or would do, in sentences.")
    )
    answer = serializers.CharField(allow_blank=True)
    refusal = serializers.CharField(
        allow_blank=True, help_text=_("Of a try: why nothing would be done.")
    )


class RunOnManySerializer(StrictInput):
    numbers = serializers.ListField(
        child=WholeField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=AT_ONCE
    )


class RefusedRecordSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    sentence = serializers.CharField()


class RanOnManySerializer(serializers.Serializer[Any]):
    changed = serializers.ListField(child=serializers.IntegerField())
    refused = RefusedRecordSerializer(many=True)
    undo = serializers.CharField()


@extend_schema_view(
    list=extend_schema(summary="List the macros that you may run"),
    retrieve=extend_schema(summary="One macro"),
)
class MacroViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Macro]
):
    queryset = Macro.objects.none()
    serializer_class = MacroSerializer
    filterset_class = ArchivedFilter
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.change_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Macro]:
        archived = self.request.query_params.get("archived") == "true"
        if self.action in {"run", "run_on_many"} or (self.action == "list" and not archived):
            return Macro.objects.active().offered_to(self.request.user)
        seen = Macro.objects.shown_in_settings_to(self.request.user)
        return seen.filter(archived_at__isnull=False) if self.action == "list" else seen

    @extend_schema(
        summary="Add a macro", responses={201: MacroSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = dict(wanted.validated_data)
        macro = Macro(owner=request.user if data.pop("is_personal") else None, **data)
        self._ensure_may_edit(macro)
        return Response(self.get_serializer(save_macro(macro)).data, status=201)

    @extend_schema(summary="Change a macro: only what is sent")
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        macro = self.get_object()
        self._ensure_may_edit(macro)
        wanted = self.get_serializer(macro, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        data = dict(wanted.validated_data)
        if "is_personal" in data:
            macro.owner = request.user if data.pop("is_personal") else None
        for name, value in data.items():
            setattr(macro, name, value)
        self._ensure_may_edit(macro)
        return Response(self.get_serializer(save_macro(macro)).data)

    @extend_schema(
        summary="One place up or down", request=MoveSerializer, responses=MacroSerializer
    )
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, pk: int) -> Response:
        macro = self.get_object()
        self._ensure_may_edit(macro)
        wanted = MoveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        move_macro(macro, **wanted.validated_data)
        return Response(self.get_serializer(macro).data)

    @extend_schema(summary="Use an archived macro again", request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: SignedInApiRequest, pk: int) -> Response:
        macro = self.get_object()
        self._ensure_may_edit(macro)
        bring_back_macro(macro)
        return Response(self.get_serializer(macro).data)

    @extend_schema(
        summary="Remove a macro",
        description="One that was used is archived instead.",
        responses={204: None},
    )
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        macro = self.get_object()
        self._ensure_may_edit(macro)
        remove_macro(macro)
        return Response(status=204)

    @extend_schema(
        summary="Run it on a record, or only try it",
        description="Everything that it says, or nothing: refused as a whole with the reason.",
        request=RunSerializer,
        responses=RanSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def run(self, request: SignedInApiRequest, pk: int) -> Response:
        macro = self.get_object()
        wanted = RunSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        visible = Feedback.objects.visible_to(request.user)
        feedback = visible.filter(number=data["feedback"]).first()
        if feedback is None:
            raise Http404
        attempt = try_macro(macro, feedback.pk, by=request.user)
        version = feedback.version
        if not data["only_try"]:
            expected = data.get("version")
            ran = run_macro(macro, feedback.pk, by=request.user, version=expected)
            version = ran.feedback.version
        told = {
            "feedback": feedback.number,
            "version": version,
            "lines": [line.sentence for line in attempt.lines],
            "answer": attempt.answer,
            "refusal": attempt.refusal,
        }
        return Response(RanSerializer(told).data)

    @extend_schema(
        summary="Run it on many records, each for itself",
        description="At most 1,000. Refused records are named with the reason, and stay as they "
        "are. `undo` goes to POST /feedback/undo/ within some minutes.",
        request=RunOnManySerializer,
        responses=RanOnManySerializer,
    )
    @action(detail=True, methods=["post"], url_path="run-on-many")
    def run_on_many(self, request: SignedInApiRequest, pk: int) -> Response:
        macro = self.get_object()
        wanted = RunOnManySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        visible = Feedback.objects.visible_to(request.user)
        found = visible.filter(number__in=wanted.validated_data["numbers"]).order_by("pk")
        ids = list(found.values_list("pk", flat=True))
        outcome = run_macro_on_many(macro, ids, by=request.user)
        told = {
            "changed": [one.number for one in outcome.changed],
            "refused": outcome.refused,
            "undo": remember_for_undo("macro", outcome.changed, by=request.user),
        }
        return Response(RanOnManySerializer(told).data)

    def _ensure_may_edit(self, macro: Macro) -> None:
        if not may_edit(macro, self.request.user):
            raise PermissionDenied
