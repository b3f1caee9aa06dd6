"""Merging, splitting and linking records: actions of /feedback/{number}/."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.covered import CoveredField
from feedback.api.serializers import FeedbackSerializer
from feedback.enums import LinkSide
from feedback.models import Feedback, Message
from feedback.selectors.duplicates import Suggested, duplicates_of
from feedback.selectors.links import Linked, links_of
from feedback.services.forwards import make_author_customer
from feedback.services.links import (
    dismiss_duplicate,
    link_feedback,
    suggest_again,
    unlink_feedback,
)
from feedback.services.merging import merge_feedback, unmerge_feedback
from feedback.services.splitting import split_feedback, undo_split

NUMBER: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1}


class MergeSerializer(serializers.Serializer[Any]):
    into = serializers.IntegerField(**NUMBER, help_text=_("Number of the record that stays."))
    customers_may_differ = serializers.BooleanField(
        default=False, help_text=_("Needed where they are records of two customers.")
    )


class SplitSerializer(serializers.Serializer[Any]):
    message = serializers.IntegerField(
        **NUMBER, help_text=_("Id of the first message that goes into the new record.")
    )
    subject = serializers.CharField(max_length=255, default="", allow_blank=True)


class OfMessageSerializer(serializers.Serializer[Any]):
    message = serializers.IntegerField(**NUMBER, help_text=_("Id of the message."))


class LinkSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(**NUMBER, help_text=_("The other record."))
    side = serializers.ChoiceField(
        LinkSide.choices, default=LinkSide.RELATED, help_text=_("What the other record is.")
    )


class LinkedSerializer(serializers.Serializer[Linked]):
    number = serializers.IntegerField(source="other.number", read_only=True)
    subject = CoveredField(source="other.subject")
    side = serializers.ChoiceField(LinkSide.choices, read_only=True)


class SuggestedSerializer(serializers.Serializer[Suggested]):
    number = serializers.IntegerField(source="feedback.number", read_only=True)
    subject = CoveredField(source="feedback.subject")
    percent = serializers.IntegerField(
        read_only=True, help_text=_("How much of the words is the same.")
    )


class MergingActions(viewsets.GenericViewSet[Feedback]):
    """Beside what FeedbackViewSet does itself."""

    request: SignedInApiRequest

    @extend_schema(
        summary="Merge into another record",
        request=MergeSerializer,
        responses={200: FeedbackSerializer},
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = _given(MergeSerializer, request)
        target = merge_feedback(
            self.get_object().pk,
            into_id=self._other(wanted["into"]).pk,
            by=request.user,
            customers_may_differ=wanted["customers_may_differ"],
        )
        return Response(self._shown(target))

    @extend_schema(summary="Take a merge back", request=None, responses={200: FeedbackSerializer})
    @action(detail=True, methods=["post"])
    def unmerge(self, request: SignedInApiRequest, number: int) -> Response:
        return Response(self._shown(unmerge_feedback(self.get_object().pk, by=request.user)))

    @extend_schema(
        summary="Make a record of a message and all after it",
        request=SplitSerializer,
        responses={201: FeedbackSerializer},
    )
    @action(detail=True, methods=["post"])
    def split(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = _given(SplitSerializer, request)
        message = Message.objects.filter(feedback=self.get_object(), pk=wanted["message"]).first()
        if message is None:
            raise NotFound
        new = split_feedback(message.pk, by=request.user, subject=wanted["subject"])
        return Response(self._shown(new), status=201)

    @extend_schema(
        summary="Give the record to whoever wrote the mail that a message forwards",
        description="`forwarded` of the message says who that is. Nothing is sent.",
        request=OfMessageSerializer,
        responses={200: FeedbackSerializer},
    )
    @action(detail=True, methods=["post"], url_path="forwarded-author")
    def forwarded_author(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = _given(OfMessageSerializer, request)
        message = Message.objects.filter(feedback=self.get_object(), pk=wanted["message"]).first()
        if message is None:
            raise NotFound
        return Response(self._shown(make_author_customer(message.pk, by=request.user)))

    @extend_schema(
        summary="Take a split back",
        description="The address names the record that was made; gives the one that has its "
        "messages again.",
        request=None,
        responses={200: FeedbackSerializer},
    )
    @action(detail=True, methods=["post"])
    def unsplit(self, request: SignedInApiRequest, number: int) -> Response:
        return Response(self._shown(undo_split(self.get_object().pk, by=request.user)))

    @extend_schema(
        methods=["GET"], summary="Linked records", responses={200: LinkedSerializer(many=True)}
    )
    @extend_schema(
        methods=["POST"],
        summary="Link another record",
        request=LinkSerializer,
        responses={201: LinkedSerializer(many=True)},
    )
    @action(
        detail=True,
        methods=["get", "post"],
        filterset_class=None,
        ordering_fields=None,
        pagination_class=None,
    )
    def links(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        status = 200
        if request.method == "POST":
            wanted = _given(LinkSerializer, request)
            other = self._other(wanted["number"])
            side = LinkSide(wanted["side"])
            link_feedback(feedback.pk, other_id=other.pk, side=side, by=request.user)
            status = 201
        found: Any = links_of(feedback, request.user)
        return Response(
            LinkedSerializer(found, many=True, context=self.get_serializer_context()).data,
            status=status,
        )

    @extend_schema(summary="Take a link away", responses={204: None})
    @action(
        detail=True,
        methods=["delete"],
        url_path="links/<int:other>",
        filterset_class=None,
        ordering_fields=None,
    )
    def unlink(self, request: SignedInApiRequest, number: int, other: int) -> Response:
        for one in links_of(self.get_object(), request.user):
            if one.other.number == other:
                unlink_feedback(one.link_id, by=request.user)
                return Response(status=204)
        raise NotFound

    @extend_schema(summary="Likely duplicates", responses={200: SuggestedSerializer(many=True)})
    @action(detail=True, filterset_class=None, ordering_fields=None, pagination_class=None)
    def duplicates(self, request: SignedInApiRequest, number: int) -> Response:
        found: Any = duplicates_of(self.get_object(), request.user)
        return Response(
            SuggestedSerializer(found, many=True, context=self.get_serializer_context()).data
        )

    @extend_schema(
        methods=["PUT"],
        summary="Say that two records are no duplicates",
        request=None,
        responses={204: None},
    )
    @extend_schema(
        methods=["DELETE"], summary="Let them be suggested again", responses={204: None}
    )
    @action(
        detail=True,
        methods=["put", "delete"],
        url_path="not-a-duplicate-of/<int:other>",
        filterset_class=None,
        ordering_fields=None,
    )
    def not_a_duplicate(self, request: SignedInApiRequest, number: int, other: int) -> Response:
        here, there = self.get_object(), self._other(other)
        if request.method == "PUT":
            dismiss_duplicate(here.pk, other_id=there.pk, by=request.user)
        else:
            suggest_again(here.pk, other_id=there.pk)
        return Response(status=204)

    def _other(self, number: int) -> Feedback:
        visible = Feedback.objects.visible_to(self.request.user)
        other = visible.filter(number=number).first()
        if other is None:
            raise NotFound(_("There is no such record."))
        return other

    def _shown(self, feedback: Feedback, *, is_new: bool = False) -> Any:
        raise NotImplementedError


def _given(kind: type[serializers.Serializer[Any]], request: SignedInApiRequest) -> dict[str, Any]:
    wanted = kind(data=request.data)
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)
