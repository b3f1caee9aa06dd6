"""/checklists/: the steps that tasks begin with."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import Archivable, ArchivedFilter, SettingActions
from config.kernel.api import InOrder
from config.kernel.api_fields import StrictInput, TextField
from feedback.enums import TaskKind
from feedback.models import ChecklistTemplate
from feedback.services.checklists import (
    MOST_STEPS,
    archive_checklist,
    bring_back_checklist,
    save_checklist,
)


class StepsField(serializers.ListField):
    """One step in each line of the model's text."""

    def __init__(self, **kwargs: Any) -> None:
        child = TextField(max_length=200)
        super().__init__(child=child, min_length=1, max_length=MOST_STEPS, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        steps: list[str] = super().to_internal_value(data)
        if any(len(one.splitlines()) > 1 for one in steps):
            raise serializers.ValidationError(_("A step is one line."))
        return "\n".join(steps)

    def to_representation(self, value: Any) -> list[str]:
        return [line.strip() for line in value.splitlines() if line.strip()]


class ChecklistSerializer(StrictInput, Archivable, serializers.ModelSerializer[ChecklistTemplate]):
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)
    kind = serializers.ChoiceField(
        TaskKind.choices,
        allow_blank=True,
        required=False,
        help_text=_("Tasks of this kind begin with these steps. Empty: it is chosen by hand."),
    )
    steps_zh = StepsField()
    steps_en = StepsField()

    class Meta:
        model = ChecklistTemplate
        fields = ["id", "name_zh", "name_en", "kind", "steps_zh", "steps_en", "is_archived"]


@extend_schema_view(
    list=extend_schema(summary="List the checklists in use"),
    retrieve=extend_schema(summary="One checklist"),
)
class ChecklistViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    queryset = ChecklistTemplate.objects.none()
    serializer_class = ChecklistSerializer
    filterset_class = ArchivedFilter
    pagination_class = InOrder
    read_permission = "feedback.view_feedback"
    write_permission = "feedback.change_checklisttemplate"

    def get_queryset(self) -> QuerySet[ChecklistTemplate]:
        found: QuerySet[ChecklistTemplate] = self.in_use_or_not(ChecklistTemplate.objects.all())
        return found

    @extend_schema(summary="Add a checklist", responses={201: ChecklistSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        row = ChecklistTemplate()
        self.write_into(row)
        return Response(self._saved(row), status=201)

    @extend_schema(summary="Change a checklist: only what is sent")
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        self.write_into(row)
        return Response(self._saved(row))

    def _saved(self, row: ChecklistTemplate) -> Any:
        return self.get_serializer(save_checklist(row)).data

    @extend_schema(
        summary="Put a checklist away; tasks that began with it keep their steps",
        responses={204: None},
    )
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        archive_checklist(self.get_object())
        return Response(status=204)

    @extend_schema(summary="Use an archived checklist again", request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        bring_back_checklist(row)
        return Response(self.get_serializer(row).data)
