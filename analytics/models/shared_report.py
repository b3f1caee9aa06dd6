from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.models.shared_results import new_token
from config.kernel.tokens import digest


class SharedReportQuerySet(models.QuerySet["SharedReport"]):
    def for_list(self) -> SharedReportQuerySet:
        return self.select_related("version", "withdrawn_by").prefetch_related("made_by")


class SharedReport(models.Model):
    """A link by which people who do not work here read one issued version of a report, until it
    ends or is withdrawn."""

    version = models.ForeignKey(
        "analytics.ReportVersion", models.CASCADE, related_name="links", verbose_name=_("version")
    )
    token = models.CharField(max_length=40, unique=True, default=new_token)
    password = models.CharField(_("password"), max_length=128, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    ends_at = models.DateTimeField(_("works until"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    last_opened_at = models.DateTimeField(_("last opened"), null=True)
    times_opened = models.PositiveIntegerField(_("times opened"), default=0)

    objects = SharedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared report")
        verbose_name_plural = _("shared reports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.made_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:shared_report", args=[self.token])

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def password_mark(self) -> str:
        """What a browser keeps once it knew the password; another password makes it void."""
        return digest(self.password)

    def works(self, now: datetime) -> bool:
        """Not once it ended, was withdrawn, or whoever made it may no longer write reports."""
        maker: Any = self.made_by
        if self.withdrawn_at is not None or now >= self.ends_at or maker is None:
            return False
        return bool(maker.is_active and maker.has_perm("analytics.change_report"))
