from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName, localized
from feedback.enums import State


class StatusQuerySet(models.QuerySet["Status"]):
    def active(self) -> StatusQuerySet:
        return self.filter(archived_at=None)

    def default_for(self, state: State) -> Status:
        """The status that stands for `state` when nobody chose one: the first in order."""
        return self.active().filter(state=state).order_by("order", "pk")[:1].get()


@pghistory.track()
class Status(BilingualName):
    """A step as people here call it. `state` is the fixed category that the code knows."""

    code = models.SlugField(_("code"), unique=True)
    state = models.CharField(_("means"), max_length=20, choices=State)
    # What the customer sees; empty in both languages = the customer sees the step before.
    customer_label_zh = models.CharField(_("for customers (Chinese)"), max_length=120, blank=True)
    customer_label_en = models.CharField(_("for customers (English)"), max_length=120, blank=True)
    pauses_clock = models.BooleanField(_("stops the clock"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = StatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("status")
        verbose_name_plural = _("statuses")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_status_means_a_known_state", condition=Q(state__in=State.values)
            )
        ]

    @property
    def customer_label(self) -> str:
        return localized(self, "customer_label")
