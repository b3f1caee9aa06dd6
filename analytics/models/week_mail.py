from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WeekMail(models.Model):
    """That somebody's last week was looked at in the week of `monday`, so that it is told once
    at most; no mail left where nothing had happened. Written by services.week_mail alone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("for")
    )
    monday = models.DateField(_("in the week of"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("mail about a week")
        verbose_name_plural = _("mails about weeks")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "monday"], name="one_mail_about_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.monday}: {self.user_id}"
