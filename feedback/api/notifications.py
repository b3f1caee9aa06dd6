"""/notifications/: what the person behind the token was told, and how they want to be told."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_name_customers
from config.kernel.api_fields import StrictInput, WholeField, YesNoField
from config.kernel.api_filters import YES_NO
from feedback.enums import MailWhen, NoticeKind
from feedback.models import Feedback, Notification
from feedback.selectors.following import choices_of, notifications_for_list, usual_mail
from feedback.selectors.notices import sentence_of
from feedback.services.notifying import choose_notifications, mark_read


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    feedback = serializers.IntegerField(
        source="feedback.number",
        read_only=True,
        allow_null=True,
        default=None,
        help_text=_("The number of the record; null when it is about a page."),
    )
    page = serializers.SerializerMethodField(help_text=_("The address of the page; else empty."))
    kind = serializers.ChoiceField(NoticeKind.choices, read_only=True)
    sentence = serializers.SerializerMethodField()
    message = serializers.IntegerField(source="message_id", read_only=True, allow_null=True)

    class Meta:
        model = Notification
        fields = [
            "id",
            "feedback",
            "page",
            "kind",
            "sentence",
            "message",
            "more",
            "created_at",
            "read_at",
        ]
        read_only_fields = fields

    def get_page(self, notice: Notification) -> str:
        return str(notice.about.get("page", ""))

    def get_sentence(self, notice: Notification) -> str:
        return sentence_of(notice, names_customers=may_name_customers(self.context))


class NotificationFilter(filters.FilterSet):
    unread = filters.ChoiceFilter(choices=YES_NO, method="not_read")

    class Meta:
        model = Notification
        fields: list[str] = []

    def not_read(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(read_at__isnull=value == "true")


class ReadSerializer(StrictInput):
    feedback = WholeField(
        min_value=1, max_value=2**63 - 1, required=False,
        help_text=_("The number of one record; without it, everything was read."),
    )  # fmt: skip


class ReadCountSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()


class WaySerializer(StrictInput):
    kind = serializers.ChoiceField(NoticeKind.choices)
    in_list = YesNoField()
    mail = serializers.ChoiceField(MailWhen.choices)


@extend_schema_view(list=extend_schema(summary="What you were told, newest first"))
class NotificationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Notification]):
    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.view_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Notification]:
        return notifications_for_list(self.request.user, only_unread=False)

    @extend_schema(
        summary="You know of it now", request=ReadSerializer, responses=ReadCountSerializer
    )
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def read(self, request: SignedInApiRequest) -> Response:
        wanted = ReadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        number, key = wanted.validated_data.get("feedback"), None
        if number is not None:
            visible = Feedback.objects.visible_to(request.user).filter(number=number)
            key = visible.values_list("pk", flat=True).first()
            if key is None:
                raise NotFound(_("There is no such record."))
        return Response({"count": mark_read(request.user, feedback_id=key)})

    @extend_schema(
        methods=["GET"], summary="How you want to be told", responses=WaySerializer(many=True)
    )
    @extend_schema(
        methods=["PATCH"],
        summary="Say how you want to be told: only the kinds that are sent",
        request=WaySerializer(many=True),
        responses=WaySerializer(many=True),
    )
    @action(detail=False, methods=["get", "patch"], filterset_class=None, pagination_class=None)
    def ways(self, request: SignedInApiRequest) -> Response:
        if request.method == "PATCH":
            wanted = WaySerializer(data=request.data, many=True)
            wanted.is_valid(raise_exception=True)
            rows: Any = wanted.validated_data
            chosen = {one["kind"]: (one["in_list"], one["mail"]) for one in rows}
            choose_notifications(request.user, chosen)
        known = choices_of([request.user.pk])
        told = []
        for kind in NoticeKind:
            one = known.get((request.user.pk, kind))
            told.append({
                "kind": kind.value,
                "in_list": one.in_product if one else True,
                "mail": one.mail if one else usual_mail(kind),
            })  # fmt: skip
        return Response(WaySerializer(told, many=True).data)
