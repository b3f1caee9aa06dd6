from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import Tier


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> OrganisationQuerySet:
        return self.filter(archived_at=None)

    def matching(self, words: str) -> OrganisationQuerySet:
        """By a piece of the name or of the mail domain."""
        words = words.strip()
        named = models.Q(name__icontains=words) | models.Q(domain__icontains=words)
        return self.filter(named) if words else self


@pghistory.track()
class Organisation(models.Model):
    """A company or household that customers belong to."""

    name = models.CharField(_("name"), max_length=200)
    domain = models.CharField(_("mail domain"), max_length=200, blank=True)
    tier = models.CharField(
        _("tier"), max_length=10, choices=Tier, default=Tier.STANDARD, db_default=Tier.STANDARD
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("success manager"),
        related_name="+",
    )
    note = models.TextField(_("note for staff"), blank=True, default="", db_default="")
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("of the demo"), default=False, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        indexes = [models.Index(Lower("name"), name="organisations_by_name")]

    def __str__(self) -> str:
        return self.name
