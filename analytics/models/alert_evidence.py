from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.models.visible_evidence import visible_evidence


class AlertEvidenceQuerySet(models.QuerySet["AlertEvidence"]):
    def visible_to(self, user: Any) -> AlertEvidenceQuerySet:
        """Of records and responses that one may see; spam and what was merged is none."""
        return visible_evidence(self, user)


class AlertEvidence(models.Model):
    """A record or a response that an alert counted, as it was on that day."""

    alert = models.ForeignKey(
        "analytics.Alert", models.CASCADE, related_name="evidence", verbose_name=_("alert")
    )
    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    response = models.ForeignKey(
        "surveys.Response",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("response"),
    )
    said_at = models.DateTimeField(_("said"))

    objects = AlertEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence of an alert")
        verbose_name_plural = _("evidence of alerts")
        ordering = ["-said_at", "-pk"]
        indexes = [models.Index(fields=["alert", "-said_at"], name="evidence_of_alert")]
        constraints = [
            models.CheckConstraint(
                name="an_alert_counts_records_or_responses",
                condition=Q(feedback__isnull=False, response=None)
                | Q(feedback=None, response__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["alert", "feedback"],
                condition=Q(feedback__isnull=False),
                name="an_alert_counts_a_record_once",
            ),
            models.UniqueConstraint(
                fields=["alert", "response"],
                condition=Q(response__isnull=False),
                name="an_alert_counts_a_response_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.said_at:%Y-%m-%d}"
