from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AutomationPauseQuerySet(models.QuerySet["AutomationPause"]):
    def on(self) -> AutomationPauseQuerySet:
        return self.filter(over_at=None)


class AutomationPause(models.Model):
    """No rule acts on this record until somebody says so (`over_at`): rules changed it too
    often."""

    feedback = models.OneToOneField(
        "feedback.Feedback",
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    at = models.DateTimeField(_("since"), default=timezone.now)
    over_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = AutomationPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("record left alone by rules")
        verbose_name_plural = _("records left alone by rules")

    def __str__(self) -> str:
        return str(self.feedback_id)
