from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName
from config.kernel.conditions.model_field import ConditionField
from feedback.enums import RuleEvent


class AutomationRuleQuerySet(models.QuerySet["AutomationRule"]):
    def in_order(self) -> AutomationRuleQuerySet:
        return self.filter(archived_at=None).order_by("order", "pk")

    def active(self) -> AutomationRuleQuerySet:
        return self.in_order().filter(is_active=True)


# What happened to it is not a change of the setting.
@pghistory.track(exclude=["hits", "last_hit_at", "last_error", "tried", "tried_at"])
class AutomationRule(BilingualName):
    """When something happens to a record that fits, or after some time: what the system does by
    itself."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    event = models.CharField(_("when"), max_length=14, choices=RuleEvent)
    condition = ConditionField(_("condition"), subject="feedback", needs=("event",))
    # [{"do": code, …}]: rules/actions.py.
    actions = models.JSONField(_("actions"), default=list)
    once_per_record = models.BooleanField(
        _("once for each record"),
        default=True,
        help_text=_(
            "For rules that run by time. Otherwise what the rule does must make its condition "
            "false."
        ),
    )
    stop = models.BooleanField(
        _("ask no further rule"),
        default=False,
        help_text=_("When it ran, later rules are not asked about the same event."),
    )
    is_active = models.BooleanField(_("active"), default=False, editable=False)
    # What was tried (a digest of what the rule does): only that goes live.
    tried = models.CharField(
        _("digest of what was tried"), max_length=64, blank=True, editable=False
    )
    tried_at = models.DateTimeField(_("tried"), null=True, blank=True, editable=False)
    hits = models.PositiveBigIntegerField(_("used"), default=0, editable=False)
    last_hit_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = AutomationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("automation rule")
        verbose_name_plural = _("automation rules")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_archived_rule_is_off",
                condition=models.Q(archived_at=None) | models.Q(is_active=False),
            )
        ]

    @property
    def by_time(self) -> bool:
        return self.event == RuleEvent.TIME
