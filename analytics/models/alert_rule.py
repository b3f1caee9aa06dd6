from __future__ import annotations

from datetime import date

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import AlertKind, AlertSides, Sensitivity

LAST_HOUR = [MaxValueValidator(23)]
OF_CUSTOMERS = ["tier", "organisation", "customer_tag"]  # dimensions that tell who they are
# Rules, and alerts, that are told apart or narrowed by these.
NAMES_CUSTOMERS = Q(each__in=OF_CUSTOMERS) | Q(filters__has_any_keys=OF_CUSTOMERS)


class AlertRuleQuerySet(models.QuerySet["AlertRule"]):
    def active(self) -> AlertRuleQuerySet:
        return self.filter(is_active=True, removed_at=None)

    def there(self) -> AlertRuleQuerySet:
        return self.filter(removed_at=None)

    def visible_to(self, user: User) -> AlertRuleQuerySet:
        """Those of one's teams; all with the permission to see every team. Who may not see
        customers sees none that names them."""
        found = self if user.has_perm("accounts.view_customer") else self.naming_no_customers()
        if user.has_perm("accounts.view_every_team"):
            return found.all()
        return found.filter(team__in=user.memberships.values("team"))

    def naming_no_customers(self) -> AlertRuleQuerySet:
        """Without those that are told apart or narrowed by who customers are."""
        return self.exclude(NAMES_CUSTOMERS)


@pghistory.track(exclude=["checked_on"])
class AlertRule(models.Model):
    """What is watched, for whom, and who is told. Written by services.alert_rules."""

    kind = models.CharField(_("what is watched"), max_length=10, choices=AlertKind)
    # Without one, what it watches is said in the language of the reader.
    name = models.CharField(_("name"), max_length=80, blank=True)
    # A key of the catalogue; only of a rule about a metric.
    metric = models.CharField(_("metric"), max_length=40, blank=True)
    # The dimension of which each value is watched by itself.
    each = models.CharField(_("each by itself"), max_length=20, blank=True)
    # Dimension → values, as addresses write them.
    filters = models.JSONField(_("only"), default=dict, blank=True)
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
        help_text=_("Only its records are watched, and its members see the alerts."),
    )
    sides = models.CharField(
        _("which way"), max_length=6, choices=AlertSides, default=AlertSides.WORSE
    )
    sensitivity = models.CharField(
        _("sensitivity"), max_length=8, choices=Sensitivity, default=Sensitivity.QUARTER
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("people")
    )
    teams = models.ManyToManyField(
        "accounts.Team", blank=True, related_name="+", verbose_name=_("teams")
    )
    by_mail = models.BooleanField(_("by mail too"), default=True)
    # Hours of the day in which no mail about it leaves; the same twice: none.
    quiet_from = models.PositiveSmallIntegerField(
        _("no mail from"), default=21, validators=LAST_HOUR
    )
    quiet_to = models.PositiveSmallIntegerField(_("until"), default=8, validators=LAST_HOUR)
    # Until and on this day nobody is told; alerts are raised all the same.
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    # The last whole day that was looked at.
    checked_on = models.DateField(_("looked at until"), null=True, editable=False)
    # One that came with the product has a code, so that it is made once.
    code = models.SlugField(_("code"), max_length=40, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)

    objects = AlertRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of alerts")
        verbose_name_plural = _("rules of alerts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_rule_about_a_metric_names_it",
                condition=(Q(kind="metric") & ~Q(metric="")) | (~Q(kind="metric") & Q(metric="")),
            ),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="a_ready_rule_is_made_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("analytics:edit_alert_rule", args=[self.pk])

    @property
    def names_customers(self) -> bool:
        return not {self.each, *self.filters}.isdisjoint(OF_CUSTOMERS)

    def is_snoozed(self, today: date) -> bool:
        return self.snoozed_until is not None and today <= self.snoozed_until
