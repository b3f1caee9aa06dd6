from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.secrets import EncryptedText
from feedback.enums import PushRefusal


@pghistory.track(
    exclude=[
        "secret", "former_secret", "signing_key", "received_at", "refused_at", "refusal"
    ]
)  # fmt: skip
class PushAddress(models.Model):
    """Where mail providers bring the mail of a mailbox by HTTP, and how they prove who they are.

    Not part of the mailbox itself, which every process keeps in memory: this one changes with
    the mails.
    """

    mailbox = models.OneToOneField(
        "feedback.Mailbox",
        models.CASCADE,
        related_name="push",
        verbose_name=_("mailbox"),
    )
    secret = EncryptedText(_("secret"), blank=True, default="")
    former_secret = EncryptedText(_("former secret"), blank=True, default="")
    former_until = models.DateTimeField(_("former secret holds until"), null=True, blank=True)
    signing_key = EncryptedText(_("signing key of Mailgun"), blank=True, default="")
    since = models.DateTimeField(_("secret made"), null=True, blank=True)
    received_at = models.DateTimeField(_("last mail brought"), null=True, blank=True)
    refused_at = models.DateTimeField(_("last refused"), null=True, blank=True)
    refusal = models.CharField(
        _("why refused"), max_length=16, choices=PushRefusal, blank=True, default=""
    )

    class Meta:
        verbose_name = _("address for mail by HTTP")
        verbose_name_plural = _("addresses for mail by HTTP")
        ordering = ["mailbox__address"]

    def __str__(self) -> str:
        return str(self.mailbox)

    @property
    def is_open(self) -> bool:
        """Ended ones stay, so that the history tells who ended them."""
        return bool(self.secret)
