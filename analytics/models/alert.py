from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import AlertKind, Dismissal
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models.alert_evidence import AlertEvidence
from analytics.models.alert_rule import NAMES_CUSTOMERS

_RECORDS = {"received", "answered", "resolved", "rated", "promised"}
# Metrics of answers to surveys: nobody sees them who may not see answers.
OF_ANSWERS = tuple(key for key, one in METRICS.items() if one.fact.value not in _RECORDS)


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: Any) -> AlertQuerySet:
        """The figures of an alert are of everything or of one team: whoever sees just that sees
        it. One about a customer is seen by whoever sees some of what they said, and then shows
        only that. Titles name what figures are narrowed by: who may not see customers sees none
        that is narrowed by who they are."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        found = self
        if not user.has_perm("feedback.view_feedback"):
            found = found.none()
        if not user.has_perm("surveys.view_response"):
            found = found.exclude(metric__in=OF_ANSWERS)
        if not user.has_perm("accounts.view_customer"):
            found = found.exclude(NAMES_CUSTOMERS & ~Q(kind=AlertKind.CUSTOMER))
        shown = AlertEvidence.objects.filter(alert=OuterRef("pk")).visible_to(user)
        told = Q(kind=AlertKind.CUSTOMER) & Exists(shown)
        figures = ~Q(kind=AlertKind.CUSTOMER)
        if not user.has_perm("accounts.view_every_team"):
            figures &= Q(team__in=user.memberships.values("team"))
        return found.filter(figures | told)

    def without_answers_about_customers(self) -> AlertQuerySet:
        """Without those about a customer of whom only answers to surveys tell."""
        records = AlertEvidence.objects.filter(alert=OuterRef("pk"), feedback__isnull=False)
        return self.filter(~Q(kind=AlertKind.CUSTOMER) | Exists(records))

    def running(self) -> AlertQuerySet:
        """Not over yet, dismissed or not."""
        return self.filter(ended_at=None)

    def open(self) -> AlertQuerySet:
        """Not over, and nobody has dismissed it."""
        return self.filter(ended_at=None, dismissed_at=None)

    def over(self) -> AlertQuerySet:
        return self.exclude(ended_at=None, dismissed_at=None)


class Alert(models.Model):
    """One spell in which something was out of the ordinary, with the figures of the day on which
    it was noticed. Written by services.alerts and services.alert_watch."""

    rule = models.ForeignKey(
        "analytics.AlertRule", models.CASCADE, related_name="alerts", verbose_name=_("rule")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AlertKind)
    metric = models.CharField(_("metric"), max_length=40, blank=True)
    # What tells it from others of its rule: a value, a topic, a customer.
    series = models.CharField(_("about"), max_length=80, blank=True)
    each = models.CharField(_("each by itself"), max_length=20, blank=True)
    # Dimension → values, as addresses write them: whose figures these are, with `each` and team.
    filters = models.JSONField(_("only"), default=dict, blank=True)
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    topic = models.ForeignKey(
        "analytics.Topic",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
    )
    customer = models.ForeignKey(
        "accounts.Customer",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    # The first and the last day on which it was out of the ordinary.
    day = models.DateField(_("day"))
    last_day = models.DateField(_("last day"))
    side = models.CharField(_("side"), max_length=6, blank=True)
    # In the unit of the metric, of the first day; of a topic: texts of a week.
    value = models.FloatField(_("value"), default=0)
    expected = models.FloatField(_("expected"), null=True)
    low = models.FloatField(_("expected from"), null=True)
    high = models.FloatField(_("expected to"), null=True)
    deviation = models.FloatField(_("standard deviations"), null=True)
    # [{"day", "value", "expected", "low", "high"}, …] while it lasted.
    days = models.JSONField(_("days"), default=list, blank=True)
    # [{"by", "value", "now", "usual", "part"}, …]: what probably moved it (metrics.contributions).
    moved = models.JSONField(_("what moved it"), default=list, blank=True)
    # How many records or responses the first day had; the newest of them are the evidence.
    evidence_count = models.PositiveIntegerField(_("evidence"), default=0)
    opened_at = models.DateTimeField(_("noticed"), default=timezone.now)
    ended_at = models.DateTimeField(_("over"), null=True, blank=True)
    # When people were told last, and how far it was from what was expected.
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    told_off = models.FloatField(_("how far off when told"), default=0)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dismissed by"),
    )
    dismissal = models.CharField(_("why"), max_length=6, choices=Dismissal, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    problem = models.ForeignKey(
        "analytics.Problem",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="alerts",
        verbose_name=_("problem"),
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="alerts_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "series"],
                condition=Q(ended_at=None),
                name="one_running_alert_of_a_series",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:alert", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def off(self) -> float:
        """How far the last day that is known lies from what was expected."""
        if not self.days:
            return self.value - (self.expected or 0)
        last = self.days[-1]
        return float(last["value"]) - float(last["expected"] or 0)
