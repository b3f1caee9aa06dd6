"""/availability/: whether the person behind the token takes new work, and who stands in."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.enums import Availability
from accounts.models import User
from accounts.services.availability import set_availability
from config.kernel.api_fields import BigId, MomentField, StrictInput


class AvailabilitySerializer(StrictInput):
    availability = serializers.ChoiceField(Availability.choices)
    available_again_at = MomentField(
        allow_null=True, default=None, help_text=_("Empty: until it is changed.")
    )
    substitute = BigId(
        queryset=User.objects.filter(is_active=True),
        allow_null=True,
        default=None,
        help_text=_("While you are out of office, they get what would be given to you."),
    )


class AvailabilityViewSet(viewsets.GenericViewSet[User]):
    queryset = User.objects.none()
    serializer_class = AvailabilitySerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.view_feedback"
    request: SignedInApiRequest

    def get_object(self) -> User:
        return self.request.user

    @extend_schema(summary="Whether you take new work")
    def retrieve(self, request: SignedInApiRequest) -> Response:
        return self._shown(request.user)

    @extend_schema(
        summary="Say whether you take new work, until when not, and who stands in for you"
    )
    def update(self, request: SignedInApiRequest) -> Response:
        wanted = AvailabilitySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(wanted.validated_data)
        given["availability"] = Availability(given["availability"])
        return self._shown(set_availability(request.user.pk, **given))

    def _shown(self, user: User) -> Response:
        return Response(AvailabilitySerializer(user).data)
