from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.enums import Verdict
from surveys.models.response import Response


class QualityCheckQuerySet(models.QuerySet["QualityCheck"]):
    def flagged(self) -> QualityCheckQuerySet:
        return self.filter(score__gt=0)

    def of_those_who(self, user: Any) -> QualityCheckQuerySet:
        """What a member of staff may see."""
        if user.is_active and user.has_perm("accounts.view_every_team"):
            return self
        return self.filter(response__in=Response.objects.visible_to(user))


class QualityCheck(models.Model):
    """What was found about a complete response, and what was decided about it. Whether it counts
    stands on the response (`is_counted`); services.deciding keeps both in step."""

    response = models.OneToOneField(
        "surveys.Response",
        models.CASCADE,
        primary_key=True,
        related_name="quality",
        verbose_name=_("response"),
    )
    survey = models.ForeignKey(
        "surveys.Survey",
        models.CASCADE,
        related_name="+",
        db_index=False,  # only those with flags are ever listed
        verbose_name=_("survey"),
    )
    flags = ArrayField(models.CharField(max_length=20), verbose_name=_("flags"), default=list)
    # [{flag, weight, where, figures}], see rules.quality.Found.
    found = models.JSONField(_("what was found"), default=list)
    score = models.PositiveSmallIntegerField(pgettext_lazy("of quality", "points"), default=0)
    # Digests by which later responses find this one.
    traces = ArrayField(models.BigIntegerField(), verbose_name=_("traces"), default=list)
    is_held = models.BooleanField(pgettext_lazy("of a response", "held back"), default=False)
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)
    verdict = models.CharField(
        _("decision"), max_length=9, choices=Verdict, default=Verdict.OPEN, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = QualityCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("quality of a response")
        verbose_name_plural = _("quality of responses")
        indexes = [
            GinIndex(fields=["traces"], name="quality_traces"),
            models.Index(
                fields=["survey", "-response"], name="quality_flagged", condition=Q(score__gt=0)
            ),
            models.Index(
                fields=["survey", "-response"],
                name="quality_decided",
                condition=~Q(verdict=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.score}"


class QualityDecision(models.Model):
    """One decision about a response; the newest one stands, and none is ever changed."""

    response = models.ForeignKey(
        "surveys.Response",
        models.CASCADE,
        related_name="decisions",
        verbose_name=_("response"),
    )
    verdict = models.CharField(_("decision"), max_length=9, choices=Verdict, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("decision about a response")
        verbose_name_plural = _("decisions about responses")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.get_verdict_display()}"
