from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName
from config.kernel.conditions.condition import always
from config.kernel.conditions.model_field import ConditionField


class SLAPolicyQuerySet(models.QuerySet["SLAPolicy"]):
    def active(self) -> SLAPolicyQuerySet:
        return self.filter(archived_at=None, is_active=True)

    def in_order(self) -> SLAPolicyQuerySet:
        return self.order_by("order", "pk")


@pghistory.track()
class SLAPolicy(BilingualName):
    """What we promise for some of the feedback: the first active policy, in their order, whose
    condition holds is the one that counts."""

    code = models.SlugField(_("code"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # Needs nothing beside the record: clocks are reckoned when nobody acts, too.
    condition = ConditionField(_("applies to"), subject="feedback", needs=())
    calendar = models.ForeignKey(
        "feedback.BusinessCalendar",
        models.PROTECT,
        related_name="policies",
        verbose_name=_("business calendar"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = SLAPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        ordering = ["order", "pk"]

    @property
    def fits_everything(self) -> bool:
        return bool(self.condition == always())
