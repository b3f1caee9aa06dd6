from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName
from config.kernel.time_zones import known_time_zones


def known_time_zone(name: str) -> None:
    """Validator: only names of the time-zone database."""
    if name not in known_time_zones():
        raise ValidationError(_("There is no time zone of that name."), code="time_zone")


class BusinessCalendarQuerySet(models.QuerySet["BusinessCalendar"]):
    def active(self) -> BusinessCalendarQuerySet:
        return self.filter(archived_at=None)

    def with_days(self) -> BusinessCalendarQuerySet:
        """With everything that working time is computed from."""
        return self.prefetch_related("windows", "days")


@pghistory.track()
class BusinessCalendar(BilingualName):
    """When people work: windows of a week in a time zone, and the days that differ."""

    code = models.SlugField(_("code"), unique=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Asia/Shanghai", validators=[known_time_zone]
    )
    is_default = models.BooleanField(_("used when nothing else is said"), default=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = BusinessCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")
        ordering = ["-is_default", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="one_calendar_is_the_default",
            ),
            models.CheckConstraint(
                name="the_default_calendar_is_in_use",
                condition=Q(is_default=False) | Q(archived_at=None),
            ),
        ]

    @property
    def tz(self) -> Any:
        return ZoneInfo(self.time_zone)
