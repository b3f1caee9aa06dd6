from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import BoardScope


class DashboardQuerySet(models.QuerySet["Dashboard"]):
    def active(self) -> DashboardQuerySet:
        return self.filter(removed_at=None)

    def visible_to(self, user: User) -> DashboardQuerySet:
        """One's own, those of one's teams and those for everybody. Which figures it then shows
        is decided for each reader anew."""
        own = Q(owner=user)
        team = Q(scope=BoardScope.TEAM, team__in=user.memberships.values("team"))
        return self.filter(own | team | Q(scope=BoardScope.EVERYONE))

    def in_order(self) -> DashboardQuerySet:
        return self.order_by("position", "pk")


@pghistory.track()
class Dashboard(models.Model):
    """Tiles that somebody put together, with the days, the filters and the comparison with which
    it begins. Written by services.boards."""

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    scope = models.CharField(
        _("for"), max_length=8, choices=BoardScope, default=BoardScope.PERSONAL
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    days = models.PositiveSmallIntegerField(_("period"), default=30)
    # Dimension → values, as addresses write them.
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    compares = models.BooleanField(_("beside the period before"), default=False)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    objects = DashboardQuerySet.as_manager()

    class Meta:
        verbose_name = _("dashboard")
        verbose_name_plural = _("dashboards")
        permissions = [("share_dashboard", "May share dashboards with teams and everybody")]
        indexes = [models.Index(fields=["owner"], name="dashboards_of_owner")]
        constraints = [
            models.CheckConstraint(
                name="only_a_dashboard_of_a_team_has_one",
                condition=Q(scope="team", team__isnull=False) | (~Q(scope="team") & Q(team=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("analytics:board", args=[self.pk])

    def may_be_changed_by(self, user: User) -> bool:
        """By its owner; a shared one also by whoever may share."""
        if self.owner_id == user.pk:
            return True
        is_shared = self.scope != BoardScope.PERSONAL
        return is_shared and user.has_perm("analytics.share_dashboard")
