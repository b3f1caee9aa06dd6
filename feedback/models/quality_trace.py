from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import TraceState
from feedback.models.feedback import Feedback


class QualityTraceQuerySet(models.QuerySet["QualityTrace"]):
    def visible_to(self, user: Any) -> QualityTraceQuerySet:
        return self.filter(feedback__in=Feedback.objects.visible_to(user).values("pk"))


class QualityTrace(models.Model):
    """A defect followed to its cause: which product and batch, why, and what is done."""

    feedback = models.OneToOneField(
        "feedback.Feedback",
        models.CASCADE,
        related_name="quality_trace",
        verbose_name=_("feedback"),
    )
    state = models.CharField(
        _("state"), max_length=14, choices=TraceState, default=TraceState.OPEN
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    product = models.ForeignKey(
        "feedback.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
    )
    batch = models.CharField(_("batch or serial number"), max_length=60, blank=True)
    order_number = models.CharField(_("order number"), max_length=60, blank=True)
    defect = models.TextField(_("defect"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    measure = models.TextField(_("measure"), blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = QualityTraceQuerySet.as_manager()

    class Meta:
        verbose_name = _("quality trace")
        verbose_name_plural = _("quality traces")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["product", "batch"], name="traces_of_batch", condition=~Q(batch="")
            ),
            models.Index(fields=["state", "-id"], name="traces_by_state"),
        ]

    def __str__(self) -> str:
        return f"#{self.feedback_id}"
