"""/organisations/: companies and households that customers belong to."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organisation
from accounts.services.organisations import save_organisation
from config.kernel.api import InOrder


class WholeOrganisationSerializer(serializers.ModelSerializer[Organisation]):
    note = serializers.CharField(max_length=10_000, required=False, allow_blank=True)

    class Meta:
        model = Organisation
        fields = ["id", "name", "domain", "note"]


@extend_schema_view(
    list=extend_schema(summary="List organisations"),
    retrieve=extend_schema(summary="One organisation; its people are /customers/?organisation="),
)
class OrganisationViewSet(viewsets.ReadOnlyModelViewSet[Organisation]):
    serializer_class = WholeOrganisationSerializer
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, write_scope = "customers:read", "customers:write"
    read_permission = "accounts.view_customer"
    write_permission = "accounts.change_organisation"

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.order_by("name", "pk")

    @extend_schema(
        summary="Change an organisation: only what is sent",
        request=WholeOrganisationSerializer(partial=True),
        responses=WholeOrganisationSerializer,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        one = self.get_object()
        wanted = WholeOrganisationSerializer(one, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(one, name, value)
        save_organisation(one)
        return Response(WholeOrganisationSerializer(one).data)
