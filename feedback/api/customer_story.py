"""/customers/{id}/story/ and /organisations/{id}/story/: everything that happened, over all
channels."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.enums import Scope
from accounts.models import ApiToken, Customer, Organisation
from feedback.selectors.customer_story import Story, story_of_customers
from feedback.selectors.customers import preference_of

PEOPLE_AT_MOST = 500  # as on the page of an organisation
BEFORE = OpenApiParameter(
    "before", OpenApiTypes.DATETIME, description="Only what was earlier: `older` of a page."
)


class MomentSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    more = serializers.CharField(allow_blank=True)
    channel = serializers.CharField(allow_blank=True)
    customer = serializers.IntegerField(source="customer_id", allow_null=True)
    note = serializers.IntegerField(source="note_id", allow_null=True)


class PreferenceSerializer(serializers.Serializer[Any]):
    channel = serializers.CharField(source="label")
    is_stated = serializers.BooleanField(help_text=_("They said so; else it is what they do."))


class StorySerializer(serializers.Serializer[Any]):
    moments = MomentSerializer(many=True)
    older = serializers.DateTimeField(
        allow_null=True, help_text=_("There is more: ask again with ?before= of this moment.")
    )


class CustomerStorySerializer(StorySerializer):
    preference = PreferenceSerializer(allow_null=True)


class _Stories(viewsets.GenericViewSet[Any]):
    serializer_class = StorySerializer
    pagination_class = None
    filterset_class = None
    read_scope, read_permission = "customers:read", "accounts.view_customer"
    request: SignedInApiRequest

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """It holds what was written to us: the right to read feedback is asked for, too."""
        super().initial(request, *args, **kwargs)
        token: Any = request.auth
        if isinstance(token, ApiToken) and Scope.FEEDBACK_READ not in token.scopes:
            words = _("This token lacks the scope “%(scope)s”.")
            raise PermissionDenied(words % {"scope": Scope.FEEDBACK_READ})

    def story(self, customers: list[int]) -> Story:
        given, before = self.request.query_params.get("before"), None
        if given is not None:
            try:
                before = serializers.DateTimeField().run_validation(given)
            except ValidationError as wrong:
                raise ValidationError({"before": wrong.detail}) from wrong
        return story_of_customers(customers, self.request.user, before=before)


class CustomerStoryViewSet(_Stories):
    @extend_schema(
        summary="Everything that happened with a customer, newest first",
        parameters=[BEFORE],
        responses=CustomerStorySerializer,
    )
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        customer = get_object_or_404(Customer.objects.known(), pk=pk)
        story = self.story([customer.pk])
        preference = preference_of(customer)
        told = {"moments": story.moments, "older": story.older, "preference": preference}
        return Response(CustomerStorySerializer(told).data)


class OrganisationStoryViewSet(_Stories):
    @extend_schema(
        summary="Everything that happened with the people of an organisation, newest first",
        parameters=[BEFORE],
        responses=StorySerializer,
    )
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        organisation = get_object_or_404(Organisation, pk=pk)
        people = Customer.objects.known().filter(organisation=organisation).order_by("-pk")
        story = self.story(list(people.values_list("pk", flat=True)[:PEOPLE_AT_MOST]))
        return Response(StorySerializer(story).data)
