from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DraftStep(models.Model):
    """What a draft was before one change, so that the change can be undone. The newest ones are
    kept, and all of them go when the draft is published or thrown away."""

    version = models.ForeignKey(
        "surveys.SurveyVersion", models.CASCADE, related_name="steps", verbose_name=_("version")
    )
    definition = models.JSONField(_("definition before"))
    # What was changed and where, as a code of services.building.SAID.
    said = models.CharField(_("what changed"), max_length=20)
    place = models.CharField(_("where"), max_length=64, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("step of a draft")
        verbose_name_plural = _("steps of drafts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.version} · {self.said} {self.place}".strip()
