import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.enums import Distribution


@pghistory.track(exclude=["last_given_to"])
class TeamDistribution(models.Model):
    """How the records of a team find somebody. A team without a row works by hand."""

    team = models.OneToOneField(
        "accounts.Team", models.CASCADE, related_name="+", verbose_name=_("team")
    )
    mode = models.CharField(
        _("who gets new records"),
        max_length=12,
        choices=Distribution,
        default=Distribution.MANUAL,
    )
    max_open = models.PositiveSmallIntegerField(
        _("open records for each at most"),
        null=True,
        blank=True,
        help_text=_("Records that wait for us. Empty: no limit."),
    )
    by_skill = models.BooleanField(
        _("whoever knows the tags comes first"),
        default=False,
        help_text=_("Members whose skills have the most tags of the record."),
    )
    backlog_hours = models.PositiveSmallIntegerField(
        _("leave alone what waits longer than (hours)"),
        default=72,
        help_text=_("So that switching this on does not hand out the backlog of a year."),
    )
    unassign_after_minutes = models.PositiveIntegerField(
        _("take away when nobody worked on it for (minutes)"),
        null=True,
        blank=True,
        help_text=_("Working time. Empty: never. It then goes to somebody else."),
    )
    last_given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("last given to"),
    )

    class Meta:
        verbose_name = _("distribution in a team")
        verbose_name_plural = _("distribution in teams")
        ordering = ["team__name_en", "pk"]

    def __str__(self) -> str:
        return str(self.team)
