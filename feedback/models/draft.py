from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import DraftKind, HeldBecause
from feedback.models.reply_template import ReplyTemplate


class DraftQuerySet(models.QuerySet["Draft"]):
    def in_editor(self) -> DraftQuerySet:
        """Those that somebody is writing; one per person and record."""
        return self.filter(send_at=None)

    def scheduled(self) -> DraftQuerySet:
        """Answers that wait for their time, and those held back since."""
        return self.filter(send_at__isnull=False)

    def due(self, now: datetime) -> DraftQuerySet:
        return self.filter(send_at__lte=now, held_because="")


class Draft(models.Model):
    """What somebody wrote about a record and has not sent. With `send_at` it leaves the editor
    and goes by itself at that time, unless something happened meanwhile that holds it back."""

    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="drafts", verbose_name=_("feedback")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("author")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=DraftKind, default=DraftKind.REPLY)
    text = models.TextField(_("text"), blank=True)
    # Counts every change: two windows do not overwrite each other.
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    send_at = models.DateTimeField(_("to be sent at"), null=True, blank=True)
    scheduled_at = models.DateTimeField(_("scheduled"), null=True, blank=True)
    then = models.ForeignKey(
        "feedback.Status",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("status afterwards"),
    )
    # What is noted as told to the customer when it goes.
    commitment = models.ForeignKey(
        "feedback.Commitment",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("commitment"),
    )
    is_signed = models.BooleanField(_("with signature"), default=True, db_default=True)
    held_because = models.CharField(
        _("held back because"), max_length=10, choices=HeldBecause, blank=True
    )

    # What a scheduled answer was written from, for counting.
    templates: models.ManyToManyField[ReplyTemplate, models.Model] = models.ManyToManyField(
        "feedback.ReplyTemplate",
        related_name="drafts",
        editable=False,
        verbose_name=_("reply templates"),
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["send_at"], name="drafts_to_send", condition=Q(send_at__isnull=False)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "user"],
                condition=Q(send_at=None),
                name="one_text_in_the_editor",
            ),
            models.CheckConstraint(
                name="a_note_is_never_scheduled",
                condition=~Q(kind="note") | Q(send_at=None),
            ),
            models.CheckConstraint(
                name="a_scheduled_answer_says_since_when",
                condition=Q(send_at=None) | Q(scheduled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
