"""/mailboxes/: what answers from an address look like, how it is doing, and the mails that
arrived. How a mailbox is read, with its password, is set up on its page."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.covered import CoveredField
from accounts.api.setting_actions import SettingActions
from accounts.models import Team
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, StrictInput, TextField, YesNoField
from feedback.channels.mailbox_check import check_mailbox
from feedback.enums import InboundState, Quoting
from feedback.models import InboundMail, Mailbox, PushAddress
from feedback.selectors.mailboxes import (
    error_in_words,
    how_mailbox_is,
    mailboxes_with_counts,
    push_of,
    push_url,
    reason_in_words,
)
from feedback.services.inbound_mail import process_again
from feedback.services.mail_push import end_push, renew_push_secret, set_signing_key
from feedback.services.mailboxes import fetch_now, save_mailbox


class PushSerializer(serializers.Serializer[PushAddress]):
    """Where mail is brought by HTTP, and what came of the last."""

    address = serializers.SerializerMethodField()
    since = serializers.DateTimeField(read_only=True)
    received_at = serializers.DateTimeField(read_only=True, allow_null=True)
    refused_at = serializers.DateTimeField(read_only=True, allow_null=True)
    refusal = serializers.CharField(source="get_refusal_display", read_only=True)

    def get_address(self, row: PushAddress) -> str:
        return push_url(row.mailbox_id)


class PushWithSecretSerializer(PushSerializer):
    secret = serializers.CharField(read_only=True, help_text=_("Shown only this once."))


class MailboxSerializer(StrictInput, serializers.ModelSerializer[Mailbox]):
    name = TextField(max_length=120)
    team = BigId(queryset=Team.objects.active(), allow_null=True, required=False)
    language = serializers.ChoiceField(settings.LANGUAGES)
    quoting = serializers.ChoiceField(Quoting.choices)
    takes_plus = YesNoField(
        allow_null=True,
        required=False,
        help_text=_("Whether addresses with + arrive here; null: as usual with this provider."),
    )
    is_active = YesNoField()
    state = serializers.SerializerMethodField()
    last_error = serializers.SerializerMethodField()
    # Null while it works.
    next_try_at = serializers.DateTimeField(source="rests_until", read_only=True, allow_null=True)
    push = serializers.SerializerMethodField()
    in_quarantine = serializers.IntegerField(read_only=True)
    unread = serializers.IntegerField(read_only=True)

    class Meta:
        model = Mailbox
        fields = [
            "id", "address", "name", "team", "language", "quoting", "takes_plus",
            "trusted_servers",
            "is_active", "state", "polled_at", "succeeded_at", "last_error", "failures",
            "next_try_at", "push", "in_quarantine", "unread",
        ]  # fmt: skip
        read_only_fields = ["id", "address", "polled_at", "succeeded_at", "failures"]

    def get_state(self, row: Mailbox) -> str:
        return str(how_mailbox_is(row, timezone.now())[0])

    @extend_schema_field(PushSerializer(allow_null=True))
    def get_push(self, row: Mailbox) -> dict[str, Any] | None:
        push = push_of(row)
        return dict(PushSerializer(push).data) if push is not None else None

    def get_last_error(self, row: Mailbox) -> str:
        return error_in_words(row.last_error)


class SigningKeySerializer(StrictInput):
    signing_key = TextField(max_length=200, allow_blank=True)


class MailboxStepSerializer(serializers.Serializer[object]):
    name = serializers.CharField(read_only=True)
    is_ok = serializers.BooleanField(read_only=True)
    text = serializers.CharField(read_only=True)


@extend_schema_view(
    list=extend_schema(summary="List the mailboxes and how they are doing"),
    retrieve=extend_schema(summary="One mailbox"),
)
class MailboxViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    serializer_class = MailboxSerializer
    pagination_class = InOrder
    read_scope = "settings:read"
    read_permission, write_permission = "feedback.view_mailbox", "feedback.change_mailbox"

    def get_queryset(self) -> QuerySet[Mailbox]:
        return mailboxes_with_counts()

    @extend_schema(
        summary="Change a mailbox: only what is sent",
        description="Its sender name, team, language, what is quoted below answers (`none`, "
        "`last`, `all`), whose checks of senders are believed, whether addresses with + arrive, "
        "and whether it is read.",
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        self.write_into(row)
        return Response(self.stored(lambda: save_mailbox(row)))

    @extend_schema(
        summary="Test its settings, step by step",
        description="Connects, signs in and opens the folder; then, where SMTP_HOST is set, tries "
        "the server for sending. Nothing is changed there and no mail is sent.",
        request=None,
        responses=MailboxStepSerializer(many=True),
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def test(self, request: SignedInApiRequest, pk: int) -> Response:
        return Response(MailboxStepSerializer(check_mailbox(self.get_object()), many=True).data)

    @extend_schema(
        summary="Take its mail by HTTP, or make another secret",
        description="A mail provider or a program brings raw mail to `address` and proves itself "
        "with `secret`; the one before holds for another day.",
        request=None,
        responses=PushWithSecretSerializer,
    )
    @action(detail=True, methods=["post"])
    def push(self, request: SignedInApiRequest, pk: int) -> Response:
        push, secret = renew_push_secret(self.get_object())
        return Response(PushSerializer(push).data | {"secret": secret})

    @extend_schema(
        summary="Set Mailgun's signing key",
        description="Empty: it is removed. Nobody reads it back.",
        request=SigningKeySerializer,
        responses=MailboxSerializer,
    )
    @action(detail=True, methods=["post"], url_path="push-key")
    def push_key(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        set_signing_key(row, self.given(SigningKeySerializer)["signing_key"])
        return Response(self.get_serializer(row).data)

    @extend_schema(
        summary="Take no mail by HTTP any more", request=None, responses=MailboxSerializer
    )
    @action(detail=True, methods=["post"], url_path="push-end")
    def push_end(self, request: SignedInApiRequest, pk: int) -> Response:
        end_push(self.get_object())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="Look for mail now", request=None, responses={202: MailboxSerializer})
    @action(detail=True, methods=["post"])
    def fetch(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        fetch_now(row)
        return Response(self.get_serializer(row).data, status=202)


class InboundMailSerializer(serializers.ModelSerializer[InboundMail]):
    mailbox = serializers.PrimaryKeyRelatedField[Mailbox](read_only=True)
    reason = serializers.SerializerMethodField()
    subject = CoveredField()

    class Meta:
        model = InboundMail
        fields = [
            "id", "mailbox", "state", "reason", "sender", "subject", "message_id", "size",
            "attempts", "received_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_reason(self, row: InboundMail) -> str:
        if row.state == InboundState.QUARANTINED:
            return reason_in_words(row)
        return row.reason


class InboundMailFilter(filters.FilterSet):
    mailbox = filters.ModelChoiceFilter(queryset=Mailbox.objects.all())
    state = filters.ChoiceFilter(choices=InboundState.choices)

    class Meta:
        model = InboundMail
        fields = ["mailbox", "state"]


@extend_schema_view(
    list=extend_schema(
        summary="List the mails that arrived, newest first; `state=quarantined` could not be read"
    ),
    retrieve=extend_schema(summary="One mail that arrived"),
)
class InboundMailViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    serializer_class = InboundMailSerializer
    filterset_class = InboundMailFilter
    read_scope = "settings:read"
    read_permission, write_permission = (
        "feedback.view_inboundmail",
        "feedback.change_inboundmail",
    )
    permission_by_action = {"raw": "feedback.change_inboundmail"}

    def get_queryset(self) -> QuerySet[InboundMail]:
        return InboundMail.objects.select_related("mailbox").defer("raw")

    @extend_schema(
        summary="Read it once more",
        description="A mail that was filed stays as it is. Of one that was too large the whole "
        "is fetched from its mailbox first, if the limit lets it in by now.",
        request=None,
        responses=InboundMailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="process-again")
    def process_again(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        process_again(row.pk)
        row.refresh_from_db()
        return Response(self.get_serializer(row).data)

    @extend_schema(
        summary="The mail as it arrived",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def raw(self, request: SignedInApiRequest, pk: int) -> HttpResponse:
        mail = self.get_object()
        response = HttpResponse(bytes(mail.raw), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="mail-{mail.pk}.eml"'
        return response
