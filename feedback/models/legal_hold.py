from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LegalHold(models.Model):
    """Nothing of this record may be removed as long as the row is there; its timeline tells who
    placed and lifted it. Of a whole customer: `Customer.held_at`."""

    feedback = models.OneToOneField(
        "feedback.Feedback", models.CASCADE, related_name="hold", verbose_name=_("feedback")
    )
    reason = models.CharField(_("because"), max_length=500)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    placed_by_name = models.CharField(_("name of the person"), max_length=120, blank=True)
    placed_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reason[:60]
