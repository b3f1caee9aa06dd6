from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.models.visible_evidence import visible_evidence


class ProblemEvidenceQuerySet(models.QuerySet["ProblemEvidence"]):
    def visible_to(self, user: Any) -> ProblemEvidenceQuerySet:
        """Of records and responses that one may see; spam and what was merged is none."""
        return visible_evidence(self, user)


class ProblemEvidence(models.Model):
    """A record or a response that shows a problem, perhaps with the words that do."""

    problem = models.ForeignKey(
        "analytics.Problem",
        models.CASCADE,
        related_name="evidence",
        verbose_name=_("problem"),
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
    quote = models.TextField(_("quoted words"), max_length=1000, blank=True)
    # Of the record or the response: figures are about days.
    said_at = models.DateTimeField(_("said"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    objects = ProblemEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-said_at", "-pk"]
        indexes = [models.Index(fields=["problem", "-said_at"], name="evidence_of_problem")]
        constraints = [
            models.CheckConstraint(
                name="evidence_is_a_record_or_a_response",
                condition=Q(feedback__isnull=False, response=None)
                | Q(feedback=None, response__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["problem", "feedback"],
                condition=Q(feedback__isnull=False),
                name="a_record_shows_a_problem_once",
            ),
            models.UniqueConstraint(
                fields=["problem", "response"],
                condition=Q(response__isnull=False),
                name="a_response_shows_a_problem_once",
            ),
        ]

    def __str__(self) -> str:
        return f"P-{self.problem_id} {self.said_at:%Y-%m-%d}"
