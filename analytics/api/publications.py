"""/publications/: what customers are told of what came of their feedback."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from analytics.enums import PublicationKind, ReportLanguage
from analytics.models import Measure, Problem, Publication
from analytics.models.publication import CHECK, PUBLISH, READ, WORDS, WRITE
from analytics.selectors.publication_list import (
    PublicationChoice,
    publications_for_list,
    read_publication_choice,
)
from analytics.selectors.publication_people import reach_of
from analytics.services.publication_telling import tell_customers
from analytics.services.publications import (
    check_publication,
    draft_publication,
    publish,
    remove_publication,
    save_publication,
    take_publication_back,
    withdraw,
)
from config.kernel.api import Refusal
from config.kernel.api_fields import StrictInput, TextField, WholeField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.errors import FilterNotKnown

AT_MOST = 1_000
_STEPS: dict[str, tuple[str, Any]] = {
    "check": (CHECK, check_publication),
    "back": (WRITE, take_publication_back),
    "publish": (PUBLISH, publish),
    "withdraw": (PUBLISH, withdraw),
}


class PublicationWords(StrictInput, serializers.Serializer[Any]):
    kind = serializers.ChoiceField(PublicationKind.choices, required=False)
    year = WholeField(min_value=2000, max_value=2199, required=False)
    quarter = WholeField(min_value=1, max_value=4, required=False)
    title_zh = TextField(max_length=120, allow_blank=True, required=False)
    title_en = TextField(max_length=120, allow_blank=True, required=False)
    said_zh = TextField(max_length=2000, allow_blank=True, required=False)
    said_en = TextField(max_length=2000, allow_blank=True, required=False)
    did_zh = TextField(max_length=2000, allow_blank=True, required=False)
    did_en = TextField(max_length=2000, allow_blank=True, required=False)
    result_zh = TextField(max_length=2000, allow_blank=True, required=False)
    result_en = TextField(max_length=2000, allow_blank=True, required=False)


class PublicationInput(PublicationWords):
    version = WholeField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text=_("As it was read: 409 when somebody has changed it since."),
    )


class NewPublicationInput(PublicationWords):
    """With a measure or a problem its first words are drafted from them."""

    measure = WholeField(min_value=1, max_value=2**63 - 1, required=False)
    problem = WholeField(min_value=1, max_value=2**63 - 1, required=False)
    language = serializers.ChoiceField(
        ReportLanguage.choices,
        default=ReportLanguage.CHINESE,
        help_text=_("In which first words are drafted."),
    )


class PublicationStepInput(StrictInput, serializers.Serializer[Any]):
    step = serializers.ChoiceField(sorted(_STEPS))
    why = TextField(
        max_length=500,
        allow_blank=True,
        required=False,
        help_text=_("Of “withdraw”: for colleagues, in the history."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "why" in attrs and attrs["step"] != "withdraw":
            raise serializers.ValidationError({"why": [_("Only “withdraw” takes a reason.")]})
        return attrs


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    votes = serializers.IntegerField(source="votes_of_all", read_only=True)
    comments_waiting = serializers.IntegerField(read_only=True)

    class Meta:
        model = Publication
        fields = [
            "id", "kind", "year", "quarter", *WORDS, "version", "state", "problem", "measure",
            "votes", "comments_waiting", "created_at", "published_at", "withdrawn_at",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Publication) -> Any:
        said = super().to_representation(instance)
        if not instance.sees_behind:  # type: ignore[attr-defined]
            said |= {"problem": None, "measure": None, "comments_waiting": 0}
        return said


class ReachSerializer(serializers.Serializer[Any]):
    to_tell = serializers.IntegerField(read_only=True)
    told = serializers.IntegerField(read_only=True)
    not_reached = serializers.IntegerField(read_only=True)


class PublicationViewSet(viewsets.GenericViewSet[Publication]):
    queryset = Publication.objects.none()
    serializer_class = PublicationSerializer
    pagination_class = None
    filterset_class = None
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = READ, WRITE
    permission_by_action = {
        "create": "analytics.add_publication",
        "destroy": "analytics.delete_publication",
        "step": READ,  # each has its own
        "tell": PUBLISH,
    }
    request: SignedInApiRequest

    @extend_schema(
        summary="Publications",
        parameters=[
            OpenApiParameter(name, OpenApiTypes.STR, required=False) for name in ("state", "kind")
        ],
        responses=PublicationSerializer(many=True),
    )
    def list(self, request: SignedInApiRequest) -> Response:
        try:
            choice = read_publication_choice(request.query_params.dict())
        except FilterNotKnown as unknown:
            refusal = {unknown.field: [str(unknown.message)]}
            raise serializers.ValidationError(refusal) from unknown
        rows = publications_for_list(request.user, choice)[:AT_MOST]
        return Response(PublicationSerializer(rows, many=True).data)

    @extend_schema(summary="One publication")
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        return self._said(pk)

    @extend_schema(
        summary="Draft a publication",
        request=NewPublicationInput,
        responses={201: PublicationSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        given = _valid(NewPublicationInput(data=request.data))
        about = {
            name: self._behind(name, given.pop(name, None)) for name in ("measure", "problem")
        }
        made = draft_publication(
            by=request.user,
            language=given.pop("language"),
            kind=given.get("kind", ""),
            words=given,
            **about,
        )
        return self._said(made.pk, status=201)

    @extend_schema(
        summary="Write in a publication", request=PublicationInput, responses=PublicationSerializer
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._one(pk)
        given = _valid(PublicationInput(data=request.data, partial=True))
        save_publication(one.pk, by=request.user, **given)
        return self._said(one.pk)

    @extend_schema(summary="Delete a draft that was never published", responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._one(pk)
        if not remove_publication(one.pk):
            raise Refusal(409, "was_published", str(_("It was published once and stays.")))
        return Response(status=204)

    @extend_schema(
        summary="Check, publish, withdraw a publication, or take it back to the draft",
        request=PublicationStepInput,
        responses=PublicationSerializer,
    )
    @action(detail=True, methods=["post"])
    def step(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._one(pk)
        said = _valid(PublicationStepInput(data=request.data))
        permission, do = _STEPS[said.pop("step")]
        if not request.user.has_perm(permission):
            raise PermissionDenied
        do(one.pk, by=request.user, **said)
        return self._said(one.pk)

    @extend_schema(
        summary="Tell the customers whose feedback led to it, each once",
        request=None,
        responses=ReachSerializer,
    )
    @action(detail=True, methods=["post"])
    def tell(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._one(pk)
        found = reach_of(one)
        tell_customers(one.pk, by=request.user)
        return Response(ReachSerializer(found).data)

    def _behind(self, name: str, pk: int | None) -> Any:
        if pk is None:
            return None
        model: Any = {"measure": Measure, "problem": Problem}[name]
        found = model.objects.visible_to(self.request.user).filter(pk=pk).first()
        may = self.request.user.has_perm("analytics.view_problem")
        if found is None or not may:
            raise serializers.ValidationError({name: [_("There is no such thing.")]})
        return found

    def _rows(self) -> QuerySet[Publication]:
        return publications_for_list(self.request.user, PublicationChoice())

    def _one(self, pk: int) -> Publication:
        """To change it, or to reach the customers behind it."""
        return _get_or_404(Publication.objects.changeable_by(self.request.user), pk)

    def _said(self, pk: int, *, status: int = 200) -> Response:
        return Response(PublicationSerializer(_get_or_404(self._rows(), pk)).data, status=status)


def _get_or_404(found: QuerySet[Publication], pk: int) -> Publication:
    try:
        return found.get(pk=pk)
    except (Publication.DoesNotExist, OverflowError) as gone:
        raise Http404 from gone


def _valid(wanted: serializers.Serializer[Any]) -> dict[str, Any]:
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)
