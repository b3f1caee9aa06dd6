from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.punctuation import with_aside
from config.kernel.tokens import signature, signature_holds
from feedback.models import Feedback
from surveys.enums import InvitationState, NotAsked, Sending

LINK = "survey-invitation"
LONGEST_NUMBER = 18  # digits that fit a bigint


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def due(self, now: datetime) -> InvitationQuerySet:
        """To be handed over now, but for those of collectors that are paused."""
        paused = Q(collector__sending=Sending.PAUSED)
        return self.filter(state=InvitationState.QUEUED, send_at__lte=now).exclude(paused)

    def visible_to(self, user: Any) -> InvitationQuerySet:
        """What a member of staff may see: questions about feedback they may see, and those about
        none."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("accounts.view_every_team"):
            return self
        seen = Feedback.objects.visible_to(user)
        return self.filter(Q(feedback__in=seen) | Q(feedback=None))

    def of_token(self, token: str, *, also_withdrawn: bool = False) -> Invitation | None:
        """The invitation whose link this is; None for a wrong one and, unless `also_withdrawn`,
        for one of an earlier generation."""
        number, _, given = token.partition("-")
        if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
            return None
        invitation = self.filter(pk=int(number)).first()
        if invitation is None:
            return None
        epochs = range(1 if also_withdrawn else invitation.link_epoch, invitation.link_epoch + 1)
        holds = any(signature_holds(LINK, f"{invitation.pk}.{epoch}", given) for epoch in epochs)
        return invitation if holds else None


class Invitation(models.Model):
    """One person asked once; or, with a reason, why a person was not asked.

    The link carries the number of this row and a signature over it: nothing secret is stored,
    and a reminder can name the same link again. Counting `link_epoch` up makes it useless.
    """

    collector = models.ForeignKey(
        "surveys.Collector",
        models.CASCADE,
        related_name="invitations",
        verbose_name=_("collector"),
    )
    customer = models.ForeignKey(
        "accounts.Customer",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    # Of those who are asked in waves; its index is made apart.
    wave = models.ForeignKey(
        "surveys.Wave",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="invitations",
        verbose_name=_("wave"),
    )
    # The matter that this call-back is about.
    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    # How often the matter had been reopened: each time it is resolved may be asked about once.
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    address = models.CharField(_("address"), max_length=254, blank=True)
    # Who had solved the matter, kept as it was when it was resolved.
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    link_epoch = models.PositiveSmallIntegerField(
        _("generation of links"), default=1, editable=False
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    merge_data = models.JSONField(_("values for the text"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=InvitationState, default=InvitationState.QUEUED
    )
    reason = models.CharField(_("because"), max_length=20, choices=NotAsked, blank=True)
    outgoing = models.ForeignKey(
        "accounts.OutgoingMessage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("outgoing message"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    send_at = models.DateTimeField(_("to be sent"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_at = models.DateTimeField(_("last reminded"), null=True, blank=True)
    next_reminder_at = models.DateTimeField(_("next reminder"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["send_at"], name="invitation_due", condition=Q(state="queued")),
            models.Index(fields=["customer", "-id"], name="invitation_of_customer"),
            models.Index(fields=["feedback", "-id"], name="invitation_of_feedback"),
            models.Index(fields=["collector", "state"], name="invitation_counts"),
            models.Index(fields=["wave", "address"], name="invitation_of_wave"),
            models.Index(
                fields=["next_reminder_at"],
                name="invitation_reminder_due",
                condition=Q(next_reminder_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["collector", "feedback", "round"],
                condition=Q(feedback__isnull=False),
                name="asked_once_about_a_solution",
            ),
            models.CheckConstraint(
                name="who_was_not_asked_says_why",
                condition=~Q(state__in=["skipped", "throttled"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return with_aside(self.address, self.get_state_display())

    @property
    def name(self) -> str:
        """What somebody is called who is no customer, as a list said."""
        return str(self.merge_data.get("name", ""))

    @property
    def last_written_at(self) -> datetime | None:
        return self.reminded_at or self.sent_at

    @property
    def token(self) -> str:
        """What opens the answer page."""
        return f"{self.pk}-{signature(LINK, f'{self.pk}.{self.link_epoch}')}"


class ContactEventQuerySet(models.QuerySet["ContactEvent"]):
    def of_person(self, customer_id: int | None, address_digest: str) -> ContactEventQuerySet:
        same = Q(address_digest=address_digest)
        return self.filter(same if customer_id is None else same | Q(customer=customer_id))


class ContactEvent(models.Model):
    """We asked this person something: what contact rules count."""

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, null=True, blank=True, related_name="+"
    )
    address_digest = models.CharField(max_length=64, db_index=True)
    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ContactEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact event")
        verbose_name_plural = _("contact events")
        indexes = [models.Index(fields=["customer", "-at"], name="contact_of_customer")]

    def __str__(self) -> str:
        return f"{self.survey} {self.at:%Y-%m-%d}"
