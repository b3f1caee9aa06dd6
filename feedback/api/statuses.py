"""/statuses/: the steps of a record, as people here call them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import (
    Archivable,
    ArchivedFilter,
    MoveSerializer,
    SettingActions,
)
from config.kernel.api import InOrder
from config.kernel.api_fields import (
    CodeField,
    NewCodeField,
    StrictInput,
    TextField,
    WholeField,
    YesNoField,
)
from feedback.enums import State
from feedback.models import Status
from feedback.services.statuses import (
    bring_back_status,
    move_status,
    remove_status,
    save_status,
)


class StatusSerializer(StrictInput, Archivable, serializers.ModelSerializer[Status]):
    code = NewCodeField(max_length=50)
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)
    state = serializers.ChoiceField(State.choices)
    customer_label_zh = TextField(max_length=120, allow_blank=True, required=False)
    customer_label_en = TextField(max_length=120, allow_blank=True, required=False)
    pauses_clock = YesNoField(required=False)
    is_default_create = YesNoField(required=False)
    is_default_reopen = YesNoField(required=False)
    order = WholeField(min_value=0, max_value=32767, required=False)
    next_status = CodeField(
        queryset=Status.objects.active().exclude(state=State.MERGED),
        allow_null=True,
        required=False,
        help_text=_("What a snoozed record becomes when its time has come."),
    )

    class Meta:
        model = Status
        fields = [
            "code", "state", "name_zh", "name_en", "customer_label_zh", "customer_label_en",
            "pauses_clock", "next_status", "is_default_create", "is_default_reopen", "order",
            "is_archived",
        ]  # fmt: skip
        validators: list[Any] = []  # a new default takes the place of the one before

    def validate_code(self, code: str) -> str:
        taken = Status.objects.filter(code=code)
        if self.instance is not None and self.instance.pk:
            taken = taken.exclude(pk=self.instance.pk)
        if taken.exists():
            raise serializers.ValidationError(_("This code is taken."))
        return code


class InTheirOrder(InOrder):
    ordering = ("order", "id")


@extend_schema_view(
    list=extend_schema(summary="List the statuses in use"),
    retrieve=extend_schema(summary="One status"),
)
class StatusViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    queryset = Status.objects.none()
    serializer_class = StatusSerializer
    filterset_class = ArchivedFilter
    pagination_class = InTheirOrder
    lookup_field = "code"
    lookup_value_converter = "str"
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_status"
    permission_by_action = {
        "create": "feedback.add_status",
        "destroy": "feedback.delete_status",
    }

    def get_queryset(self) -> QuerySet[Status]:
        rows = Status.objects.select_related("next_status")
        found: QuerySet[Status] = self.in_use_or_not(rows)
        return found

    @extend_schema(summary="Add a status", responses={201: StatusSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        last = Status.objects.order_by("-order").first()
        row = Status(order=last.order + 1 if last else 0)
        self.write_into(row)
        return Response(self.stored(lambda: save_status(row)), status=201)

    @extend_schema(
        summary="Change a status: only what is sent",
        description="Refused with “state_is_fixed” when it is in use, “last_of_its_kind”, "
        "“next_status_loops”, “status_needed” …",
    )
    def partial_update(self, request: SignedInApiRequest, code: str) -> Response:
        row = self.get_object()
        self.write_into(row)
        return Response(self.stored(lambda: save_status(row)))

    @extend_schema(summary="Remove a status; one that was used is archived", responses={204: None})
    def destroy(self, request: SignedInApiRequest, code: str) -> Response:
        remove_status(self.get_object())
        return Response(status=204)

    @extend_schema(summary="Use an archived status again", request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: SignedInApiRequest, code: str) -> Response:
        row = self.get_object()
        bring_back_status(row)
        return Response(self.get_serializer(row).data)

    @extend_schema(
        summary="One place up or down", request=MoveSerializer, responses=StatusSerializer
    )
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, code: str) -> Response:
        row = self.get_object()
        move_status(row, **self.given(MoveSerializer))
        return Response(self.get_serializer(self.get_object()).data)
