from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName
from config.kernel.conditions.model_field import ConditionField
from feedback.enums import Priority


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def in_order(self) -> RoutingRuleQuerySet:
        """As they are asked; the one that takes what is left comes last."""
        return self.filter(archived_at=None).order_by("is_catch_all", "order", "pk")

    def active(self) -> RoutingRuleQuerySet:
        return self.in_order().filter(is_active=True)

    def with_targets(self) -> RoutingRuleQuerySet:
        return self.select_related("set_team", "set_assignee").prefetch_related("add_tags")


# How often it was used is a count, not a change of the setting.
@pghistory.track(exclude=["hits", "last_hit_at"])
class RoutingRule(BilingualName):
    """Which new feedback goes where. Asked in their order; what an earlier rule set stays."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    condition = ConditionField(_("condition"), subject="feedback", needs=())
    is_catch_all = models.BooleanField(_("takes what is left"), default=False, editable=False)
    set_team = models.ForeignKey(
        "accounts.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to the team"),
    )
    set_assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to the person"),
    )
    to_manager = models.BooleanField(
        _("to the customer's success manager"),
        default=False,
        help_text=_("If there is one, and they or their substitute are there."),
    )
    set_priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, null=True, blank=True
    )
    add_tags = models.ManyToManyField(
        "feedback.Tag", blank=True, related_name="+", verbose_name=_("add tags")
    )
    stop = models.BooleanField(
        _("ask no further rule"),
        default=True,
        help_text=_("Otherwise later rules add what this one left open."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    hits = models.PositiveBigIntegerField(_("used"), default=0, editable=False)
    last_hit_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["is_catch_all", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_catch_all"],
                condition=Q(is_catch_all=True),
                name="one_rule_takes_what_is_left",
            ),
            models.CheckConstraint(
                name="the_last_rule_is_always_on",
                condition=Q(is_catch_all=False) | Q(is_active=True, archived_at=None),
            ),
        ]


_Added: Any = RoutingRule.add_tags.through


class RoutingTag(_Added):
    """The rows between rules and the tags that they add, under a name to which triggers can be
    given."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("tag that it adds")
        verbose_name_plural = _("tags that rules add")


_TAGS: Any = pghistory.create_event_model(
    RoutingTag, pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None
)


class RoutingTagEvent(_TAGS):
    """A rule adds a tag from now on, or no more."""

    class Meta:
        verbose_name = _("change of the tags of a rule")
        verbose_name_plural = _("changes of the tags of rules")
