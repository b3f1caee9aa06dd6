from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.enums import MailRhythm


@pghistory.track(exclude=["last_day"])
class DashboardMail(models.Model):
    """Somebody gets a dashboard by mail, every week or month, with the figures that they may
    see themselves."""

    board = models.CharField(_("dashboard"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("for")
    )
    rhythm = models.CharField(_("how often"), max_length=8, choices=MailRhythm)
    # The day for which it was written last: never twice for one.
    last_day = models.DateField(_("last written for"), null=True)

    class Meta:
        verbose_name = _("dashboard by mail")
        verbose_name_plural = _("dashboards by mail")
        constraints = [
            models.UniqueConstraint(fields=["board", "user"], name="one_mail_of_a_dashboard")
        ]

    def __str__(self) -> str:
        return f"{self.board}: {self.user_id}"
