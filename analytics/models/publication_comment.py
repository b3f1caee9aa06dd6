from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import CommentState


class PublicationComment(models.Model):
    """What somebody wrote about a plan, as it was written; it is a record, too. What everybody
    reads is `shown`: the same words with personal data covered, after somebody looked at them."""

    publication = models.ForeignKey(
        "analytics.Publication",
        models.CASCADE,
        related_name="comments",
        verbose_name=_("publication"),
    )
    text = models.TextField(_("comment"), max_length=2000)
    shown = models.TextField(_("as it is shown"), max_length=2000, blank=True)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=7, choices=CommentState, default=CommentState.WAITING
    )
    # Sent twice by an impatient hand it is one.
    submission_key = models.CharField(_("key"), max_length=80, unique=True, editable=False)
    customer = models.ForeignKey(
        "accounts.Customer",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("looked at by"),
    )
    decided_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment on a plan")
        verbose_name_plural = _("comments on plans")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"], name="comments_that_wait", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.get_state_display()}"
