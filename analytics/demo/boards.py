"""A dashboard and some notes of the demo company, and how they go with it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from analytics.demo.company import Company
from analytics.enums import BoardScope, NoteKind, TileChart, TileSize
from analytics.models import (
    Dashboard,
    DashboardLink,
    DashboardMail,
    DashboardTile,
    TimelineNote,
)
from analytics.selectors.window import today

# days ago, kind, text
_NOTES = [
    (1, NoteKind.RELEASE, "App 3.3"),
    (9, NoteKind.CAMPAIGN, "双十一促销"),
    (26, NoteKind.RELEASE, "App 3.2"),
    (61, NoteKind.INCIDENT, "物流仓库停电两天"),
    (130, NoteKind.RELEASE, "App 3.0"),
]
# metric, told apart by, chart, size, goal
_TILES: list[tuple[str, list[str], TileChart, TileSize, float | None]] = [
    ("csat", [], TileChart.NUMBER, TileSize.SMALL, 0.8),
    ("first_answer_time", [], TileChart.NUMBER, TileSize.SMALL, 8),
    ("backlog", [], TileChart.NUMBER, TileSize.SMALL, None),
    ("nps", [], TileChart.GAUGE, TileSize.SMALL, None),
    ("csat", [], TileChart.LINE, TileSize.MEDIUM, 0.8),
    ("volume", ["branch"], TileChart.COLUMNS, TileSize.MEDIUM, None),
    ("volume", ["channel", "branch"], TileChart.HEATMAP, TileSize.WIDE, None),
]


def keep_boards(company: Company, now: datetime) -> None:
    """For everybody, of the lead of those who look after customers."""
    owner = company.lead("relations")
    board = Dashboard.objects.create(
        name=_("Our customers"), owner=owner, scope=BoardScope.EVERYONE, days=90, compares=True
    )
    DashboardTile.objects.bulk_create(
        DashboardTile(
            dashboard=board, metric=metric, by=by, chart=chart, size=size, goal=goal, position=at
        )
        for at, (metric, by, chart, size, goal) in enumerate(_TILES)
    )
    day = today(now)
    TimelineNote.objects.bulk_create(
        TimelineNote(day=day - timedelta(days=days), kind=kind, text=text, made_by=owner)
        for days, kind, text in _NOTES
    )


def boards_of_demo() -> list[QuerySet[Any]]:
    """What goes with the demo company."""
    owned = Dashboard.objects.filter(owner__is_demo=True)
    return [
        owned,
        DashboardTile.objects.filter(dashboard__in=owned),
        DashboardLink.objects.filter(made_by__is_demo=True),
        DashboardMail.objects.filter(user__is_demo=True),
        TimelineNote.objects.filter(Q(made_by__is_demo=True) | Q(team__is_demo=True)),
    ]


def forget_boards() -> None:
    """What real people made for a team of the demo stays theirs."""
    real = Dashboard.objects.filter(owner__is_demo=False, team__is_demo=True)
    real.update(scope=BoardScope.PERSONAL, team=None)
    for rows in reversed(boards_of_demo()):
        rows.delete()
