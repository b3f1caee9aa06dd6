"""/thanks/ and /week/: what colleagues thank each other for, and what a week was like."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest, covers_of
from accounts.models import User
from analytics.models import Measure, Thanks
from analytics.selectors.praise import records_seen
from analytics.selectors.week import last_week, read_team, read_week, week_of
from analytics.selectors.window import today
from analytics.services.thanks import thank_colleague
from config.kernel.api_fields import BigId, StrictInput, TextField, WholeField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.errors import FilterNotKnown
from feedback.models import Feedback

LONGEST = 400


class ThanksInput(StrictInput, serializers.Serializer[Any]):
    to = BigId(queryset=User.objects.filter(is_active=True), help_text=_("Who is thanked."))
    text = TextField(max_length=LONGEST)
    feedback = WholeField(
        min_value=1, max_value=2**63 - 1, required=False, allow_null=True,
        help_text=_("The number of the record that it is for."),
    )  # fmt: skip
    measure = WholeField(
        min_value=1, max_value=2**63 - 1, required=False, allow_null=True,
        help_text=_("The number of the measure that it is for."),
    )  # fmt: skip


class ThanksSerializer(serializers.ModelSerializer[Thanks]):
    to = serializers.IntegerField(source="to_id", read_only=True)
    by = serializers.SerializerMethodField(
        help_text=_("Null where the person has left or does not want to be shown.")
    )
    text = serializers.SerializerMethodField()
    feedback = serializers.IntegerField(
        source="feedback.number", read_only=True, allow_null=True, default=None
    )
    measure = serializers.IntegerField(source="measure_id", read_only=True, allow_null=True)

    class Meta:
        model = Thanks
        fields = ["id", "to", "by", "text", "feedback", "measure", "at"]
        read_only_fields = fields

    def get_by(self, row: Thanks) -> int | None:
        by, user = row.by, self.context["request"].user
        return by.pk if by is not None and (by.on_board or by.pk == user.pk) else None

    def get_text(self, row: Thanks) -> str:
        return covers_of(self.context["request"]).in_lists(row.text)


@extend_schema_view(list=extend_schema(summary="Thanks of colleagues that you may see"))
class ThanksViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Thanks]):
    queryset = Thanks.objects.none()
    serializer_class = ThanksSerializer
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.view_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Thanks]:
        rows = Thanks.objects.visible_to(self.request.user)
        return rows.select_related("by", "feedback").order_by("-pk")

    @extend_schema(
        summary="Thank a colleague",
        request=ThanksInput,
        responses={201: ThanksSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        given = ThanksInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        made = thank_colleague(
            said["to"],
            by=request.user,
            text=said["text"],
            feedback=self._record(said.get("feedback")),
            measure=self._measure(said.get("measure")),
        )
        return Response(self.get_serializer(made).data, status=201)

    def _record(self, number: int | None) -> Feedback | None:
        if number is None:
            return None
        found = records_seen(self.request.user).filter(number=number).first()
        if found is None:
            raise serializers.ValidationError({"feedback": [_("There is no such record.")]})
        return found

    def _measure(self, pk: int | None) -> Measure | None:
        if pk is None:
            return None
        user = self.request.user
        seen = Measure.objects.visible_to(user).filter(pk=pk)
        found = seen.first() if user.has_perm("analytics.view_problem") else None
        if found is None:
            raise serializers.ValidationError({"measure": [_("There is no such measure.")]})
        return found


class WeekLineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="label")
    value = serializers.CharField(help_text=_("In words."))
    before = serializers.CharField(help_text=_("Of the week before, in words."))
    count = serializers.IntegerField(help_text=_("How many things are in the list."))
    url = serializers.CharField(help_text=_("The list; empty where there is none."))


class WeekItemSerializer(serializers.Serializer[Any]):
    words = serializers.CharField()
    url = serializers.CharField()


class WeekSerializer(serializers.Serializer[Any]):
    first = serializers.DateField(source="period.first")
    last = serializers.DateField(source="period.last")
    team = serializers.IntegerField(source="team.pk", default=None, allow_null=True)
    is_empty = serializers.BooleanField()
    figures = WeekLineSerializer(source="lines", many=True)
    promises = WeekItemSerializer(many=True)
    measures = WeekItemSerializer(many=True)
    words = WeekItemSerializer(many=True)


class WeekViewSet(viewsets.GenericViewSet[Any]):
    queryset = Thanks.objects.none()
    serializer_class = WeekSerializer
    pagination_class = None
    filterset_class = None
    read_scope = "feedback:read"
    read_permission = "feedback.view_feedback"

    @extend_schema(
        summary="What your week was like, or that of a team that you lead",
        parameters=[
            OpenApiParameter("week", OpenApiTypes.STR, description="Its Monday."),
            OpenApiParameter("team", OpenApiTypes.STR, description="Its number."),
        ],
        responses=WeekSerializer,
    )
    def retrieve(self, request: SignedInApiRequest) -> Response:
        now = timezone.now()
        try:
            params = request.query_params
            period = read_week(params.get("week", ""), last_week(today(now)))
            team = read_team(params.get("team", ""), request.user)
        except FilterNotKnown as unknown:
            refusal = {unknown.field: [str(unknown.message)]}
            raise serializers.ValidationError(refusal) from unknown
        return Response(WeekSerializer(week_of(request.user, team, period, now)).data)
