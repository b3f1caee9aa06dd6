from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.models.shared_results import new_token


@pghistory.track(exclude=["token", "last_opened_at", "times_opened"])
class DashboardLink(models.Model):
    """A link by which people who do not work here read a dashboard: numbers and charts as
    `made_by` may see them, narrowed by `query`, until it ends or is withdrawn."""

    # The number of an own dashboard or the word of a ready one.
    board = models.CharField(_("dashboard"), max_length=40, db_index=True)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    query = models.CharField(_("filters"), max_length=2000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    ends_at = models.DateTimeField(_("works until"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    last_opened_at = models.DateTimeField(_("last opened"), null=True)
    times_opened = models.PositiveIntegerField(_("times opened"), default=0)

    class Meta:
        verbose_name = _("link to a dashboard")
        verbose_name_plural = _("links to dashboards")

    def __str__(self) -> str:
        return f"{self.board}: {self.made_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:shared_board", args=[self.token])

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    def works(self, now: datetime) -> bool:
        """Not once it ended, was withdrawn, or whoever made it may no longer see feedback."""
        maker: Any = self.made_by
        if self.withdrawn_at is not None or now >= self.ends_at:
            return False
        return bool(maker.is_active and maker.has_perm("feedback.view_feedback"))
