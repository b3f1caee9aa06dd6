from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CustomerMerge(models.Model):
    """Two rows were made one customer: what was moved, so that it can be taken back."""

    kept = models.ForeignKey(
        "accounts.Customer", models.CASCADE, related_name="+", verbose_name=_("stays")
    )
    gone = models.ForeignKey(
        "accounts.Customer", models.CASCADE, related_name="+", verbose_name=_("goes")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    # Fields of the row that stays: {name: [before, after]}, and ids by the name of their model.
    changed = models.JSONField(_("changed"), default=dict, blank=True)
    moved = models.JSONField(_("moved"), default=dict, blank=True)

    class Meta:
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"],
                condition=Q(undone_at=None),
                name="a_customer_is_merged_into_one_other",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
