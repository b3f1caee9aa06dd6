from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailStopQuerySet(models.QuerySet["MailStop"]):
    def in_force(self) -> MailStopQuerySet:
        return self.filter(resumed_at=None)


class MailStop(models.Model):
    """A time in which no automatic mail went to customers: too much of it would have gone out at
    once, or a person stopped it. Mail waits meanwhile; nothing is lost."""

    since = models.DateTimeField(_("since"), default=timezone.now)
    # How many had gone out within the span of the limits; null = a person stopped it.
    sent = models.PositiveIntegerField(_("automatic mails before"), null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stopped by"),
    )
    resumed_at = models.DateTimeField(_("resumed"), null=True, blank=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resumed by"),
    )

    objects = MailStopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop of automatic mail")
        verbose_name_plural = _("stops of automatic mail")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(resumed_at=None), name="one_stop_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.since:%Y-%m-%d %H:%M}"
