"""Dashboards, and what stands on their time line."""

from django.db import models
from django.utils.translation import pgettext_lazy


class TileChart(models.TextChoices):
    """How a tile of a dashboard shows its metric."""

    NUMBER = "number", pgettext_lazy("kind of chart", "Number")
    GAUGE = "gauge", pgettext_lazy("kind of chart", "Gauge")
    LINE = "line", pgettext_lazy("kind of chart", "Line")
    COLUMNS = "columns", pgettext_lazy("kind of chart", "Columns over time")
    SHARES = "shares", pgettext_lazy("kind of chart", "Shares over time")
    BARS = "bars", pgettext_lazy("kind of chart", "Bars")
    DONUT = "donut", pgettext_lazy("kind of chart", "Ring")
    PARETO = "pareto", pgettext_lazy("kind of chart", "Pareto")
    HEATMAP = "heatmap", pgettext_lazy("kind of chart", "Heat map")
    TABLE = "table", pgettext_lazy("kind of chart", "Table")


class TileSize(models.TextChoices):
    SMALL = "small", pgettext_lazy("size of a tile", "Quarter")
    MEDIUM = "medium", pgettext_lazy("size of a tile", "Half")
    WIDE = "wide", pgettext_lazy("size of a tile", "Whole row")


class BoardScope(models.TextChoices):
    """Who sees a dashboard beside its owner."""

    PERSONAL = "personal", pgettext_lazy("who sees a dashboard", "Only me")
    TEAM = "team", pgettext_lazy("who sees a dashboard", "A team")
    EVERYONE = "everyone", pgettext_lazy("who sees a dashboard", "Everybody")


class NoteKind(models.TextChoices):
    """What happened on a day that charts are read against."""

    RELEASE = "release", pgettext_lazy("note on the time line", "Release")
    CAMPAIGN = "campaign", pgettext_lazy("note on the time line", "Campaign")
    INCIDENT = "incident", pgettext_lazy("note on the time line", "Incident")
    OTHER = "other", pgettext_lazy("note on the time line", "Other")


class MailRhythm(models.TextChoices):
    """How often a dashboard comes by mail."""

    WEEKLY = "weekly", pgettext_lazy("how often", "Every Monday")
    MONTHLY = "monthly", pgettext_lazy("how often", "On the first of every month")
