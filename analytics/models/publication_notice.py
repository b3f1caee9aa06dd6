from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.tokens import signature, signature_holds

LINK = "publication-notice"


class PublicationNoticeQuerySet(models.QuerySet["PublicationNotice"]):
    def of_token(self, token: str) -> PublicationNotice | None:
        """The one that a link in a mail names; None for a link that is none of ours."""
        key, _dash, mac = token.partition(".")
        if not signature_holds(LINK, key, mac):
            return None
        return self.select_related("publication", "customer").filter(key=key).first()


class PublicationNotice(models.Model):
    """That a customer was told of a publication: never again, whatever becomes of it."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    publication = models.ForeignKey(
        "analytics.Publication",
        models.CASCADE,
        related_name="notices",
        verbose_name=_("publication"),
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, related_name="+", verbose_name=_("customer")
    )
    mail = models.ForeignKey(
        "accounts.OutgoingMessage",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("mail"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = PublicationNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of a publication")
        verbose_name_plural = _("notices of publications")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "customer"], name="a_customer_is_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        return f"{self.key}.{signature(LINK, str(self.key))}"
