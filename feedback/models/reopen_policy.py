from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.enums import OnAnswer


@pghistory.track()
class ReopenPolicy(models.Model):
    """What becomes of a record of a team when its customer writes after it was resolved, and
    when it is closed for good. Without a team: of all that have no row of their own."""

    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    on_answer = models.CharField(
        _("when the customer writes again"), max_length=10, choices=OnAnswer
    )
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    keeps_assignee = models.BooleanField(_("the same person takes care of it"), default=True)
    # Null: nothing is closed by itself.
    close_after_days = models.PositiveSmallIntegerField(
        _("closed for good after days"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("rule about reopening")
        verbose_name_plural = _("rules about reopening")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team"], nulls_distinct=False, name="one_rule_about_reopening_per_team"
            ),
            models.CheckConstraint(
                name="reopening_within_days_says_how_many",
                condition=~Q(on_answer="within") | Q(days__gt=0),
            ),
            models.CheckConstraint(
                name="known_rule_about_reopening", condition=Q(on_answer__in=OnAnswer.values)
            ),
        ]

    def __str__(self) -> str:
        return str(self.team) if self.team else str(_("All other teams"))
