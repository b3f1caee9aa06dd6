"""/privacy-requests/: copies of a customer's data, anonymising, erasing."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.enums import PrivacyKind
from accounts.models import Customer, PrivacyRequest
from accounts.services.privacy import ask_for, decide
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId


class PrivacySerializer(serializers.ModelSerializer[PrivacyRequest]):
    customer = serializers.IntegerField(source="customer_id", read_only=True)
    has_file = serializers.BooleanField(source="is_ready", read_only=True)

    class Meta:
        model = PrivacyRequest
        fields = [
            "id", "kind", "state", "customer", "reason", "requested_at", "due_at", "approved_at",
            "done_at", "report", "has_file", "expires_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewPrivacySerializer(serializers.Serializer[Any]):
    customer = BigId(queryset=Customer.objects.known())
    kind = serializers.ChoiceField(PrivacyKind.choices)
    reason = serializers.CharField(max_length=500)


class DecisionSerializer(serializers.Serializer[Any]):
    agree = serializers.BooleanField(help_text=_("False refuses, or withdraws one's own."))


@extend_schema_view(
    list=extend_schema(summary="List privacy requests, newest first"),
    retrieve=extend_schema(summary="One privacy request"),
)
class PrivacyViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[PrivacyRequest]
):
    """For those who see the records of every team."""

    serializer_class = PrivacySerializer
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, write_scope = "customers:read", "customers:write"
    read_permission = "accounts.view_privacyrequest"
    write_permission = "accounts.add_privacyrequest"
    permission_by_action = {"decide": "accounts.change_privacyrequest"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        user: Any = request.user
        if not user.has_perm("accounts.view_every_team"):
            raise PermissionDenied(_("Records of every team are meant: ask who sees them all."))

    def get_queryset(self) -> QuerySet[PrivacyRequest]:
        return PrivacyRequest.objects.order_by("-pk")

    @extend_schema(
        summary="Export, anonymise or erase a customer's data",
        description="Done by a job: look at `state`. Where a second person has to agree, it "
        "waits for them.",
        request=NewPrivacySerializer,
        responses={201: PrivacySerializer},
    )
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = NewPrivacySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        made = ask_for(
            given["customer"].pk,
            PrivacyKind(given["kind"]),
            by=request.user,
            reason=given["reason"],
        )
        return Response(self.get_serializer(made).data, status=201)

    @extend_schema(
        summary="Agree or refuse", request=DecisionSerializer, responses=PrivacySerializer
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: SignedInApiRequest, pk: int) -> Response:
        wanted = DecisionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        agrees = wanted.validated_data["agree"]
        made = decide(self.get_object().pk, by=request.user, agrees=agrees)
        return Response(self.get_serializer(made).data)

    @extend_schema(
        summary="The exported data",
        description="A ZIP, for whoever asked for it, for seven days.",
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(detail=True, pagination_class=None)
    def file(self, request: SignedInApiRequest, pk: int) -> HttpResponse:
        wanted = self.get_object()
        if wanted.requested_by_id != request.user.pk or not wanted.is_ready:
            raise NotFound
        with wanted.file.open("rb") as file:
            response = HttpResponse(file.read(), content_type="application/zip")
        name = f"customer-{wanted.customer_id}.zip"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response
