from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.models.measure import Measure
from feedback.models import Feedback


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def visible_to(self, user: Any) -> ThanksQuerySet:
        """One's own, said and heard; of others those about nothing, or about what one may see, as
        long as whoever was thanked works here and wants to be shown."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        records = Feedback.objects.none()
        if user.has_perm("feedback.view_feedback"):
            records = Feedback.objects.visible_to(user)
        measures = Measure.objects.none()
        if user.has_perm("analytics.view_problem"):
            measures = Measure.objects.visible_to(user)
        seen = Q(feedback=None) | Q(feedback__in=records.order_by().values("pk"))
        seen &= Q(measure=None) | Q(measure__in=measures.order_by().values("pk"))
        shown = Q(to__is_active=True, to__on_board=True)
        return self.filter((seen & shown) | Q(to=user) | Q(by=user))


class Thanks(models.Model):
    """A colleague thanks a colleague, perhaps for a record or a measure. Written by
    services.thanks alone."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("thanked")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    text = models.CharField(_("for what"), max_length=400)
    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    measure = models.ForeignKey(
        "analytics.Measure",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("measure"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ThanksQuerySet.as_manager()

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["at"], name="thanks_by_time"),
            models.Index(fields=["to", "-id"], name="thanks_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="nobody_thanks_themselves", condition=Q(by=None) | ~Q(by=models.F("to"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.to}"
