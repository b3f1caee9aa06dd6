from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CustomerNote(models.Model):
    """What a member of staff wrote down about a customer, for colleagues only."""

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, related_name="notes", verbose_name=_("customer")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("name of the author"), max_length=120, blank=True)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("note on a customer")
        verbose_name_plural = _("notes on customers")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]
