from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import InboundState


class InboundMail(models.Model):
    """A mail exactly as it arrived, stored before anybody tries to understand it."""

    mailbox = models.ForeignKey(
        "feedback.Mailbox", models.PROTECT, related_name="+", verbose_name=_("mailbox")
    )
    uid_validity = models.BigIntegerField(_("UIDVALIDITY"), null=True, blank=True, editable=False)
    uid = models.BigIntegerField(_("UID"), null=True, blank=True, editable=False)
    raw = models.BinaryField(_("raw mail"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)
    message_id = models.CharField(_("Message-ID"), max_length=255, blank=True, editable=False)
    # Of what a person would call the mail (sender, subject, text, files) without the trace
    # headers: two copies of one mail have the same.
    content_digest = models.CharField(
        _("digest of the content"), max_length=64, blank=True, editable=False
    )
    subject = models.CharField(_("subject"), max_length=255, blank=True, editable=False)
    sender = models.CharField(_("from"), max_length=254, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=InboundState, default=InboundState.RECEIVED
    )
    reason = models.TextField(_("reason"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    filed_as = models.ForeignKey(
        "feedback.Message",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("filed as"),
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        verbose_name = _("inbound mail")
        verbose_name_plural = _("inbound mail")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["message_id", "content_digest"], name="inbound_by_message_id"),
            models.Index(fields=["sha256"], name="inbound_by_content"),
            models.Index(
                fields=["received_at"], name="inbound_unread", condition=Q(state="received")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uid_validity", "uid"], name="each_mail_is_fetched_once"
            )
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id or f"#{self.pk}"


class MailReference(models.Model):
    """Every Message-ID ever seen in or around a record's mails, ours and theirs, so that a
    reply finds its record whichever of them it refers to."""

    feedback = models.ForeignKey("feedback.Feedback", models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=255, db_index=True)
    # Who sent the mail that named it; a reply by somebody else is third party.
    sender = models.CharField(max_length=254, blank=True)
    is_ours = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "message_id"], name="a_reference_once_per_feedback"
            )
        ]

    def __str__(self) -> str:
        return self.message_id
