"""Tasks with their steps, and checklists, for programs."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.people import StaffSerializer
from accounts.models import User
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, ChoiceNameField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.enums import Priority, TaskKind
from feedback.models import ChecklistItem, ChecklistTemplate, Feedback, Task
from feedback.selectors.tasks import tasks_visible_to
from feedback.services.checklists import add_item, tick_item
from feedback.services.followup import finish_task
from feedback.services.tasks import give_task, plan_task, postpone_task


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


class ChecklistSerializer(serializers.ModelSerializer[ChecklistTemplate]):
    kind = serializers.ChoiceField(TaskKind.choices, read_only=True, allow_blank=True)
    steps_zh = serializers.SerializerMethodField()
    steps_en = serializers.SerializerMethodField()

    class Meta:
        model = ChecklistTemplate
        fields = ["id", "name_zh", "name_en", "kind", "steps_zh", "steps_en"]

    def get_steps_zh(self, one: ChecklistTemplate) -> list[str]:
        return one.steps_in("zh-hans")

    def get_steps_en(self, one: ChecklistTemplate) -> list[str]:
        return one.steps_in("en")


class NewTaskSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(TaskKind.choices)
    title = serializers.CharField(max_length=120, default="", allow_blank=True)
    reason = serializers.CharField(max_length=40, default="", allow_blank=True)
    due_at = serializers.DateTimeField()
    assignee = BigId(queryset=User.objects.filter(is_active=True), default=None, allow_null=True)
    priority = ChoiceNameField(Priority, default=Priority.NORMAL)
    checklist = BigId(queryset=ChecklistTemplate.objects.active(), default=None, allow_null=True)


class TaskDoneSerializer(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=2000)


class TaskLaterSerializer(serializers.Serializer[Any]):
    due_at = serializers.DateTimeField()
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class TaskForSerializer(serializers.Serializer[Any]):
    assignee = BigId(queryset=User.objects.filter(is_active=True), allow_null=True)


class NewStepSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200)


class TickSerializer(serializers.Serializer[Any]):
    step = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    done = serializers.BooleanField(default=True)


class Tasks(InOrder):
    ordering = ("id",)


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
    filterset_class = None
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

    def _do(self, service: Any, serializer: type[serializers.Serializer[Any]]) -> Response:
        one = self.get_object()
        wanted = serializer(data=self.request.data)
        wanted.is_valid(raise_exception=True)
        service(one.pk, by=self.request.user, **wanted.validated_data)
        return self._shown(one)

    def _shown(self, task: Task) -> Response:
        rows = Task.objects.select_related("feedback", "assignee").prefetch_related("items")
        return Response(TaskSerializer(rows.get(pk=task.pk)).data)


@extend_schema_view(
    list=extend_schema(summary="List the checklists in use"),
    retrieve=extend_schema(summary="One checklist"),
)
class ChecklistViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[ChecklistTemplate],
):
    queryset = ChecklistTemplate.objects.active()
    serializer_class = ChecklistSerializer
    pagination_class = Tasks
    lookup_value_converter = "int"
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
