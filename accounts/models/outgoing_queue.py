from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import MailHeld, MailTrouble
from config.kernel.secrets import EncryptedText


class OutgoingQueue(models.Model):
    """How it goes with mail on its way out as a whole. There is one row."""

    ONLY = 1

    # What keeps all mail from leaving, whichever it is; "" = nothing, as far as we know.
    trouble = models.CharField(
        _("trouble"), max_length=12, choices=MailTrouble, blank=True, default="", db_default=""
    )
    said = models.TextField(_("the server's answer"), blank=True, default="", db_default="")
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0, db_default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    # Until a person lets it go.
    held_at = models.DateTimeField(_("held since"), null=True, blank=True)
    held_because = models.CharField(
        _("held because"), max_length=12, choices=MailHeld, blank=True, default="", db_default=""
    )
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("held by"),
    )
    # The very database that these rows were written in; another one was made from a backup.
    database = models.CharField(
        _("database"), max_length=60, blank=True, default="", db_default=""
    )

    # Where mail is handed over with OAuth 2 (services.smtp_token).
    access_token = EncryptedText(blank=True, default="", db_default="", editable=False)
    access_token_until = models.DateTimeField(null=True, blank=True, editable=False)
    refresh_token = EncryptedText(blank=True, default="", db_default="", editable=False)
    token_of = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    token_lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("queue of outgoing mail")
        verbose_name_plural = _("queue of outgoing mail")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def lets_go(self, now: datetime) -> bool:
        """Whether a mail may be tried at this moment."""
        return self.held_at is None and (self.next_try_at is None or self.next_try_at <= now)
