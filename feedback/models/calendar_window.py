from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.rules.working_hours import spans_in_words


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CalendarWindow(models.Model):
    """Hours that are worked on a weekday of every week; a day may have several."""

    calendar = models.ForeignKey(
        "feedback.BusinessCalendar",
        models.CASCADE,
        related_name="windows",
        verbose_name=_("business calendar"),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # 0 = Monday
    # Minutes of the local day; 1440 = midnight at its end.
    starts = models.PositiveSmallIntegerField(_("from"))
    ends = models.PositiveSmallIntegerField(_("to"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                name="a_window_is_on_a_weekday", condition=Q(weekday__range=(0, 6))
            ),
            models.CheckConstraint(
                name="a_window_ends_after_it_begins_within_its_day",
                condition=Q(starts__lt=F("ends"), ends__lte=1440),
            ),
            models.UniqueConstraint(
                fields=["calendar", "weekday", "starts"], name="a_window_is_there_once"
            ),
        ]

    def __str__(self) -> str:
        return spans_in_words(((self.starts, self.ends),))
