"""How a customer may be reached, and what they agreed to: parts of /customers/{id}/."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.enums import ConsentChannel, ConsentPurpose, ContactKind
from accounts.errors import AddressNotUsable
from accounts.models import Consent, ContactPoint, Customer
from accounts.services import customers as services
from accounts.services.customer_tags import remove_customer_note
from accounts.services.privacy import set_legal_hold
from config.kernel.api import NewestFirst
from config.kernel.api_fields import StrictInput, TextField, YesNoField

PLAIN: dict[str, Any] = {"filterset_class": None, "pagination_class": None}
HOLD = ("accounts.change_privacyrequest", "accounts.view_every_team")


class ContactSerializer(serializers.ModelSerializer[ContactPoint]):
    kind = serializers.ChoiceField(ContactKind.choices)
    value = serializers.CharField(max_length=254)
    is_primary = serializers.BooleanField(read_only=True)
    is_verified = serializers.SerializerMethodField(
        help_text=_("It is known to be theirs: they proved it, or staff know.")
    )
    is_suppressed = serializers.SerializerMethodField(
        help_text=_("Mail to it came back, or the person does not want it.")
    )

    class Meta:
        model = ContactPoint
        fields = ["id", "kind", "value", "is_primary", "is_verified", "is_suppressed"]
        validators: list[Any] = []

    def get_is_suppressed(self, point: ContactPoint) -> bool:
        return point.is_blocked

    def get_is_verified(self, point: ContactPoint) -> bool:
        return point.verified_at is not None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            attrs["value"] = services.usable_contact(attrs["kind"], attrs["value"])
        except AddressNotUsable as refusal:
            raise serializers.ValidationError({"value": [str(refusal.message)]}) from refusal
        return attrs


class NewContactSerializer(StrictInput, ContactSerializer):
    pass


class ConsentSerializer(StrictInput, serializers.ModelSerializer[Consent]):
    purpose = serializers.ChoiceField(ConsentPurpose.choices)
    given = YesNoField()
    text_version = TextField(max_length=40, allow_blank=True, default="")
    channel = serializers.ChoiceField(ConsentChannel.choices, read_only=True, allow_blank=True)

    class Meta:
        model = Consent
        fields = ["purpose", "given", "text_version", "channel", "at"]
        read_only_fields = ["at"]


class DoNotContactSerializer(serializers.Serializer[Any]):
    do_not_contact = serializers.BooleanField()


class CustomerHoldSerializer(StrictInput):
    reason = TextField(max_length=500)


class ContactingActions(viewsets.GenericViewSet[Customer]):
    """Beside what CustomerViewSet does itself."""

    request: SignedInApiRequest

    @extend_schema(
        summary="Add a way to reach a customer",
        request=NewContactSerializer,
        responses={201: ContactSerializer},
    )
    @action(detail=True, methods=["post"], **PLAIN)
    def contacts(self, request: SignedInApiRequest, pk: int) -> Response:
        customer = self.get_object()
        wanted = NewContactSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        point = services.add_contact(customer.pk, **wanted.validated_data)
        return Response(ContactSerializer(point).data, status=201)

    @extend_schema(summary="Forget a way to reach a customer", responses={204: None})
    @action(detail=True, methods=["delete"], url_path="contacts/<int:contact>", **PLAIN)
    def remove_contact(self, request: SignedInApiRequest, pk: int, contact: int) -> Response:
        services.remove_contact(self._contact(contact).pk)
        return Response(status=204)

    @extend_schema(
        summary="Make a contact the first of its kind", request=None, responses=ContactSerializer
    )
    @action(detail=True, methods=["post"], url_path="contacts/<int:contact>/primary", **PLAIN)
    def make_primary(self, request: SignedInApiRequest, pk: int, contact: int) -> Response:
        point = services.make_primary(self._contact(contact).pk)
        return Response(ContactSerializer(point).data)

    @extend_schema(
        summary="Use a contact again after mail came back",
        request=None,
        responses=ContactSerializer,
    )
    @action(detail=True, methods=["post"], url_path="contacts/<int:contact>/release", **PLAIN)
    def release_contact(self, request: SignedInApiRequest, pk: int, contact: int) -> Response:
        point = services.release_contact(self._contact(contact).pk)
        return Response(ContactSerializer(point).data)

    @extend_schema(
        methods=["PUT"],
        summary="Note that a contact is known to be theirs",
        request=None,
        responses=ContactSerializer,
    )
    @extend_schema(
        methods=["DELETE"],
        summary="Take that back: nobody has proven it",
        responses={200: ContactSerializer},
    )
    @action(
        detail=True,
        methods=["put", "delete"],
        url_path="contacts/<int:contact>/verified",
        **PLAIN,
    )
    def verified_contact(self, request: SignedInApiRequest, pk: int, contact: int) -> Response:
        is_theirs = request.method == "PUT"
        write = services.mark_verified if is_theirs else services.take_back_verified
        return Response(ContactSerializer(write(self._contact(contact).pk)).data)

    @extend_schema(
        methods=["GET"],
        summary="What a customer agreed to and withdrew, newest first; the newest counts",
        responses=ConsentSerializer(many=True),
    )
    @extend_schema(
        methods=["POST"],
        summary="Write down what a customer agreed to or withdrew",
        request=ConsentSerializer,
        responses={201: ConsentSerializer},
    )
    @action(
        detail=True, methods=["get", "post"], filterset_class=None, pagination_class=NewestFirst
    )
    def consents(self, request: SignedInApiRequest, pk: int) -> Response:
        customer = self.get_object()
        if request.method == "POST":
            wanted = ConsentSerializer(data=request.data)
            wanted.is_valid(raise_exception=True)
            said = services.record_consent(
                customer.pk, channel=ConsentChannel.STAFF, by=request.user, **wanted.validated_data
            )
            return Response(ConsentSerializer(said).data, status=201)
        rows: Any = customer.consents.order_by("-at", "-pk")
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(ConsentSerializer(page, many=True).data)

    @extend_schema(
        methods=["PUT"],
        summary="The customer asked to be left alone: no surveys, no news",
        request=None,
        responses=DoNotContactSerializer,
    )
    @extend_schema(
        methods=["DELETE"],
        summary="The customer may be asked again",
        responses={200: DoNotContactSerializer},
    )
    @action(detail=True, methods=["put", "delete"], url_path="do-not-contact", **PLAIN)
    def do_not_contact(self, request: SignedInApiRequest, pk: int) -> Response:
        customer = self.get_object()
        stop = request.method == "PUT"
        (services.stop_contacting if stop else services.allow_contacting)(customer.pk)
        return Response({"do_not_contact": stop})

    @extend_schema(
        methods=["PUT"],
        summary="Place a legal hold: nothing about the customer is removed",
        request=CustomerHoldSerializer,
        responses={204: None},
    )
    @extend_schema(methods=["DELETE"], summary="Lift the legal hold", responses={204: None})
    @action(detail=True, methods=["put", "delete"], url_path="legal-hold", **PLAIN)
    def legal_hold(self, request: SignedInApiRequest, pk: int) -> Response:
        customer, reason = self.get_object(), ""
        if not request.user.has_perms(HOLD):
            raise PermissionDenied
        if request.method == "PUT":
            wanted = CustomerHoldSerializer(data=request.data)
            wanted.is_valid(raise_exception=True)
            reason = wanted.validated_data["reason"]
        held = request.method == "PUT"
        set_legal_hold(customer.pk, held=held, by=request.user, reason=reason)
        return Response(status=204)

    @extend_schema(summary="Take one's own note away", responses={204: None})
    @action(detail=True, methods=["delete"], url_path="notes/<int:note>", **PLAIN)
    def remove_note(self, request: SignedInApiRequest, pk: int, note: int) -> Response:
        mine = self.get_object().notes.filter(pk=note)
        if not mine.exists() or not remove_customer_note(note, by=request.user):
            raise NotFound
        return Response(status=204)

    def _contact(self, pk: int) -> ContactPoint:
        return get_object_or_404(self.get_object().contact_points.all(), pk=pk)
