from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChecklistItem(models.Model):
    """One step of a task, to be ticked."""

    task = models.ForeignKey(
        "feedback.Task", models.CASCADE, related_name="items", verbose_name=_("task")
    )
    text = models.CharField(_("step"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )

    class Meta:
        verbose_name = _("step of a task")
        verbose_name_plural = _("steps of a task")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text
