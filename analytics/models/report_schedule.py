from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from analytics.enums import ReportEvery, ReportLanguage


class ReportScheduleQuerySet(models.QuerySet["ReportSchedule"]):
    def due(self, today: date) -> ReportScheduleQuerySet:
        return self.filter(is_active=True, next_on__lte=today, owner__is_active=True)


class ReportSchedule(models.Model):
    """Drafts a report about each month or quarter on the first day after it, as its owner may
    see the records, and tells the owner. Written by services.report_schedules."""

    title = models.CharField(_("title"), max_length=160)
    every = models.CharField(_("how often"), max_length=10, choices=ReportEvery)
    language = models.CharField(_("language"), max_length=10, choices=ReportLanguage)
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    is_active = models.BooleanField(_("at work"), default=True)
    next_on = models.DateField(_("next draft on"))

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule of reports")
        verbose_name_plural = _("schedules of reports")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("analytics:report_schedules")
