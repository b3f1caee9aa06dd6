from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def pdf_path(version: ReportVersion, _name: str) -> str:
    return f"reports/{version.report_id}-{version.number}.pdf"


class ReportVersion(models.Model):
    """A report as it was issued: every sentence, number and chart as it was then."""

    report = models.ForeignKey(
        "analytics.Report", models.CASCADE, related_name="versions", verbose_name=_("report")
    )
    number = models.PositiveIntegerField(_("number"))
    # See rules.report.document.
    document = models.JSONField(_("document"))
    # What of personal data was found in it, and left by whoever issued it: {kind: how often}.
    tells = models.JSONField(_("personal data in it"), default=dict, blank=True)
    file = models.FileField(_("PDF"), upload_to=pdf_path, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)

    class Meta:
        verbose_name = _("version of a report")
        verbose_name_plural = _("versions of reports")
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="versions_of_a_report_are_numbered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document.get('title', '')} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:report_version", args=[self.report_id, self.number])
