"""/organisations/: companies and households that customers belong to."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Tier
from accounts.models import Customer, Organisation, User
from accounts.services.organisations import (
    add_people,
    archive_organisation,
    bring_back_organisation,
    change_organisation,
    remove_person,
    save_organisation,
)
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent


class WholeOrganisationSerializer(serializers.ModelSerializer[Organisation]):
    owner = BigId(
        queryset=User.objects.filter(is_active=True),
        required=False,
        allow_null=True,
        help_text=_("The success manager."),
    )
    note = serializers.CharField(max_length=10_000, required=False, allow_blank=True)

    class Meta:
        model = Organisation
        fields = ["id", "name", "domain", "tier", "owner", "note", "archived_at"]
        read_only_fields = ["archived_at"]


class OrganisationChangesSerializer(WholeOrganisationSerializer):
    for_people = serializers.BooleanField(
        required=False,
        help_text=_("Success manager and tier also for everybody who belongs to it."),
    )

    class Meta(WholeOrganisationSerializer.Meta):
        fields = [*WholeOrganisationSerializer.Meta.fields, "for_people"]


class PersonOfOrganisationSerializer(serializers.Serializer[Any]):
    customer = BigId(queryset=Customer.objects.known())


class OrganisationFilter(filters.FilterSet):
    q = filters.CharFilter(method="matching", label=_("A piece of the name or of the domain"))
    tier = filters.ChoiceFilter(choices=Tier.choices)
    owner = filters.NumberFilter(min_value=1, max_value=2**63 - 1)
    # Words, not a BooleanFilter: that takes anything that is neither yes nor no for nothing said.
    archived = filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        method="in_use",
        label=_("Also those out of use"),
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def matching(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def in_use(self, queryset: Any, name: str, value: str) -> Any:
        return queryset if value == "true" else queryset.active()


@extend_schema_view(
    list=extend_schema(summary="List organisations"),
    retrieve=extend_schema(summary="One organisation; its people are /customers/?organisation="),
)
class OrganisationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Organisation]
):
    serializer_class = WholeOrganisationSerializer
    filterset_class = OrganisationFilter
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, write_scope = "customers:read", "customers:write"
    read_permission = "accounts.view_customer"
    write_permission = "accounts.change_organisation"
    permission_by_action = {
        "create": "accounts.add_organisation",
        "people": "accounts.change_customer",
        "remove_person": "accounts.change_customer",
    }

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.order_by("name", "pk")

    @extend_schema(
        summary="Add an organisation",
        request=WholeOrganisationSerializer,
        responses={201: WholeOrganisationSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        wanted = WholeOrganisationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = save_organisation(Organisation(**wanted.validated_data))
        return Response(WholeOrganisationSerializer(made).data, status=201)

    @extend_schema(
        summary="Change an organisation: only what is sent",
        request=OrganisationChangesSerializer(partial=True),
        responses=WholeOrganisationSerializer,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        one = self.get_object()
        wanted = OrganisationChangesSerializer(one, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        changed = change_organisation(one.pk, **wanted.validated_data)
        return Response(WholeOrganisationSerializer(changed).data)

    @extend_schema(
        summary="Take somebody into an organisation",
        description="They get its success manager if they have none, and are key if it is.",
        request=PersonOfOrganisationSerializer,
        responses=WholeOrganisationSerializer,
    )
    @action(detail=True, methods=["post"])
    def people(self, request: Request, pk: int) -> Response:
        one = self.get_object()
        wanted = PersonOfOrganisationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        add_people(one.pk, [wanted.validated_data["customer"].pk])
        return Response(WholeOrganisationSerializer(one).data)

    @extend_schema(
        summary="Somebody belongs to an organisation no longer",
        request=PersonOfOrganisationSerializer,
        responses=WholeOrganisationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="remove-person")
    def remove_person(self, request: Request, pk: int) -> Response:
        one = self.get_object()
        wanted = PersonOfOrganisationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        remove_person(one.pk, wanted.validated_data["customer"].pk)
        return Response(WholeOrganisationSerializer(one).data)

    @extend_schema(
        summary="Take an organisation out of use",
        description="One that nobody belongs to is deleted: 204.",
        request=None,
        responses={200: WholeOrganisationSerializer, 204: None},
    )
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: int) -> Response:
        one = self.get_object()
        if archive_organisation(one):
            return Response(status=204)
        return Response(WholeOrganisationSerializer(one).data)

    @extend_schema(
        summary="Use an archived organisation again",
        request=None,
        responses=WholeOrganisationSerializer,
    )
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: int) -> Response:
        one = self.get_object()
        bring_back_organisation(one)
        return Response(WholeOrganisationSerializer(one).data)
