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

    def for_new(self) -> Status:
        """What a record begins with."""
        return self._marked("is_default_create", State.NEW)

    def for_reopened(self) -> Status:
        """What a record that is taken up again has."""
        return self._marked("is_default_reopen", State.OPEN)

    def _marked(self, mark: str, state: State) -> Status:
        """The one that is marked; the first of `state` where nobody has marked one yet."""
        rows = self.active().filter(Q(**{mark: True}) | Q(state=state))
        return rows.order_by(f"-{mark}", "order", "pk")[:1].get()


@pghistory.track()
class Status(BilingualName):
    """A step as people here call it. `state` is the fixed category that the code knows."""

    code = models.SlugField(_("code"), unique=True)
    state = models.CharField(_("means"), max_length=20, choices=State)
    # What the customer sees; empty in both languages = the customer sees the step before.
    customer_label_zh = models.CharField(_("for customers (Chinese)"), max_length=120, blank=True)
    customer_label_en = models.CharField(_("for customers (English)"), max_length=120, blank=True)
    pauses_clock = models.BooleanField(_("stops the clock"), default=False)
    # Where a snoozed record goes when its time has come; null: back to work.
    next_status = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("afterwards"),
    )
    is_default_create = models.BooleanField(
        _("new records begin with it"), default=False, db_default=False
    )
    is_default_reopen = models.BooleanField(
        _("reopened records get it"), default=False, db_default=False
    )
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
            ),
            models.UniqueConstraint(
                fields=["is_default_create"],
                condition=Q(is_default_create=True),
                name="records_begin_in_one_way",
            ),
            models.UniqueConstraint(
                fields=["is_default_reopen"],
                condition=Q(is_default_reopen=True),
                name="records_reopen_in_one_way",
            ),
        ]

    @property
    def customer_label(self) -> str:
        return localized(self, "customer_label")
