from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublicationVote(models.Model):
    """Somebody is for a plan. `voter` is the digest of what their browser keeps, or of the
    personal link by which they came."""

    publication = models.ForeignKey(
        "analytics.Publication",
        models.CASCADE,
        related_name="votes",
        verbose_name=_("publication"),
    )
    voter = models.CharField(_("voter"), max_length=64)
    # Known only of whoever came by the link in a mail.
    customer = models.ForeignKey(
        "accounts.Customer",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("vote for a plan")
        verbose_name_plural = _("votes for plans")
        constraints = [
            models.UniqueConstraint(fields=["publication", "voter"], name="a_browser_votes_once"),
            models.UniqueConstraint(
                fields=["publication", "customer"], name="a_customer_votes_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.at:%Y-%m-%d}"
