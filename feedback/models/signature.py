from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import localized


@pghistory.track()
class Signature(models.Model):
    """What stands below the answers of a person, or of a team whose people have none of their
    own. Its text may hold the variables that rules.placeholders declares."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("staff member"),
    )
    team = models.OneToOneField(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    body_zh = models.TextField(_("text (Chinese)"), blank=True)
    body_en = models.TextField(_("text (English)"), blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_signature_is_a_persons_or_a_teams",
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.user or self.team)

    def body_in(self, language: str) -> str:
        return localized(self, "body", language)
