from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName
from config.kernel.conditions.condition import always
from config.kernel.conditions.model_field import ConditionField
from feedback.enums import AgeBasis, RetentionAction


@pghistory.track()
class RetentionRule(BilingualName):
    """How long settled records of some kind are kept as they are, and what then happens."""

    condition = ConditionField(_("applies to"), subject="feedback", needs=())
    action = models.CharField(_("what happens"), max_length=10, choices=RetentionAction)
    after_days = models.PositiveIntegerField(_("after days"))
    basis = models.CharField(
        _("counted"), max_length=10, choices=AgeBasis, default=AgeBasis.CLOSED
    )
    # Somebody looks at the dry run first.
    is_active = models.BooleanField(_("active"), default=False)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="records_are_kept_for_a_day_at_least", condition=Q(after_days__gt=0)
            )
        ]

    @property
    def fits_everything(self) -> bool:
        return bool(self.condition == always())


class RetentionRun(models.Model):
    """What one run of a rule did: the report, kept when the rule is gone."""

    rule = models.ForeignKey(
        RetentionRule,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("retention rule"),
    )
    rule_name = models.CharField(_("name of the rule"), max_length=250)
    action = models.CharField(_("what happens"), max_length=10, choices=RetentionAction)
    at = models.DateTimeField(_("at"), default=timezone.now)
    numbers = models.JSONField(_("records"), default=list)
    # number → code of the refusal
    failed = models.JSONField(_("refused"), default=dict)
    held = models.PositiveIntegerField(_("held back"), default=0)

    class Meta:
        verbose_name = _("run of a retention rule")
        verbose_name_plural = _("runs of retention rules")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.rule_name} {self.at:%Y-%m-%d %H:%M}"

    @property
    def done(self) -> int:
        return len(self.numbers)
