from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.enums import EscalateOn, EscalationKind, Metric


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SLAEscalation(models.Model):
    """What happens before a promised time is over, or when it is."""

    policy = models.ForeignKey(
        "feedback.SLAPolicy",
        models.CASCADE,
        related_name="escalations",
        verbose_name=_("service level"),
    )
    on = models.CharField(_("when"), max_length=8, choices=EscalateOn)
    # Empty = whatever was promised.
    metric = models.CharField(_("what"), max_length=15, choices=Metric, blank=True)
    kind = models.CharField(_("action"), max_length=15, choices=EscalationKind)
    team = models.ForeignKey(
        "accounts.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="who_moves_a_record_says_where_to",
                condition=~Q(kind="move_team") | Q(team__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["policy", "on", "metric", "kind"], name="an_escalation_is_there_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_on_display()}: {self.get_kind_display()}"
