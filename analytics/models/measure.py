from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import MeasureKind, MeasureStatus, MoneyPeriod
from analytics.rules.measures import OPEN_MEASURES, UNDER_WAY


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: Any) -> MeasureQuerySet:
        """Those of problems that one may see (Problem.visible_to), in the columns of this
        table's own join."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("accounts.view_every_team"):
            return self
        teams = user.memberships.values("team")
        mine = Q(problem__team__in=teams) | Q(problem__team=None) | Q(problem__owner=user)
        theirs = Measure.objects.filter(owner=user).values("problem")
        return self.filter(mine | Q(problem__in=theirs))

    def open(self) -> MeasureQuerySet:
        """Neither carried out nor rejected."""
        return self.filter(status__in=OPEN_MEASURES)

    def overdue(self, today: date) -> MeasureQuerySet:
        return self.filter(status__in=UNDER_WAY, due_on__lt=today)


class Measure(models.Model):
    """What is done about a problem, by whom and until when. Written by services.measures; what
    happened to it stands in the history of its problem (ImprovementEntry)."""

    problem = models.ForeignKey(
        "analytics.Problem", models.CASCADE, related_name="measures", verbose_name=_("problem")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=MeasureKind)
    title = models.CharField(_("title"), max_length=120)
    what = models.TextField(_("what is to be done"), max_length=4000, blank=True)
    # Of a training: what everybody should know; collected on the page of training notes.
    training_note = models.TextField(
        _("training note"),
        max_length=4000,
        blank=True,
        help_text=_("What colleagues learn from it; everybody reads it among the training notes."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=MeasureStatus, default=MeasureStatus.PROPOSED
    )
    status_since = models.DateTimeField(_("in this status since"), default=timezone.now)
    # From when on customers could notice: effects are measured around this day.
    in_force_from = models.DateField(
        _("in force from"),
        null=True,
        blank=True,
        help_text=_(
            "The first day on which customers could notice; its effect is measured by it."
        ),
    )
    budget = models.DecimalField(
        _("budget"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    # When its owner is asked to measure its effect (again); empty: never.
    effect_due_on = models.DateField(_("effect to be measured"), null=True, blank=True)
    # Of its business case (CashFlow).
    money_period = models.CharField(
        _("period of the business case"),
        max_length=7,
        choices=MoneyPeriod,
        default=MoneyPeriod.MONTH,
    )
    yearly_rate = models.DecimalField(
        _("discount rate per year, in percent"),
        max_digits=5,
        decimal_places=2,
        default=8,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    # The day of the last reminder to its owner.
    reminded_on = models.DateField(_("reminded"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    created_at = models.DateTimeField(_("proposed"), default=timezone.now)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["-pk"]
        permissions = [("approve_measure", "May approve, verify and reject measures")]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="measures_under_way_by_due",
                condition=Q(status__in=["approved", "doing"]),
            ),
            models.Index(fields=["owner"], name="measures_of_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_budget_is_not_negative", condition=Q(budget=None) | Q(budget__gte=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:measure", args=[self.pk])

    @property
    def reference(self) -> str:
        """What people say: M-34."""
        return f"M-{self.pk}"

    @property
    def is_overdue(self) -> bool:
        is_late = self.due_on is not None and self.due_on < timezone.localdate()
        return is_late and self.status in UNDER_WAY
