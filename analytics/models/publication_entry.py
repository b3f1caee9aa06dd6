from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import PublicationStep


class PublicationEntry(models.Model):
    """What happened to a publication, who did it, when. Only ever added."""

    publication = models.ForeignKey(
        "analytics.Publication",
        models.CASCADE,
        related_name="entries",
        verbose_name=_("publication"),
    )
    step = models.CharField(_("what"), max_length=12, choices=PublicationStep)
    # Of what a customer did: nobody.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    actor_name = models.CharField(_("name of the person"), max_length=120, blank=True)
    # Codes and numbers only, never what was found: the page words them.
    about = models.JSONField(_("details"), default=dict, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry in the history of a publication")
        verbose_name_plural = _("histories of publications")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.at:%Y-%m-%d %H:%M}"
