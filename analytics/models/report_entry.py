from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import ReportStep


class ReportEntry(models.Model):
    """What happened to a report: append-only. `about` has codes and words that its line needs:
    {"part": kind}, {"version": number}, {"changes": [[what, before, now], …]}."""

    report = models.ForeignKey(
        "analytics.Report", models.CASCADE, related_name="entries", verbose_name=_("report")
    )
    kind = models.CharField(_("what"), max_length=10, choices=ReportStep)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    about = models.JSONField(_("about"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry in the history of a report")
        verbose_name_plural = _("histories of reports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.kind}"
