"""/customers/: who writes to us."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.contacting import ContactingActions, ContactSerializer
from accounts.api.custom_values import CustomValuesField
from accounts.enums import ContactKind, FieldSubject, Tier
from accounts.errors import FilterNotKnown
from accounts.models import (
    ContactPoint,
    Customer,
    CustomerNote,
    CustomerTag,
    Organisation,
    User,
)
from accounts.selectors.custom_filters import OF_CUSTOMERS, find_field_filter, read_field_filters
from accounts.selectors.customer_lists import consent_choices, with_consent
from accounts.services.customer_tags import add_customer_note, set_customer_tags
from accounts.services.customers import change_customer, create_customer
from accounts.services.merging import merge_customers, separate_customers
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId
from config.kernel.api_filters import MomentFilter
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    class Meta:
        model = Organisation
        fields = ["id", "name"]


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    organisation = OrganisationSerializer(read_only=True, allow_null=True)
    contacts = ContactSerializer(source="contact_points", many=True, read_only=True)
    do_not_contact = serializers.SerializerMethodField()
    custom = CustomValuesField(FieldSubject.CUSTOMER, read_only=True)
    tags: Any = serializers.ListField(
        source="tag_names", child=serializers.CharField(), read_only=True
    )

    class Meta:
        model = Customer
        fields = [
            "id", "name", "language", "tier", "organisation", "owner", "preferred_channel",
            "contacts", "do_not_contact", "legal_hold", "tags", "note", "custom", "created_at",
        ]  # fmt: skip

    def get_do_not_contact(self, customer: Customer) -> bool:
        return customer.do_not_contact_at is not None


class NewCustomerSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(settings.LANGUAGES, default="zh-hans")
    tier = serializers.ChoiceField(Tier.choices, default=Tier.STANDARD)
    organisation = BigId(queryset=Organisation.objects.all(), allow_null=True, default=None)
    owner = BigId(
        queryset=User.objects.filter(is_active=True),
        allow_null=True,
        default=None,
        help_text=_("The success manager."),
    )
    note = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    custom = CustomValuesField(FieldSubject.CUSTOMER, required=False)
    contacts = ContactSerializer(  # type: ignore[call-arg]
        many=True, default=list, max_length=20
    )

    def validate_contacts(self, points: list[dict[str, Any]]) -> list[tuple[str, str]]:
        return [(point["kind"], point["value"]) for point in points]


class CustomerChangesSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    language = serializers.ChoiceField(settings.LANGUAGES, required=False)
    tier = serializers.ChoiceField(Tier.choices, required=False)
    organisation = BigId(
        queryset=Organisation.objects.all(),
        required=False,
        allow_null=True,
        help_text=_("Brings its success manager and its tier along, unless they are sent too."),
    )
    owner = BigId(
        queryset=User.objects.filter(is_active=True),
        required=False,
        allow_null=True,
        help_text=_("The success manager."),
    )
    preferred_channel = serializers.ChoiceField(
        ContactKind.choices, required=False, allow_blank=True
    )
    note = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    custom = CustomValuesField(FieldSubject.CUSTOMER, required=False)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=50,
        help_text=_("All of them; one that is not there yet is made."),
    )


class CustomerNoteSerializer(serializers.ModelSerializer[CustomerNote]):
    author = serializers.CharField(source="author_name", read_only=True)
    text = serializers.CharField(max_length=10_000)

    class Meta:
        model = CustomerNote
        fields = ["id", "author", "text", "created_at"]
        read_only_fields = ["id", "created_at"]


class CustomerMergeSerializer(serializers.Serializer[Any]):
    into = BigId(queryset=Customer.objects.known(), help_text=_("The customer that stays."))
    both_are_verified = serializers.BooleanField(
        default=False,
        help_text=_("Needed where both have proven who they are: it is known to be one person."),
    )


class ByCustomField(filters.Filter):
    """`field.size=large`, `field.staff.from=10`: names and values as on the page."""

    def __init__(self, name: str) -> None:
        super().__init__(widget=forms.SelectMultiple)
        self.name = name

    def filter(self, queryset: Any, value: Any) -> Any:
        try:
            asked = read_field_filters({self.name: value or []}, OF_CUSTOMERS)
        except FilterNotKnown as unknown:
            raise ValidationError({self.name: [str(unknown.message)]}) from unknown
        return queryset.filter(*asked.values())


class CustomerFilter(filters.FilterSet):
    q = filters.CharFilter(method="matching", label=_("A piece of the name or of a contact"))
    email = filters.CharFilter(method="with_email", label=_("Exactly this address"))
    tier = filters.ChoiceFilter(choices=Tier.choices)
    organisation = filters.NumberFilter(min_value=1, max_value=2**63 - 1)
    owner = filters.NumberFilter(
        min_value=1, max_value=2**63 - 1, label=_("Has this success manager")
    )
    consent = filters.ChoiceFilter(
        choices=consent_choices,
        method="by_consent",
        label=_("Their latest word about a purpose, such as survey:given"),
    )
    tag = filters.CharFilter("tags__name", lookup_expr="iexact", label=_("Has this tag"))
    created_after = MomentFilter("created_at", "gte")
    created_before = MomentFilter("created_at", "lt")

    class Meta:
        model = Customer
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.data or ():
            if find_field_filter(name, [OF_CUSTOMERS]) is not None:
                self.filters[name] = ByCustomField(name)
                self.filters[name].parent = self

    def matching(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def by_consent(self, queryset: Any, name: str, value: str) -> Any:
        return with_consent(queryset, value)

    def with_email(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(pk__in=ContactPoint.objects.email(value).values("customer"))


@extend_schema_view(
    list=extend_schema(
        summary="List customers, newest first",
        description="Narrowed by custom fields, too, under their names: `field.size=large`, "
        "`field.staff.from=10`, `field.staff.to=50`; `none` where nothing was entered.",
    ),
    retrieve=extend_schema(summary="One customer"),
)
class CustomerViewSet(
    ContactingActions,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Customer],
):
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "customers:read", "customers:write"
    read_permission, write_permission = "accounts.view_customer", "accounts.change_customer"
    permission_by_action = {"create": "accounts.add_customer"}

    def get_queryset(self) -> QuerySet[Customer]:
        names = CustomerTag.objects.filter(customers=OuterRef("pk")).order_by("name")
        tag_names = ArraySubquery(names.values("name"))
        return Customer.objects.known().for_list().annotate(tag_names=tag_names)

    @extend_schema(
        summary="Add a customer",
        request=NewCustomerSerializer,
        responses={201: CustomerSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        wanted = NewCustomerSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        customer = create_customer(**wanted.validated_data)
        return Response(self._shown(customer), status=201)

    @extend_schema(
        summary="Change a customer: only what is sent",
        request=CustomerChangesSerializer,
        responses=CustomerSerializer,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        customer = self.get_object()
        wanted = CustomerChangesSerializer(
            data=request.data, context={"stored_values": customer.custom}
        )
        wanted.is_valid(raise_exception=True)
        changes = dict(wanted.validated_data)
        tags = changes.pop("tags", None)
        with transaction.atomic():
            change_customer(customer.pk, **changes)
            if tags is not None:
                set_customer_tags(customer.pk, tags)
        return Response(self._shown(customer))

    @extend_schema(
        methods=["GET"], summary="Notes on a customer", responses=CustomerNoteSerializer(many=True)
    )
    @extend_schema(
        methods=["POST"],
        summary="Write a note on a customer",
        request=CustomerNoteSerializer,
        responses={201: CustomerNoteSerializer},
    )
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=InOrder)
    def notes(self, request: SignedInApiRequest, pk: int) -> Response:
        customer = self.get_object()
        if request.method == "POST":
            wanted = CustomerNoteSerializer(data=request.data)
            wanted.is_valid(raise_exception=True)
            text = wanted.validated_data["text"]
            note = add_customer_note(customer.pk, text=text, by=request.user)
            return Response(CustomerNoteSerializer(note).data, status=201)
        notes: Any = CustomerNote.objects.filter(customer=customer)
        page: Any = self.paginate_queryset(notes)
        return self.get_paginated_response(CustomerNoteSerializer(page, many=True).data)

    @extend_schema(
        summary="Merge into another customer",
        description="For who sees the records of every team; gives the customer that stays.",
        request=CustomerMergeSerializer,
        responses=CustomerSerializer,
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: SignedInApiRequest, pk: int) -> Response:
        self._ensure_sees_every_team(request)
        wanted = CustomerMergeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        kept = merge_customers(
            self.get_object().pk,
            into_id=wanted.validated_data["into"].pk,
            by=request.user,
            both_are_verified=wanted.validated_data["both_are_verified"],
        )
        return Response(self._shown(kept))

    @extend_schema(
        summary="Take a merge back",
        description="The address names the customer that was merged into another one.",
        request=None,
        responses=CustomerSerializer,
    )
    @action(detail=True, methods=["post"])
    def separate(self, request: SignedInApiRequest, pk: int) -> Response:
        self._ensure_sees_every_team(request)
        gone = get_object_or_404(Customer, pk=pk)
        return Response(self._shown(separate_customers(gone.pk, by=request.user)))

    def _ensure_sees_every_team(self, request: SignedInApiRequest) -> None:
        if not request.user.has_perm("accounts.view_every_team"):
            raise PermissionDenied(_("Records of every team move along: ask who sees them all."))

    def _shown(self, customer: Customer) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=customer.pk)).data
