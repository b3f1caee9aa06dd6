"""/customer-tags/: the words that staff put on customers."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view

from accounts.api.setting_actions import ArchivedSettings, WordSerializer
from accounts.models import CustomerTag
from accounts.services.customer_tags import (
    bring_back_customer_tag,
    remove_customer_tag,
    save_customer_tag,
)


class CustomerTagSerializer(WordSerializer):
    class Meta:
        model = CustomerTag
        fields = ["id", "name", "is_archived"]
        validators: list[Any] = []


@extend_schema_view(
    list=extend_schema(summary="List the tags of customers in use"),
    retrieve=extend_schema(summary="One tag of customers"),
    create=extend_schema(
        summary="Add a tag of customers",
        responses={201: CustomerTagSerializer},
        examples=[OpenApiExample("A tag", {"name": "pilot"}, request_only=True)],
    ),
    partial_update=extend_schema(summary="Call a tag of customers something else"),
    destroy=extend_schema(
        summary="Remove a tag of customers; one that customers have is archived",
        responses={204: None},
    ),
)
class CustomerTagViewSet(ArchivedSettings):
    queryset = CustomerTag.objects.all()
    serializer_class = CustomerTagSerializer
    read_scope, read_permission = "customers:read", "accounts.view_customer"
    write_permission = "accounts.change_customertag"
    permission_by_action = {
        "create": "accounts.add_customertag",
        "destroy": "accounts.delete_customertag",
    }
    save_row = staticmethod(save_customer_tag)
    remove_row = staticmethod(remove_customer_tag)
    bring_back_row = staticmethod(bring_back_customer_tag)
