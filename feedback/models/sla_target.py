from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.enums import Metric, Priority


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SLATarget(models.Model):
    """One promised time of a policy, for one priority."""

    policy = models.ForeignKey(
        "feedback.SLAPolicy",
        models.CASCADE,
        related_name="targets",
        verbose_name=_("service level"),
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority)
    metric = models.CharField(_("what"), max_length=15, choices=Metric)
    seconds = models.PositiveIntegerField(_("seconds"))
    business_time = models.BooleanField(_("in working hours"), default=False)
    warn_at_pct = models.PositiveSmallIntegerField(_("warn after (%)"), default=75)

    class Meta:
        verbose_name = _("promised time")
        verbose_name_plural = _("promised times")
        ordering = ["-priority", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "priority", "metric"], name="a_time_is_promised_once"
            ),
            models.CheckConstraint(
                name="a_promised_time_is_between_a_minute_and_a_year",
                condition=Q(seconds__range=(60, 366 * 86400)),
            ),
            models.CheckConstraint(
                name="a_warning_comes_before_the_time_is_over",
                condition=Q(warn_at_pct__range=(1, 99)),
            ),
            models.CheckConstraint(
                name="a_promised_time_is_of_a_known_kind", condition=Q(metric__in=Metric.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.get_priority_display()}"
