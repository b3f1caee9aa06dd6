from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from feedback.enums import Metric

_LIVE = Q(met_at=None, stopped_at=None)


class SLAClockQuerySet(models.QuerySet["SLAClock"]):
    def live(self) -> SLAClockQuerySet:
        """Neither met nor stopped: running or paused."""
        return self.filter(_LIVE)

    def to_check(self, now: datetime) -> SLAClockQuerySet:
        """Something has to be said about them: a warning, or that the time is over."""
        return self.filter(check_at__lte=now).order_by("check_at", "pk")

    def soonest_first(self) -> SLAClockQuerySet:
        return self.order_by(F("due_at").asc(nulls_last=True), "pk")


class SLAClock(models.Model):
    """What a customer was promised about one record, and how it went. Written by
    services.sla_clocks only."""

    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="clocks", verbose_name=_("feedback")
    )
    policy = models.ForeignKey(
        "feedback.SLAPolicy", models.PROTECT, related_name="+", verbose_name=_("service level")
    )
    metric = models.CharField(_("what"), max_length=15, choices=Metric)
    started_at = models.DateTimeField(_("from"))
    # A copy of the target, so that the past stays as it was promised.
    target_seconds = models.PositiveIntegerField(_("promised time (seconds)"))
    business_time = models.BooleanField(_("in working hours"), default=False)
    warn_at = models.DateTimeField(_("warning"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    met_at = models.DateTimeField(_("kept"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("ended without it"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    breached_at = models.DateTimeField(_("missed"), null=True, blank=True)
    elapsed_seconds = models.PositiveIntegerField(_("time taken (seconds)"), default=0)
    # When the watch has to look at it next; null = never again.
    check_at = models.DateTimeField(_("next look"), null=True, blank=True, editable=False)

    objects = SLAClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock of a promise")
        verbose_name_plural = _("clocks of promises")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["check_at", "id"],
                name="clocks_to_check",
                condition=Q(check_at__isnull=False),
            ),
            # Figures ask on which day a promise was missed or kept.
            models.Index(Coalesce("breached_at", "met_at"), name="clocks_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "metric"],
                condition=Q(met_at=None, stopped_at=None),
                name="one_running_clock_per_promise",
            ),
            models.UniqueConstraint(
                fields=["feedback", "metric", "started_at"], name="a_wait_is_measured_once"
            ),
            models.CheckConstraint(
                name="a_running_clock_is_due_or_paused",
                condition=~Q(met_at=None, stopped_at=None)
                | Q(due_at__isnull=False)
                | Q(paused_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_kept_promise_was_not_given_up",
                condition=Q(met_at=None) | Q(stopped_at=None),
            ),
            models.CheckConstraint(
                name="an_ended_clock_is_not_watched",
                condition=Q(met_at=None, stopped_at=None) | Q(check_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} #{self.feedback_id}"

    @property
    def is_live(self) -> bool:
        return self.met_at is None and self.stopped_at is None

    def state_at(self, now: datetime) -> str:
        """running, warned, breached, paused; met, late or stopped once it has ended."""
        if self.met_at is not None:
            return "late" if self.breached_at is not None else "met"
        if self.stopped_at is not None:
            return "stopped"
        if self.paused_at is not None or self.due_at is None:
            return "paused"
        if self.due_at <= now:
            return "breached"
        return "warned" if self.warn_at is not None and self.warn_at <= now else "running"
