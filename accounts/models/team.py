from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName


class TeamQuerySet(models.QuerySet["Team"]):
    def active(self) -> TeamQuerySet:
        return self.filter(archived_at=None)


@pghistory.track()
class Team(BilingualName):
    """People who share a queue. Who may see a record is decided by its team."""

    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("of the demo"), default=False, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name_en"]


class Membership(models.Model):
    team = models.ForeignKey(
        Team, models.CASCADE, related_name="memberships", verbose_name=_("team")
    )
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="memberships", verbose_name=_("staff member")
    )
    is_lead = models.BooleanField(_("leads the team"), default=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="once_in_a_team_is_enough")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.team}"
