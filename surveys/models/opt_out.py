from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AddressOptOut(models.Model):
    """Whoever reads mail at this address does not want to be asked; for people who are no
    customers. Those who are have a Consent. Nothing of the address can be read from it."""

    address_digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("address that does not want surveys")
        verbose_name_plural = _("addresses that do not want surveys")

    def __str__(self) -> str:
        return self.address_digest[:8]
