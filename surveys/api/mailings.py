"""/survey-collectors/ID/mailing/ and its waves: whom a way by e-mail invites, and when."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import (
    BigId,
    MomentField,
    StrictInput,
    TextField,
    WholeField,
    YesNoField,
)
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from config.kernel.punctuation import listed
from feedback.models import Mailbox
from surveys.api.audiences import AudienceField
from surveys.enums import AudienceOf, CollectorChannel, Rhythm
from surveys.models import Collector, Mailing
from surveys.models.mailing import MOST_REMINDERS
from surveys.rules.letters import unknown_in
from surveys.selectors.invitations import WaveRow, wave_rows
from surveys.services.mailings import cancel_wave, mailing_of, order_wave, save_mailing

TEXTS = tuple(
    f"{prefix}{name}_{language}"
    for prefix in ("", "reminder_")
    for name in ("subject", "body")
    for language in ("zh", "en")
)


class MailingSerializer(StrictInput, serializers.ModelSerializer[Mailing]):
    audience_of = serializers.ChoiceField(AudienceOf.choices, required=False)
    audience = AudienceField(required=False)
    sample_size = WholeField(min_value=1, max_value=2**31 - 1, allow_null=True, required=False)
    others_too = YesNoField(required=False)
    at_their_hour = YesNoField(required=False)
    mailbox = BigId(
        queryset=Mailbox.objects.filter(is_active=True), allow_null=True, required=False
    )
    with_question = YesNoField(required=False)
    subject_zh = TextField(max_length=200, required=False)
    subject_en = TextField(max_length=200, required=False)
    body_zh = TextField(max_length=5000, required=False)
    body_en = TextField(max_length=5000, required=False)
    reminder_subject_zh = TextField(max_length=200, required=False, allow_blank=True)
    reminder_subject_en = TextField(max_length=200, required=False, allow_blank=True)
    reminder_body_zh = TextField(max_length=5000, required=False, allow_blank=True)
    reminder_body_en = TextField(max_length=5000, required=False, allow_blank=True)
    reminders = WholeField(min_value=0, max_value=MOST_REMINDERS, required=False)
    reminder_days = WholeField(min_value=1, max_value=90, required=False)
    rhythm = serializers.ChoiceField(Rhythm.choices, required=False)
    every = WholeField(min_value=1, max_value=60, required=False)

    class Meta:
        model = Mailing
        fields = [
            "audience_of", "audience", "sample_size", "others_too", "at_their_hour", "mailbox",
            "with_question", *TEXTS, "reminders", "reminder_days", "rhythm", "every",
            "next_wave_at",
        ]  # fmt: skip
        read_only_fields = ["next_wave_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wrong = {name: unknown_in(attrs[name]) for name in TEXTS if name in attrs}
        if any(wrong.values()):
            raise serializers.ValidationError(
                {
                    name: [_("There is no variable %(names)s.") % {"names": listed(names)}]
                    for name, names in wrong.items()
                    if names
                }
            )
        return attrs


class WaveSerializer(serializers.Serializer[WaveRow]):
    number = serializers.IntegerField(source="wave.number")
    begun_at = serializers.DateTimeField(source="wave.begun_at")
    is_through = serializers.SerializerMethodField(help_text=_("Everybody was looked at."))
    fitting = serializers.IntegerField(source="wave.fitting")
    sample_size = serializers.IntegerField(source="wave.sample_size", allow_null=True)
    seed = serializers.CharField(source="wave.seed")
    people = serializers.IntegerField()
    reached = serializers.IntegerField()
    answered = serializers.IntegerField()

    def get_is_through(self, row: WaveRow) -> bool:
        return row.wave.filled_at is not None


class NewWaveSerializer(StrictInput):
    at = MomentField(required=False, allow_null=True, default=None, help_text=_("Left out: now."))
    seen = WholeField(
        min_value=0,
        max_value=32767,
        required=False,
        allow_null=True,
        default=None,
        help_text=_("How many waves you know of: refused where there are more by now."),
    )


class MailingViewSet(viewsets.GenericViewSet[Mailing]):
    queryset = Mailing.objects.none()
    serializer_class = MailingSerializer
    pagination_class = filterset_class = None
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_collector", "surveys.change_collector"
    request: SignedInApiRequest

    @extend_schema(summary="Whom a way by e-mail invites, and what it says")
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        return Response(self.get_serializer(mailing_of(_by_mail(pk))).data)

    @extend_schema(summary="Change whom it invites or what it says: only what is sent")
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        mailing = mailing_of(_by_mail(pk))
        wanted = self.get_serializer(mailing, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(mailing, name, value)
        return Response(self.get_serializer(save_mailing(mailing)).data)

    @extend_schema(summary="The waves so far, newest first", responses=WaveSerializer(many=True))
    def waves(self, request: SignedInApiRequest, pk: int) -> Response:
        rows: Any = wave_rows(_by_mail(pk))
        return Response(WaveSerializer(rows, many=True).data)

    @extend_schema(
        summary="Begin a wave of invitations now, or at a moment",
        request=NewWaveSerializer,
        responses={202: OpenApiResponse(MailingSerializer)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def begin(self, request: SignedInApiRequest, pk: int) -> Response:
        wanted = NewWaveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        mailing = order_wave(_by_mail(pk).pk, **wanted.validated_data)
        return Response(self.get_serializer(mailing).data, status=202)

    @extend_schema(summary="Begin no further wave", responses={204: None})
    def cancel(self, request: SignedInApiRequest, pk: int) -> Response:
        cancel_wave(_by_mail(pk).pk)
        return Response(status=204)


def _by_mail(pk: int) -> Collector:
    rows = Collector.objects.select_related("survey")
    return get_object_or_404(rows, pk=pk, channel=CollectorChannel.EMAIL)
