"""Steps of tasks, and the checklists that they are copied from."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.kernel.archiving import bring_back
from config.kernel.errors import DomainError
from feedback.enums import TaskKind, TimelineKind
from feedback.errors import AlreadyDone
from feedback.models import ChecklistItem, ChecklistTemplate, Task
from feedback.services.records import lock, tell

MOST_STEPS = 40

# kind, name zh/en, steps zh/en
DEFAULTS = [
    (
        TaskKind.CALL_BACK,
        "回访电话",
        "Call-back",
        "确认问题是否已经解决\n记录客户的评价和建议\n说明后续安排",
        "Ask whether it is solved\nWrite down what the customer says\nSay what happens next",
    ),
    (
        TaskKind.INVESTIGATE,
        "查明原因",
        "Find out why",
        "核对订单、批次和使用情况\n联系相关部门\n写明原因和建议",
        (
            "Check order, batch and how it was used\nAsk the department concerned\n"
            "Write down the cause and what you suggest"
        ),
    ),
]


class ChecklistNotUsable(DomainError):
    code = "checklist_not_usable"


def begin_checklist(task: Task, template: ChecklistTemplate | None) -> None:
    """Inside another service: give a new task its steps, in the language of whoever plans it."""
    if template is None:
        offered = ChecklistTemplate.objects.active().filter(kind=task.kind)
        template = offered.order_by("pk").first()
    if template is not None:
        _write(task, template.steps_in(get_language() or ""))


def _write(task: Task, texts: Iterable[str]) -> None:
    ChecklistItem.objects.bulk_create(
        ChecklistItem(task=task, text=text[:200], order=order)
        for order, text in enumerate(texts, 1)
    )


@transaction.atomic
def tick_item(item_id: int, *, by: User, done: bool) -> ChecklistItem:
    """Tick a step, or take that back; ticking twice changes nothing. Raises AlreadyDone once the
    task is done."""
    item = ChecklistItem.objects.select_related("task").get(pk=item_id)
    feedback = lock(item.task.feedback_id)
    item = (
        ChecklistItem.objects.select_for_update(of=["self"]).select_related("task").get(pk=item_id)
    )
    if item.task.done_at is not None:
        raise AlreadyDone
    if done == (item.done_at is not None):
        return item
    item.done_at, item.done_by = (timezone.now(), by) if done else (None, None)
    item.save(update_fields=["done_at", "done_by"])
    tell(feedback, TimelineKind.TASK, by=by, note=item.text, task=item.task_id, ticked=done)
    return item


@transaction.atomic
def add_item(task_id: int, *, by: User, text: str) -> ChecklistItem:
    """One more step at the end. Raises AlreadyDone, ChecklistNotUsable."""
    feedback = lock(Task.objects.values_list("feedback", flat=True).get(pk=task_id))
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.done_at is not None:
        raise AlreadyDone
    if not text.strip():
        raise ChecklistNotUsable(_("Write down the step."))
    count = task.items.count()
    if count >= MOST_STEPS:
        raise ChecklistNotUsable(_("A checklist has at most 40 steps."))
    item = task.items.create(text=text.strip()[:200], order=count + 1)
    tell(feedback, TimelineKind.TASK, by=by, note=item.text, task=task.pk, step="added")
    return item


@transaction.atomic
def remove_item(item_id: int, *, by: User) -> None:
    """Raises AlreadyDone once the task is done."""
    item = ChecklistItem.objects.select_related("task").get(pk=item_id)
    feedback = lock(item.task.feedback_id)
    if Task.objects.get(pk=item.task_id).done_at is not None:
        raise AlreadyDone
    item.delete()
    tell(feedback, TimelineKind.TASK, by=by, note=item.text, task=item.task_id, step="removed")


# --- the prepared ones ------------------------------------------------------------------------
@transaction.atomic
def save_checklist(template: ChecklistTemplate) -> ChecklistTemplate:
    """Raises ChecklistNotUsable without steps, with too many, when the two languages have
    different numbers of them, or when its kind has a checklist already."""
    chinese, english = template.steps_in("zh-hans"), template.steps_in("en")
    if not chinese:
        raise ChecklistNotUsable(_("Write one step in each line."))
    if len(chinese) != len(english):
        raise ChecklistNotUsable(_("Both languages need the same number of steps."))
    if len(chinese) > MOST_STEPS:
        raise ChecklistNotUsable(_("A checklist has at most 40 steps."))
    same = ChecklistTemplate.objects.active().filter(kind=template.kind).exclude(pk=template.pk)
    if template.kind and same.exists():
        raise ChecklistNotUsable(_("There is a checklist for tasks of this kind already."))
    template.save()
    return template


@transaction.atomic
def archive_checklist(template: ChecklistTemplate) -> bool:
    """Out of use; tasks that began with it keep their steps. Always False: it is kept."""
    template.archived_at = template.archived_at or timezone.now()
    template.save(update_fields=["archived_at"])
    return False


@transaction.atomic
def bring_back_checklist(template: ChecklistTemplate) -> None:
    """Raises ChecklistNotUsable when its kind has another one meanwhile."""
    same = ChecklistTemplate.objects.active().filter(kind=template.kind)
    if template.kind and same.exists():
        raise ChecklistNotUsable(_("There is a checklist for tasks of this kind already."))
    bring_back(template)


def ensure_checklists() -> None:
    """Only where there are none at all."""
    if ChecklistTemplate.objects.exists():
        return
    for kind, zh, en, steps_zh, steps_en in DEFAULTS:
        ChecklistTemplate.objects.create(
            kind=kind, name_zh=zh, name_en=en, steps_zh=steps_zh, steps_en=steps_en
        )
