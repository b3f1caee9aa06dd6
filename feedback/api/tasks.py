"""Tasks with their steps, and checklists, for programs."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.covered import CoveredField
from accounts.api.people import StaffSerializer
from accounts.models import User
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, ChoiceNameField, MomentField, TextField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.enums import Priority, TaskKind
from feedback.models import ChecklistItem, ChecklistTemplate, Feedback, Message, Task
from feedback.selectors.tasks import WHOSE, tasks_for_list, tasks_visible_to
from feedback.services.checklists import add_item, remove_item, tick_item
from feedback.services.followup import finish_task
from feedback.services.tasks import give_task, note_on_task, plan_task, postpone_task


class StepSerializer(serializers.ModelSerializer[ChecklistItem]):
    class Meta:
        model = ChecklistItem
        fields = ["id", "text", "done_at"]
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer[Task]):
    feedback = serializers.IntegerField(source="feedback.number", read_only=True)
    kind = serializers.ChoiceField(TaskKind.choices, read_only=True)
    priority = ChoiceNameField(Priority, read_only=True)
    assignee = StaffSerializer(read_only=True, allow_null=True)
    steps = StepSerializer(source="items", many=True, read_only=True)

    class Meta:
        model = Task
        fields = [
            "id", "feedback", "kind", "title", "reason", "priority", "assignee", "due_at",
            "steps", "done_at", "outcome", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewTaskSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(TaskKind.choices)
    title = serializers.CharField(max_length=120, default="", allow_blank=True)
    reason = serializers.CharField(max_length=40, default="", allow_blank=True)
    due_at = MomentField()
    assignee = BigId(queryset=User.objects.filter(is_active=True), default=None, allow_null=True)
    priority = ChoiceNameField(Priority, default=Priority.NORMAL)
    checklist = BigId(queryset=ChecklistTemplate.objects.active(), default=None, allow_null=True)


class TaskDoneSerializer(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=2000)


class TaskLaterSerializer(serializers.Serializer[Any]):
    due_at = MomentField()
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class TaskForSerializer(serializers.Serializer[Any]):
    assignee = BigId(queryset=User.objects.filter(is_active=True), allow_null=True)


class NewStepSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200)


class TickSerializer(serializers.Serializer[Any]):
    step = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    done = serializers.BooleanField(default=True)


class NoteField(CoveredField, TextField):
    """Written as it is, read covered."""


class TaskNoteSerializer(serializers.ModelSerializer[Message]):
    """A note about a task; it stands in the conversation of the record, too."""

    author = serializers.CharField(source="author_name", read_only=True)
    text = NoteField(inside=True, read_only=False, max_length=5000)

    class Meta:
        model = Message
        fields = ["id", "author", "text", "created_at"]
        read_only_fields = ["id", "created_at"]


class TaskFilter(filters.FilterSet):
    whose = filters.ChoiceFilter(
        choices=[(name, name) for name in WHOSE],
        method="of_list",
        label=_("A list of the desk; done tasks are in “done” only"),
    )
    kind = filters.ChoiceFilter(choices=TaskKind.choices)
    feedback = filters.NumberFilter(
        "feedback__number", min_value=1, max_value=2**63 - 1, decimal_places=0
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def of_list(self, queryset: Any, name: str, value: str) -> Any:
        listed = tasks_for_list(self.request.user, value)
        return queryset.filter(pk__in=listed.order_by().values("pk"))


class Tasks(InOrder):
    ordering = ("id",)


class AsWritten(InOrder):
    ordering = ("created_at", "id")


class TaskActions(viewsets.GenericViewSet[Feedback]):
    """Of one record: what is to be done beside answering."""

    request: SignedInApiRequest

    @extend_schema(
        summary="Plan a task",
        request=NewTaskSerializer,
        responses={201: TaskSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], url_path="tasks")
    @idempotent
    def plan_task(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = NewTaskSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        task = plan_task(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(TaskSerializer(task).data, status=201)


@extend_schema_view(
    list=extend_schema(summary="List the tasks you may see, oldest first"),
    retrieve=extend_schema(summary="One task"),
)
class TaskViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Task]):
    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    pagination_class = Tasks
    filterset_class = TaskFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_task"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Task]:
        visible = tasks_visible_to(self.request.user)
        return visible.select_related("feedback", "assignee").prefetch_related("items")

    @extend_schema(
        summary="It is done", request=TaskDoneSerializer, responses={200: TaskSerializer}
    )
    @action(detail=True, methods=["post"])
    def done(self, request: SignedInApiRequest, pk: int) -> Response:
        return self._do(finish_task, TaskDoneSerializer)

    @extend_schema(
        summary="Put it off", request=TaskLaterSerializer, responses={200: TaskSerializer}
    )
    @action(detail=True, methods=["post"])
    def postpone(self, request: SignedInApiRequest, pk: int) -> Response:
        return self._do(postpone_task, TaskLaterSerializer)

    @extend_schema(
        summary="Give it to somebody", request=TaskForSerializer, responses={200: TaskSerializer}
    )
    @action(detail=True, methods=["post"])
    def give(self, request: SignedInApiRequest, pk: int) -> Response:
        return self._do(give_task, TaskForSerializer)

    @extend_schema(
        summary="Add a step", request=NewStepSerializer, responses={200: TaskSerializer}
    )
    @action(detail=True, methods=["post"])
    def steps(self, request: SignedInApiRequest, pk: int) -> Response:
        return self._do(add_item, NewStepSerializer)

    @extend_schema(
        summary="Tick a step, or take that back",
        request=TickSerializer,
        responses={200: TaskSerializer},
    )
    @action(detail=True, methods=["post"])
    def tick(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self.get_object()
        wanted = TickSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        item = get_object_or_404(
            ChecklistItem.objects.filter(task=one), pk=wanted.validated_data["step"]
        )
        tick_item(item.pk, by=request.user, done=wanted.validated_data["done"])
        return self._shown(one)

    @extend_schema(summary="Take a step away", responses={200: TaskSerializer})
    @action(detail=True, methods=["delete"], url_path="steps/<int:step>")
    def remove_step(self, request: SignedInApiRequest, pk: int, step: int) -> Response:
        one = self.get_object()
        item = get_object_or_404(ChecklistItem.objects.filter(task=one), pk=step)
        remove_item(item.pk, by=request.user)
        return self._shown(one)

    @extend_schema(
        methods=["GET"], summary="Notes about a task", responses=TaskNoteSerializer(many=True)
    )
    @extend_schema(
        methods=["POST"],
        summary="Write a note about a task",
        request=TaskNoteSerializer,
        responses={201: TaskNoteSerializer},
    )
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=AsWritten)
    def notes(self, request: SignedInApiRequest, pk: int) -> Response:
        one, context = self.get_object(), self.get_serializer_context()
        if request.method == "POST":
            wanted = TaskNoteSerializer(data=request.data, context=context)
            wanted.is_valid(raise_exception=True)
            note = note_on_task(one.pk, by=request.user, **wanted.validated_data)
            return Response(TaskNoteSerializer(note, context=context).data, status=201)
        rows: Any = one.notes.all()
        page: Any = self.paginate_queryset(rows)
        shown = TaskNoteSerializer(page, many=True, context=context)
        return self.get_paginated_response(shown.data)

    def _do(self, service: Any, serializer: type[serializers.Serializer[Any]]) -> Response:
        one = self.get_object()
        wanted = serializer(data=self.request.data)
        wanted.is_valid(raise_exception=True)
        service(one.pk, by=self.request.user, **wanted.validated_data)
        return self._shown(one)

    def _shown(self, task: Task) -> Response:
        rows = Task.objects.select_related("feedback", "assignee").prefetch_related("items")
        return Response(TaskSerializer(rows.get(pk=task.pk)).data)
