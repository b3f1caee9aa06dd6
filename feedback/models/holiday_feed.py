from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.webhook_endpoint import can_be_asked


class HolidayFeedQuerySet(models.QuerySet["HolidayFeed"]):
    def due(self, now: datetime) -> HolidayFeedQuerySet:
        return self.filter(next_at__lte=now, calendar__archived_at=None)


@pghistory.track(
    exclude=["next_at", "fetched_at", "day_count", "timed_count", "problem", "failing_since"]
)
class HolidayFeed(models.Model):
    """A web address from which the special days of a calendar are fetched every day."""

    calendar = models.ForeignKey(
        "feedback.BusinessCalendar",
        models.CASCADE,
        related_name="feeds",
        verbose_name=_("business calendar"),
    )
    url = models.CharField(_("address"), max_length=1000, validators=[can_be_asked])
    next_at = models.DateTimeField(_("is asked next"), default=timezone.now, editable=False)
    # When its days were last taken over; what they are stays until they are taken over again.
    fetched_at = models.DateTimeField(_("fetched"), null=True, blank=True, editable=False)
    day_count = models.PositiveIntegerField(_("special days"), default=0, editable=False)
    # Of some hours and not of whole days, so no holidays (rules/ical).
    timed_count = models.PositiveIntegerField(
        _("events left out"), default=0, db_default=0, editable=False
    )
    # A code of rules/feed_problems; empty = the last time went well.
    problem = models.CharField(_("problem"), max_length=40, blank=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)

    objects = HolidayFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday feed")
        verbose_name_plural = _("holiday feeds")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "url"], name="a_calendar_has_a_feed_once")
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def host(self) -> str:
        """What may be shown to anybody: an address can hold a key."""
        return urlsplit(self.url).hostname or "?"

    @property
    def source(self) -> str:
        """As in CalendarDay.source."""
        return f"feed-{self.pk}"
