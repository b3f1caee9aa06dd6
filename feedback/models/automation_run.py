from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import RuleEvent


class AutomationRun(models.Model):
    """A rule met a record: what it did, or why it could not. One for each rule, record and
    event, so that an event that is looked at twice is acted on once."""

    rule = models.ForeignKey(
        "feedback.AutomationRule", models.PROTECT, related_name="runs", verbose_name=_("rule")
    )
    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("feedback")
    )
    # "entry:<id>" of the timeline; "once", or "at:<moment>" for rules that run by time.
    key = models.CharField(_("event"), max_length=40)
    event = models.CharField(_("when"), max_length=14, choices=RuleEvent)
    depth = models.PositiveSmallIntegerField(_("depth"), default=1)
    # As they were: [{"do": code, …, "left": why it was left undone}].
    did = models.JSONField(_("actions"), default=list)
    changes = models.PositiveSmallIntegerField(_("changes"), default=0)
    error = models.TextField(_("error"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("run of a rule")
        verbose_name_plural = _("runs of rules")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["feedback", "at"], name="runs_of_record"),
            models.Index(fields=["-at", "-id"], name="runs_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "feedback", "key"], name="a_rule_acts_once_on_an_event"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} → {self.feedback_id}"
