"""/keywords/: words and phrases of what customers wrote."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers, needs_a_scope
from accounts.enums import Scope, Tier
from accounts.models import ApiToken
from analytics.models import TextReading
from analytics.selectors.choice import PRESETS, teams_of
from analytics.selectors.keywords import Keyword, keywords_of
from analytics.selectors.text_choice import (
    ANSWERS,
    COMPARISONS,
    LANGUAGES,
    MESSAGES,
    OF_CUSTOMER,
    OTHER,
    WITH_VIEW,
    TextChoice,
    read_text_choice,
)
from analytics.selectors.text_wording import wording_in_use
from config.kernel.numbers import row_id
from feedback.api.about_customers import asks_about_customers
from feedback.enums import CUSTOMER_CHANNELS, Mood
from feedback.errors import FilterNotKnown
from feedback.models import SavedView

# An empty value counts as not given.
ID = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "enum": [""]}]}
FILTERS = [
    OpenApiParameter("period", int, enum=list(PRESETS), description="Days up to today."),
    OpenApiParameter("from", str, description="First day, instead of a period: 2026-11-01."),
    OpenApiParameter("to", str, description="Last day."),
    OpenApiParameter("team", str, description="Id of a team, or none."),
    OpenApiParameter("category", ID),
    OpenApiParameter("channel", str, enum=[one.value for one in CUSTOMER_CHANNELS]),
    OpenApiParameter("product", ID),
    OpenApiParameter("language", str, enum=list(LANGUAGES)),
    OpenApiParameter("mood", str, enum=Mood.values),
    OpenApiParameter("source", str, enum=[MESSAGES, ANSWERS]),
    OpenApiParameter("tier", str, enum=Tier.values),
    OpenApiParameter("customer_tag", ID, description="Id of a tag of customers."),
]
VIEW = OpenApiParameter("view", ID, description="Id of a saved view of the queue.")
# The other group of `compare=group`.
OTHERS = [
    OpenApiParameter(
        OTHER + one.name, one.type, enum=one.enum, description="Of the group to compare with."
    )
    for one in (*FILTERS, VIEW)
]


class KeywordSerializer(serializers.Serializer[Any]):
    word = serializers.CharField(source="label")
    texts = serializers.IntegerField(help_text=_("How many of the texts have it."))
    share = serializers.FloatField(help_text=_("0 to 1."))
    series = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("The same for each part of the period.")
    )
    change = serializers.SerializerMethodField(
        help_text=_("Of the share since the period before; null without texts there.")
    )
    is_news = serializers.BooleanField(
        help_text=_("The change is more than chance would make of so many words.")
    )
    log_odds = serializers.FloatField(
        source="odds.log_odds", help_text=_("Above 0 it belongs to the first group.")
    )
    z = serializers.FloatField(source="odds.z")
    in_first = serializers.IntegerField(
        source="odds.first", help_text=_("Texts of the first group that have it.")
    )
    in_second = serializers.IntegerField(
        source="odds.second", help_text=_("Texts of the second group that have it.")
    )

    def get_change(self, keyword: Keyword) -> float | None:
        return keyword.change.difference if keyword.change else None


class KeywordsSerializer(serializers.Serializer[Any]):
    texts = serializers.IntegerField(help_text=_("How many were counted, the newest."))
    total = serializers.IntegerField(help_text=_("How many fit what was asked for."))
    words = KeywordSerializer(many=True, source="shown")
    first = KeywordSerializer(many=True, help_text=_("What sets the first group apart."))
    second = KeywordSerializer(many=True)
    sizes = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("How many texts each group has.")
    )


class KeywordsViewSet(viewsets.GenericViewSet[TextReading]):
    """Over the texts that the caller may see; answers of surveys only with their scope."""

    queryset = TextReading.objects.none()
    serializer_class = KeywordsSerializer
    pagination_class = None
    filterset_class = None
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
    request: SignedInApiRequest

    @extend_schema(
        summary="Words and phrases of what customers wrote",
        parameters=[
            *FILTERS,
            VIEW,
            *OTHERS,
            OpenApiParameter(
                "compare",
                str,
                description=(
                    f"{', '.join(COMPARISONS)}, or “view-” and the id of another view. “group”: "
                    f"the same filters with {OTHER} before their names, without days of their own "
                    "those of the first group."
                ),
            ),
        ],
        responses=KeywordsSerializer,
    )
    def retrieve(self, request: SignedInApiRequest) -> Response:
        found = keywords_of(
            request.user, asked_texts(request), wording_in_use(), answers=may_see_answers(request)
        )
        return Response(KeywordsSerializer(found).data)


def asked_texts(request: SignedInApiRequest) -> TextChoice:
    """Raises ValidationError for filters and values that do not exist."""
    params = dict(request.query_params.lists())
    if not may_see_customers(request):
        _refuse_customers(params, request)
    try:
        return read_text_choice(
            params, teams=teams_of(request.user), now=timezone.now(), user=request.user
        )
    except FilterNotKnown as unknown:
        raise ValidationError({unknown.field: [str(unknown.message)]}) from unknown


def _refuse_customers(params: dict[str, list[str]], request: SignedInApiRequest) -> None:
    """Numbers of texts by who wrote them would tell a program without the scope who that is.
    Raises ValidationError."""
    for name, texts in params.items():
        asked = name.removeprefix(OTHER)
        if asked in OF_CUSTOMER:
            raise ValidationError({name: [needs_a_scope("customer")]})
        if asked not in {"view", "compare"}:
            continue
        keys = [row_id(text.strip().removeprefix(WITH_VIEW)) for text in texts]
        views = SavedView.objects.visible_to(request.user).filter(pk__in=[pk for pk in keys if pk])
        if any(map(asks_about_customers, views)):
            raise ValidationError({name: [needs_a_scope("customer")]})


def may_see_answers(request: SignedInApiRequest) -> bool:
    token = request.auth
    return not isinstance(token, ApiToken) or Scope.SURVEYS_READ in token.scopes
