from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Whoever was not heard of for so long is gone; pages call every ten seconds.
GONE_AFTER = timedelta(seconds=25)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def here(self, now: datetime) -> PresenceQuerySet:
        return self.filter(seen_at__gt=now - GONE_AFTER)


class Presence(models.Model):
    """That somebody has the page of a record before them, and whether they write there."""

    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("feedback")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    is_writing = models.BooleanField(_("writes"), default=False)
    seen_at = models.DateTimeField(_("seen"), default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "user"], name="one_is_there_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ #{self.feedback_id}"
