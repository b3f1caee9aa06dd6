from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import (
    OPEN_STATES,
    CommitmentKind,
    CommitmentState,
    Decision,
    OfferState,
    State,
)
from feedback.models.feedback import Feedback

# Of records: what is closed, merged or spam alarms nobody. What is solved may still be owed.
ALARMED_STATES = (*OPEN_STATES, State.RESOLVED)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def open(self) -> CommitmentQuerySet:
        return self.filter(state=CommitmentState.OPEN)

    def visible_to(self, user: Any) -> CommitmentQuerySet:
        """Those on records that a member of staff may see."""
        return self.filter(feedback__in=Feedback.objects.visible_to(user).values("pk"))

    def overdue(self, today: date) -> CommitmentQuerySet:
        return self.open().filter(due_on__lt=today, feedback__state__in=ALARMED_STATES)

    def for_customer(self) -> CommitmentQuerySet:
        """What the customer reads on their page: decided or granted, and not taken back."""
        settled = [CommitmentState.OPEN, CommitmentState.DONE]
        return self.filter(is_visible=True, state__in=settled)


class Commitment(models.Model):
    """Something that we bind ourselves to on a record: who does it, and by which day."""

    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.CASCADE,
        related_name="commitments",
        verbose_name=_("feedback"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=CommitmentKind)
    state = models.CharField(
        _("state"), max_length=10, choices=CommitmentState, default=CommitmentState.OPEN
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who sees to it"),
    )
    due_on = models.DateField(_("promised for"), null=True, blank=True)
    # When this day was set: no news is due for a day that had passed by then.
    promised_at = models.DateTimeField(_("promised"), null=True, blank=True, editable=False)
    staff_text = models.TextField(_("what we do"))
    customer_text = models.TextField(_("text for the customer"), blank=True)
    is_visible = models.BooleanField(_("the customer sees it"), default=False)

    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    offer = models.CharField(_("offer"), max_length=10, choices=OfferState, blank=True)
    amount = models.DecimalField(
        _("amount or value"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    goods = models.CharField(_("goods or service"), max_length=200, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)
    # The answer in which the customer was told.
    told_in = models.ForeignKey(
        "feedback.Message",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("told in"),
    )
    # The day whose passing somebody was told of; another day is told anew.
    alarmed_for = models.DateField(_("alarmed for"), null=True, editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["due_on"], name="commitments_by_day", condition=Q(state="open")),
            models.Index(
                fields=["owner", "due_on"],
                name="commitments_of_owner",
                condition=Q(state="open"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_commitment_has_a_known_state",
                condition=Q(state__in=CommitmentState.values),
            ),
            models.CheckConstraint(
                name="a_decision_says_what_was_decided",
                condition=~Q(kind="decision") | ~Q(decision=""),
            ),
            models.CheckConstraint(
                name="a_settled_commitment_has_a_date",
                condition=~Q(state__in=["done", "withdrawn"]) | Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_compensation_is_worth_something",
                condition=Q(amount=None) | Q(amount__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.feedback_id}"

    @property
    def is_open(self) -> bool:
        return self.state == CommitmentState.OPEN

    @property
    def is_settled(self) -> bool:
        return self.state in {CommitmentState.DONE, CommitmentState.WITHDRAWN}

    @property
    def was_told(self) -> bool:
        """The customer was told, by an answer that was not taken back."""
        return self.told_in is not None and not self.told_in.is_recalled
