from __future__ import annotations

import re
from datetime import datetime

import pghistory
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.kernel.secrets import EncryptedText
from feedback.enums import Quoting, SignInBy
from feedback.rules.mail_providers import provider_of


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def polled(self) -> MailboxQuerySet:
        return self.filter(is_active=True).exclude(imap_host="")

    def free(self, now: datetime) -> MailboxQuerySet:
        """Those that no process is polling at the moment."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now))

    def due(self, now: datetime) -> MailboxQuerySet:
        """Those to be polled now that no process is polling, the longest waiting first."""
        rows = self.polled().free(now).filter(Q(next_poll_at=None) | Q(next_poll_at__lte=now))
        return rows.order_by(F("next_poll_at").asc(nulls_first=True), "pk")

    def failing(self) -> MailboxQuerySet:
        """Those whose last poll failed."""
        return self.filter(failures__gt=0)


@pghistory.track(
    exclude=[
        "password", "client_secret", "refresh_token", "access_token", "access_token_until",
        "token_lease_until", "uid_validity", "last_uid", "polled_at", "succeeded_at",
        "lease_until", "failures", "next_poll_at", "unread_until", "fetching_uid", "fetch_tries",
    ]
)  # fmt: skip
class Mailbox(models.Model):
    """An address that customers write to; read by IMAP, or its mail is brought in (by HTTP, LMTP
    or a pipe) when there is no host."""

    address = models.EmailField(_("address"), unique=True)
    name = models.CharField(_("sender name"), max_length=120)
    team = models.ForeignKey(
        "accounts.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    quoting = models.CharField(
        _("quoted below answers"),
        max_length=4,
        choices=Quoting,
        default=Quoting.NONE,
        db_default=Quoting.NONE,
        help_text=_("Never internal notes, never what others than the customer wrote."),
    )
    imap_host = models.CharField(
        _("IMAP server"), max_length=200, blank=True, help_text=_("Empty: mail is brought in.")
    )
    imap_port = models.PositiveIntegerField(_("port"), default=993)
    imap_tls = models.BooleanField(_("TLS"), default=True)
    username = models.CharField(_("user name"), max_length=200, blank=True)
    password = EncryptedText(_("password or authorization code"), blank=True)
    sign_in_by = models.CharField(
        _("way of signing in"),
        max_length=8,
        choices=SignInBy,
        default=SignInBy.PASSWORD,
        db_default=SignInBy.PASSWORD,
    )
    token_url = models.CharField(
        _("token address"), max_length=300, blank=True, default="", db_default=""
    )
    client_id = models.CharField(
        _("client id"), max_length=200, blank=True, default="", db_default=""
    )
    client_secret = EncryptedText(_("client secret"), blank=True, default="", db_default="")
    refresh_token = EncryptedText(_("refresh token"), blank=True, default="", db_default="")
    token_scope = models.CharField(
        _("scope"), max_length=300, blank=True, default="", db_default=""
    )
    folder = models.CharField(_("folder"), max_length=100, default="INBOX")
    # Of each mailbox and not of the installation: what one provider signs, the sender of a mail
    # to another one can write himself.
    trusted_servers = models.CharField(
        _("mail servers whose checks are believed"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        validators=[
            RegexValidator(r"^[^;=\"()<>]*$", _("Names only, with spaces or commas between them."))
        ],
        help_text=_(
            "The first word of “Authentication-Results” in mails that came here, like "
            "mx.google.com; for Microsoft 365, which writes no name, a hyphen (-). Only name "
            "servers that check every mail to this address. Empty: no check is believed."
        ),
    )
    # None: as the provider usually does, so that another server brings another answer.
    takes_plus = models.BooleanField(
        _("addresses with + arrive here"),
        null=True,
        blank=True,
        help_text=_(
            "Where help+anything@… arrives at help@…, answers are sent to such an address and "
            "surely find their record. Where it does not, they would be lost, so they are sent "
            "to the plain address and find it by their Message-ID."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("of the demo"), default=False, editable=False)

    uid_validity = models.BigIntegerField(_("UIDVALIDITY"), null=True, blank=True, editable=False)
    last_uid = models.BigIntegerField(_("last UID"), default=0, editable=False)
    # While it is set: up to this UID mails were there before us, and only unread ones are fetched.
    unread_until = models.BigIntegerField(
        _("unread mails up to UID"), null=True, blank=True, editable=False
    )
    # How often the mail with this UID was tried; see services/fetch_progress.py.
    fetching_uid = models.BigIntegerField(
        _("UID of the mail that is being fetched"), null=True, blank=True, editable=False
    )
    fetch_tries = models.PositiveSmallIntegerField(
        _("tries to fetch it"), default=0, db_default=0, editable=False
    )
    polled_at = models.DateTimeField(_("last tried"), null=True, blank=True, editable=False)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    lease_until = models.DateTimeField(_("in hand until"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(
        _("failed polls in a row"), default=0, db_default=0, editable=False
    )
    next_poll_at = models.DateTimeField(_("next try"), null=True, blank=True, editable=False)

    access_token = EncryptedText(
        _("access token"), blank=True, default="", db_default="", editable=False
    )
    access_token_until = models.DateTimeField(
        _("access token until"), null=True, blank=True, editable=False
    )
    token_lease_until = models.DateTimeField(
        _("token is being got until"), null=True, blank=True, editable=False
    )

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

    @property
    def rests_until(self) -> datetime | None:
        """When it is tried again after it failed; None for one that works or is not polled."""
        polled = self.is_active and self.imap_host
        return self.next_poll_at if polled and self.failures else None

    @property
    def has_tagged_addresses(self) -> bool:
        """Whether mail to its address with a tag (`help+t12.…@`) arrives in it."""
        if self.takes_plus is not None:
            return self.takes_plus
        provider = provider_of(self.imap_host, (self.address,))
        return provider is None or provider.takes_plus

    @property
    def trusted_names(self) -> list[str]:
        """For channels.email.authentication."""
        return [name for name in re.split(r"[\s,，、]+", self.trusted_servers.lower()) if name]
