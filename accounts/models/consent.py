from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ConsentChannel, ConsentPurpose
from config.kernel.punctuation import labelled


class Consent(models.Model):
    """What a customer agreed to or withdrew, when, and by which text. The latest row counts."""

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, related_name="consents", verbose_name=_("customer")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=ConsentPurpose)
    given = models.BooleanField(_("given"))
    text_version = models.CharField(_("version of the text"), max_length=40, blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=ConsentChannel, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["customer", "purpose", "-at"], name="consent_latest")]

    def __str__(self) -> str:
        return labelled(self.customer, self.get_purpose_display())
