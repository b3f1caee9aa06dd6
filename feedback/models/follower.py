from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import FollowReason


class FollowerQuerySet(models.QuerySet["Follower"]):
    def active(self) -> FollowerQuerySet:
        return self.filter(stopped_at=None)


class Follower(models.Model):
    """Somebody who is told what happens to a record. Who stopped following keeps the row, so
    that nothing but their own wish makes them follow again."""

    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="followers", verbose_name=_("feedback")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    reason = models.CharField(_("because"), max_length=10, choices=FollowReason)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "user"], name="one_follows_a_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → #{self.feedback_id}"
