from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import ImprovementEvent


class ImprovementEntry(models.Model):
    """What happened to a problem or one of its measures, who did it, when; notes of colleagues
    are among it. Only ever added."""

    problem = models.ForeignKey(
        "analytics.Problem", models.CASCADE, related_name="entries", verbose_name=_("problem")
    )
    # Of what happened to the problem itself: none.
    measure = models.ForeignKey(
        "analytics.Measure",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("measure"),
    )
    event = models.CharField(_("what"), max_length=12, choices=ImprovementEvent)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    # Kept beside the reference, so that the story survives the person's account.
    actor_name = models.CharField(_("name of the person"), max_length=120, blank=True)
    # Codes, ids and numbers only (from, to …): the page words them.
    data = models.JSONField(_("details"), default=dict, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of a history")
        verbose_name_plural = _("history of problems and measures")
        ordering = ["pk"]
        indexes = [models.Index(fields=["problem", "id"], name="history_of_problem")]

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.at:%Y-%m-%d %H:%M}"
