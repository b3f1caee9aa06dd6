from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import PublicationState, QuoteState
from config.kernel.tokens import signature, signature_holds

LINK = "quote-consent"


class PublicationQuoteQuerySet(models.QuerySet["PublicationQuote"]):
    def shown(self) -> PublicationQuoteQuerySet:
        """Those whose customers agree now."""
        return self.filter(state=QuoteState.GIVEN, publication__state=PublicationState.PUBLISHED)

    def of_token(self, token: str) -> PublicationQuote | None:
        """The one that a link in a mail names; None for a link that is none of ours."""
        key, _dash, mac = token.partition(".")
        if not signature_holds(LINK, key, mac):
            return None
        return self.select_related("publication", "customer").filter(key=key).first()


class PublicationQuote(models.Model):
    """Words of a customer that would stand in a publication, without a name. They are shown only
    as long as the customer agrees; they cannot be changed after somebody was asked."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    publication = models.ForeignKey(
        "analytics.Publication",
        models.CASCADE,
        related_name="quotes",
        verbose_name=_("publication"),
    )
    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("feedback")
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, related_name="+", verbose_name=_("customer")
    )
    text = models.TextField(_("words"), max_length=500)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=7, choices=QuoteState, default=QuoteState.ASKED
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    # The customer's last word.
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = PublicationQuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote in a publication")
        verbose_name_plural = _("quotes in publications")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "feedback"], name="a_record_is_quoted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.get_state_display()}"

    @property
    def token(self) -> str:
        return f"{self.key}.{signature(LINK, str(self.key))}"
