from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.enums import InvitationState


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def due(self, now: datetime) -> InvitationQuerySet:
        return self.filter(state=InvitationState.QUEUED, send_at__lte=now)


class Invitation(models.Model):
    """One person asked once. The link's secret is stored as a digest only."""

    collector = models.ForeignKey("surveys.Collector", models.CASCADE, related_name="invitations")
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, null=True, blank=True, related_name="+"
    )
    # The matter that this call-back is about.
    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, null=True, blank=True, related_name="+"
    )
    # How often the matter had been reopened: each time it is resolved may be asked about once.
    round = models.PositiveSmallIntegerField(default=0)
    address = models.CharField(_("address"), max_length=254, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    uses_left = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    merge_data = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=InvitationState, default=InvitationState.QUEUED
    )
    reason = models.CharField(_("because"), max_length=60, blank=True)
    outgoing = models.ForeignKey(
        "accounts.OutgoingMessage", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    send_at = models.DateTimeField(_("to be sent"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    next_reminder_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["send_at"], name="invitation_due", condition=Q(state="queued")),
            models.Index(fields=["customer", "-id"], name="invitation_of_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["collector", "feedback", "round"],
                condition=Q(feedback__isnull=False),
                name="asked_once_about_a_solution",
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.get_state_display()})"


class ContactEvent(models.Model):
    """We asked this person something: what contact rules count."""

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, null=True, blank=True, related_name="+"
    )
    address_digest = models.CharField(max_length=64, db_index=True)
    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="contact_of_customer")]

    def __str__(self) -> str:
        return f"{self.survey} {self.at:%Y-%m-%d}"
