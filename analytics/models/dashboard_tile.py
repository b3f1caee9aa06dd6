from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.enums import TileChart, TileSize
from analytics.rules.tiles import TilePlan


class DashboardTileQuerySet(models.QuerySet["DashboardTile"]):
    def active(self) -> DashboardTileQuerySet:
        return self.filter(removed_at=None)

    def in_order(self) -> DashboardTileQuerySet:
        return self.order_by("position", "pk")


@pghistory.track()
class DashboardTile(models.Model):
    """One figure of a dashboard. What it names may be gone one day: then it says so."""

    dashboard = models.ForeignKey(
        "analytics.Dashboard", models.CASCADE, related_name="tiles", verbose_name=_("dashboard")
    )
    # A key of analytics.metrics.catalogue, and keys of dimensions.
    metric = models.CharField(_("metric"), max_length=40)
    by = models.JSONField(_("dimensions"), default=list, blank=True)
    chart = models.CharField(_("chart"), max_length=10, choices=TileChart)
    size = models.CharField(_("size"), max_length=6, choices=TileSize, default=TileSize.MEDIUM)
    title = models.CharField(_("title"), max_length=80, blank=True)
    # In the unit of the metric; shares from 0 to 1.
    goal = models.FloatField(_("goal"), null=True, blank=True)
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("place on the dashboard"), default=0)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    objects = DashboardTileQuerySet.as_manager()

    class Meta:
        verbose_name = _("tile of a dashboard")
        verbose_name_plural = _("tiles of dashboards")

    def __str__(self) -> str:
        return self.title or self.metric

    @property
    def plan(self) -> TilePlan:
        return TilePlan(
            key=str(self.pk),
            metric=self.metric,
            chart=TileChart(self.chart),
            by=tuple(self.by),
            size=TileSize(self.size),
            title=self.title,
            goal=self.goal,
            filters={name: tuple(texts) for name, texts in self.filters.items()},
        )
