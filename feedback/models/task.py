from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import Priority, TaskKind


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> TaskQuerySet:
        return self.filter(done_at=None)


class Task(models.Model):
    """Something to do for a record beside answering it, such as calling the customer back."""

    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="tasks", verbose_name=_("feedback")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=TaskKind)
    title = models.CharField(
        _("what is to be done"), max_length=120, blank=True, default="", db_default=""
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL
    )
    reason = models.CharField(_("because"), max_length=40, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignee"),
    )
    due_at = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    outcome = models.TextField(_("outcome"), blank=True)
    # What people said about it among themselves: internal notes of the record.
    notes = models.ManyToManyField(
        "feedback.Message", blank=True, related_name="+", verbose_name=_("notes")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("planned by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "kind"],
                condition=Q(done_at=None, kind="call_back"),
                name="a_customer_is_called_back_once",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="open_tasks_by_due", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.feedback_id}"
