"""The dashboards that are there from the first day. Each can be copied and then changed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from analytics.enums import TileChart, TileSize
from analytics.rules.tiles import BoardPlan, TilePlan

_SMALL, _WIDE = TileSize.SMALL, TileSize.WIDE
_SATISFACTIONS = ("overall", "functional", "service", "emotional")


def _number(metric: str, **more: Any) -> TilePlan:
    return TilePlan(metric, metric, TileChart.NUMBER, size=_SMALL, **more)


def _over_time(metric: str, *by: str, **more: Any) -> TilePlan:
    return TilePlan("-".join(("line", metric, *by)), metric, TileChart.LINE, by, **more)


def _tile(chart: TileChart, metric: str, *by: str, **more: Any) -> TilePlan:
    return TilePlan("-".join((chart.value, metric, *by)), metric, chart, by, **more)


SERVICE = BoardPlan(
    "service",
    _("Service"),
    (
        _number("volume"),
        _number("solved"),
        _number("backlog"),
        _number("backlog_age"),
        _over_time("backlog"),
        _over_time("first_answer_time"),
        _over_time("promises_kept"),
        _over_time("resolution_time"),
        _tile(TileChart.BARS, "kept_first_response", "team"),
        _tile(TileChart.BARS, "kept_resolution", "priority"),
        _number("first_answer_time_p90"),
        _number("resolution_time_p90"),
        _number("first_contact"),
        _number("reopened"),
    ),
    lead=_("How quickly we answer and resolve, what we promised, and what is left."),
    icon="headset",
)
SATISFACTION = BoardPlan(
    "satisfaction",
    _("Satisfaction"),
    (
        _number("csat"),
        _number("overall"),
        _number("nps"),
        _number("ces"),
        _over_time("csat"),
        _over_time("nps"),
        *(_tile(TileChart.GAUGE, one, size=_SMALL) for one in _SATISFACTIONS),
        _tile(TileChart.BARS, "csat", "team"),
        _tile(TileChart.BARS, "csat", "channel"),
        _tile(TileChart.BARS, "csat", "branch"),
        _tile(TileChart.BARS, "nps", "tier"),
    ),
    lead=_("What customers say when they are asked."),
    icon="smile",
    days=90,
)
TEXT = BoardPlan(
    "text",
    _("Texts"),
    (
        _number("negative"),
        _number("mood"),
        _number("volume"),
        _number("reopened"),
        _over_time("negative"),
        _tile(TileChart.SHARES, "volume", "mood"),
        _tile(TileChart.PARETO, "volume", "category"),
        _tile(TileChart.BARS, "negative", "branch"),
        _tile(TileChart.HEATMAP, "volume", "branch", "mood"),
        _tile(TileChart.HEATMAP, "negative", "branch", "channel"),
        _tile(TileChart.DONUT, "volume", "language"),
        _tile(TileChart.BARS, "volume", "stage"),
    ),
    lead=_("What customers write about and how it sounds."),
    icon="text-search",
)
TEAM = BoardPlan(
    "team",
    _("Teams"),
    (
        _tile(TileChart.COLUMNS, "volume", "team"),
        _over_time("first_answer_time", "team"),
        _tile(TileChart.BARS, "backlog", "team"),
        _tile(TileChart.BARS, "resolution_time", "team"),
        _tile(TileChart.BARS, "promises_kept", "team"),
        _tile(TileChart.BARS, "csat", "team"),
        _tile(TileChart.HEATMAP, "volume", "team", "branch", size=_WIDE),
        _tile(TileChart.TABLE, "solved", "assignee"),
        _tile(TileChart.TABLE, "backlog", "assignee"),
    ),
    lead=_("How work is spread and how each team does."),
    icon="users",
)
CHANNEL = BoardPlan(
    "channel",
    _("Channels"),
    (
        _tile(TileChart.COLUMNS, "volume", "channel"),
        _tile(TileChart.DONUT, "volume", "channel"),
        _tile(TileChart.BARS, "first_answer_time", "channel"),
        _tile(TileChart.BARS, "csat", "channel"),
        _tile(TileChart.BARS, "negative", "channel"),
        _tile(TileChart.BARS, "reopened", "channel"),
        _tile(TileChart.HEATMAP, "volume", "channel", "branch", size=_WIDE),
    ),
    lead=_("Where feedback comes in and how it is dealt with there."),
    icon="radio-tower",
)
SURVEY = BoardPlan(
    "survey",
    _("Surveys"),
    (
        _number("overall"),
        _number("nps"),
        _number("ces"),
        _number("service"),
        _over_time("overall"),
        _over_time("nps"),
        _tile(TileChart.BARS, "overall", "survey"),
        _tile(TileChart.BARS, "nps", "survey"),
        _tile(TileChart.BARS, "overall", "way"),
        _tile(TileChart.BARS, "ces", "way"),
        _tile(TileChart.HEATMAP, "overall", "survey", "tier", size=_WIDE),
    ),
    lead=_("What surveys say, by survey and by the way in which answers came."),
    icon="clipboard-list",
    days=90,
)
OVERVIEW = BoardPlan(
    "overview",
    _("Overview"),
    (
        _number("volume"),
        _number("first_answer_time"),
        _number("resolution_time"),
        _number("csat"),
        _tile(TileChart.COLUMNS, "volume", "channel"),
        _tile(TileChart.BARS, "volume", "branch"),
        _over_time("csat"),
        _over_time("negative"),
        _over_time("first_answer_time"),
        _over_time("backlog"),
    ),
    lead=_("All of it at a glance."),
)
READY: dict[str, BoardPlan] = {
    one.key: one for one in (OVERVIEW, SERVICE, SATISFACTION, TEXT, TEAM, CHANNEL, SURVEY)
}
