from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import ReportLanguage, ReportState
from analytics.models.report_version import ReportVersion

READ, WRITE = "analytics.view_report", "analytics.change_report"
APPROVE = "analytics.approve_report"


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        """Issued ones for everybody who reads reports, and drafts for those who write them. What
        waits for a review is also there for those who approve."""
        if user.has_perm(WRITE):
            return self
        if not user.has_perm(READ):
            return self.none()
        seen = Exists(ReportVersion.objects.filter(report=OuterRef("pk")))
        waiting = Q(state=ReportState.IN_REVIEW)
        return self.filter(Q(seen) | waiting) if user.has_perm(APPROVE) else self.filter(seen)

    def for_list(self) -> ReportQuerySet:
        return self.select_related("owner").order_by("-last", "-pk")


class Report(models.Model):
    """A satisfaction report about a time. What it says stands in its parts; the numbers, charts
    and tables they name stand in `material`, gathered at `gathered_at` as its owner may see the
    records. What was issued is a version and never changes. Written by services.reports."""

    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=10, choices=ReportLanguage)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    # Parameters of the address of the dashboard: {"team": "5"}.
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    schedule = models.ForeignKey(
        "analytics.ReportSchedule",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("schedule"),
    )
    # See rules.report.material.
    material = models.JSONField(_("figures"), default=dict)
    gathered_at = models.DateTimeField(_("figures as of"), default=timezone.now)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        permissions = [("approve_report", "Can approve reports")]
        constraints = [
            models.CheckConstraint(
                name="a_report_ends_after_it_begins", condition=Q(last__gte=F("first"))
            ),
            models.UniqueConstraint(
                fields=["schedule", "first"], name="a_schedule_drafts_a_time_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("analytics:report", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it can be written in."""
        return self.state in {ReportState.DRAFT, ReportState.IN_REVIEW}

    @property
    def query(self) -> dict[str, list[str]]:
        """What it is about, as parameters of the dashboard's address."""
        found: dict[str, Any] = {"from": str(self.first), "to": str(self.last), **self.filters}
        return {name: [str(value)] for name, value in found.items()}
