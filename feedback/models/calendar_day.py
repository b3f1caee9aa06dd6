from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import localized
from feedback.enums import DayKind


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def in_use(self) -> CalendarDayQuerySet:
        return self.filter(is_active=True)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, a working day in its place, other hours."""

    calendar = models.ForeignKey(
        "feedback.BusinessCalendar",
        models.CASCADE,
        related_name="days",
        verbose_name=_("business calendar"),
    )
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind)
    # [[from, to], …] in minutes of the local day; of a working day empty = as on other ones.
    spans = models.JSONField(_("hours"), default=list, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    # Which import brought it; empty = a person. Imports touch only their own.
    source = models.CharField(_("imported from"), max_length=80, blank=True)
    # Switched off by a person: stays off however often it is imported again.
    is_active = models.BooleanField(_("counts"), default=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="a_day_is_special_once"),
            models.CheckConstraint(
                name="a_special_day_is_of_a_known_kind", condition=Q(kind__in=DayKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}".strip()

    @property
    def name(self) -> str:
        return localized(self, "name")
