"""/feedback/: records and their conversation."""

from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.people import StaffSerializer
from accounts.selectors.personal_data import UNCOVERED
from accounts.services.customers import find_or_create_customer
from config.kernel.api import InOrder
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.api.changes import ChangeActions
from feedback.api.commitments import CommitmentActions
from feedback.api.filters import FeedbackFilter
from feedback.api.merging import MergingActions
from feedback.api.negative import NegativeActions
from feedback.api.retention import HoldActions
from feedback.api.revealing import RevealActions
from feedback.api.serializers import (
    AnswerSerializer,
    FeedbackSerializer,
    FieldsSerializer,
    MessageSerializer,
    NewFeedbackSerializer,
    NoteSerializer,
    ReopenSerializer,
    ResolveSerializer,
    SnoozeSerializer,
)
from feedback.api.service_levels import ClockSerializer
from feedback.api.tasks import TaskActions
from feedback.api.together import TogetherActions
from feedback.api.unsent import UnsentActions
from feedback.enums import Channel, State
from feedback.models import Feedback, Message, SLAClock, Tag
from feedback.selectors.following import followers_of
from feedback.services.claiming import claim_next
from feedback.services.commitments import note_told
from feedback.services.custom_values import set_custom_values
from feedback.services.following import follow, unfollow
from feedback.services.form_definitions import receive_through_form
from feedback.services.intake import receive_feedback
from feedback.services.reopening import reopen_closed
from feedback.services.replies import add_note, send_reply
from feedback.services.snoozing import snooze_feedback, wake_feedback
from feedback.services.workflow import reopen_feedback, resolve_feedback


class Conversation(InOrder):
    ordering = ("created_at", "id")


class Clocks(InOrder):
    ordering = ("started_at", "id")


@extend_schema_view(
    list=extend_schema(
        summary="List feedback, newest first",
        description="Custom fields filter too: `field.colour=red`, `field.weight.from=2`, of the "
        "customer `customer.field.size.to=50` (docs/fields.md).",
    ),
    retrieve=extend_schema(summary="One record"),
)
class FeedbackViewSet(
    ChangeActions,
    HoldActions,
    CommitmentActions,
    TaskActions,
    NegativeActions,
    UnsentActions,
    RevealActions,
    MergingActions,
    TogetherActions,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
):
    queryset = Feedback.objects.none()
    serializer_class = FeedbackSerializer
    filterset_class = FeedbackFilter
    ordering_fields = ["received_at", "number"]
    lookup_field = "number"
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_feedback"
    permission_by_action = {
        "create": "feedback.add_feedback",
        "reply": "feedback.reply_feedback",
        "plan_task": "feedback.change_task",
        "be_present": "feedback.view_feedback",
        "leave": "feedback.view_feedback",
        "schedule": "feedback.reply_feedback",
        "copy_draft": "feedback.reply_feedback",
        "recall": "feedback.reply_feedback",
        "reveal": "accounts.reveal_personal_data",
        "hold": "feedback.add_legalhold",
        "release": "feedback.add_legalhold",
    }
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Feedback]:
        visible = Feedback.objects.visible_to(self.request.user).for_record_page()
        return visible.prefetch_related("tags", "customer__contact_points")

    @extend_schema(
        summary="Bring feedback in",
        request=NewFeedbackSerializer,
        responses={201: FeedbackSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = NewFeedbackSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        writer = given.pop("customer")
        customer = writer.get("id") or find_or_create_customer(
            kind=writer["kind"],
            value=writer["value"],
            name=writer["name"],
            language=given["language"],
        )
        given |= {"channel": Channel.API, "customer": customer, "by": request.user}
        form = given.pop("form")
        if form is None:
            return Response(self._shown(receive_feedback(**given), is_new=True), status=201)
        if "priority" not in request.data:
            given["priority"] = None
        feedback = receive_through_form(form, **given)
        return Response(self._shown(feedback, is_new=True), status=201)

    @extend_schema(
        summary="The conversation, oldest first", responses=MessageSerializer(many=True)
    )
    @action(detail=True, filterset_class=None, ordering_fields=None, pagination_class=Conversation)
    def messages(self, request: Request, number: int) -> Response:
        feedback = self.get_object()
        messages: Any = Message.objects.in_conversation_of(feedback)
        page: Any = self.paginate_queryset(
            messages.select_related("outgoing").prefetch_related("attachments")
        )
        return self.get_paginated_response(self._said(page, many=True))

    @extend_schema(
        summary="What was promised and when it is due, oldest first",
        responses=ClockSerializer(many=True),
    )
    @action(detail=True, filterset_class=None, ordering_fields=None, pagination_class=Clocks)
    def clocks(self, request: Request, number: int) -> Response:
        rows: Any = SLAClock.objects.filter(feedback=self.get_object()).select_related("policy")
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(ClockSerializer(page, many=True).data)

    @extend_schema(
        summary="Answer the customer",
        request=AnswerSerializer,
        responses={201: MessageSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def reply(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = AnswerSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        told_of = given.pop("commitment", None)
        message = send_reply(self.get_object().pk, by=request.user, **given)
        if told_of is not None:
            note_told(told_of, message=message)
        return Response(self._said(message), status=201)

    @extend_schema(
        summary="Add a note that the customer never sees",
        request=NoteSerializer,
        responses={201: MessageSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def note(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = NoteSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        note = add_note(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(self._said(note), status=201)

    @extend_schema(
        summary="Write into custom fields: only those that are named",
        request=FieldsSerializer,
        responses=FeedbackSerializer,
    )
    @action(detail=True, methods=["patch"])
    def fields(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        context = {**self.get_serializer_context(), "stored_values": feedback.custom}
        wanted = FieldsSerializer(data=request.data, context=context)
        wanted.is_valid(raise_exception=True)
        changed = set_custom_values(feedback.pk, by=request.user, **wanted.validated_data)
        return Response(self._shown(changed))

    @extend_schema(
        summary="Resolve", request=ResolveSerializer, responses={200: FeedbackSerializer}
    )
    @action(detail=True, methods=["post"])
    def resolve(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = ResolveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        feedback = resolve_feedback(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(self._shown(feedback))

    @extend_schema(
        summary="Snooze until a time",
        description=(
            "Out of the lists of work until then; back at once when the customer writes or the "
            "status changes. What was promised is due all the same. Refused with “not_open” and "
            "“time_has_passed”."
        ),
        request=SnoozeSerializer,
        responses={200: FeedbackSerializer},
    )
    @action(detail=True, methods=["post"])
    def snooze(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = SnoozeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        feedback = snooze_feedback(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(self._shown(feedback))

    @extend_schema(
        summary="Reopen what was resolved, or closed for good",
        description=(
            "The latter needs a permission of its own; without it, “step_not_allowed”. "
            "What is open stays as it is."
        ),
        request=ReopenSerializer,
        responses={200: FeedbackSerializer},
    )
    @action(detail=True, methods=["post"])
    def reopen(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = ReopenSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        feedback: Feedback = self.get_object()
        if feedback.is_open:
            return Response(self._shown(feedback))
        may = request.user.has_perm("feedback.reopen_closed_feedback")
        again = reopen_closed if may and feedback.state == State.CLOSED else reopen_feedback
        again(feedback.pk, by=request.user, **wanted.validated_data)
        return Response(self._shown(feedback))

    @extend_schema(summary="Snooze no longer", request=None, responses={200: FeedbackSerializer})
    @action(detail=True, methods=["post"])
    def wake(self, request: SignedInApiRequest, number: int) -> Response:
        return Response(self._shown(wake_feedback(self.get_object().pk, by=request.user)))

    @extend_schema(
        methods=["GET"],
        summary="Who follows the record",
        responses={200: StaffSerializer(many=True)},
    )
    @extend_schema(
        methods=["POST"],
        summary="Follow the record",
        request=None,
        responses={200: StaffSerializer(many=True)},
    )
    @extend_schema(
        methods=["DELETE"],
        summary="Stop following the record",
        responses={200: StaffSerializer(many=True)},
    )
    @action(
        detail=True,
        methods=["get", "post", "delete"],
        filterset_class=None,
        ordering_fields=None,
        pagination_class=None,
    )
    def followers(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        if request.method == "POST":
            follow(feedback.pk, by=request.user)
        elif request.method == "DELETE":
            unfollow(feedback.pk, by=request.user)
        return Response(StaffSerializer(followers_of(feedback), many=True).data)

    @extend_schema(
        summary="Take the next record that nobody has",
        description="The one that is due first, in your teams. 204 when there is none.",
        request=None,
        responses={200: FeedbackSerializer, 204: None},
    )
    @action(detail=False, methods=["post"], filterset_class=None, ordering_fields=None)
    def claim(self, request: SignedInApiRequest) -> Response:
        taken = claim_next(by=request.user)
        return Response(status=204) if taken is None else Response(self._shown(taken))

    def _said(self, message: Any, *, many: bool = False) -> Any:
        context = self.get_serializer_context()
        return MessageSerializer(message, many=many, context=context).data

    def _shown(self, feedback: Feedback, *, is_new: bool = False) -> Any:
        if is_new:  # it is all in our hands but the tags, and it has none
            prefetch_related_objects([feedback], Prefetch("tags", Tag.objects.none()))
            judged: Any = Feedback._meta.get_field("quality")
            judged.set_cached_value(feedback, None)  # nobody has yet
            context = {**self.get_serializer_context(), "covers": UNCOVERED}  # their own words
            return FeedbackSerializer(feedback, context=context).data
        # Also when the caller's teams may not see where it went: they brought it in.
        full = Feedback.objects.for_record_page().prefetch_related(
            "tags", "customer__contact_points"
        )
        return self.get_serializer(full.get(pk=feedback.pk)).data
