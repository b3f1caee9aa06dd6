"""The front door: the dashboard for those who work here, a welcome for everybody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from accounts.access import SignedInRequest, public, staff_with
from accounts.models import Team, User
from analytics.charts.figure import figure
from analytics.selectors.attention import concerns_of
from analytics.selectors.choice import Choice, read_choice, teams_of
from analytics.selectors.dashboard import figures_now, figures_of_period
from analytics.selectors.dashboard_charts import dashboard_charts
from analytics.selectors.setup import set_up_state
from analytics.selectors.window import today
from analytics.views.choosing import choosing, write_days
from analytics.views.tiles import tiles_now, tiles_of_period
from feedback.errors import FilterNotKnown
from feedback.models import Feedback

READ, WORK = "feedback.view_feedback", "feedback.change_feedback"


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who wants to see what, and when."""

    user: User
    choice: Choice
    teams: list[Team]
    now: datetime


Fill = Callable[[_Asked], dict[str, Any]]


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        has_tour = settings.DEBUG and set_up_state().has_demo
        return render(request, "analytics/entrance.html", {"has_tour": has_tour})
    if not request.user.has_perm(READ):
        return render(request, "analytics/no_role.html")
    return _answer(cast("SignedInRequest", request), "analytics/dashboard.html", _whole)


@staff_with(READ)
@require_GET
def dashboard_now(request: SignedInRequest) -> HttpResponse:
    """The part that changes by the minute, asked for again when something happened."""
    return _answer(request, "analytics/_dashboard_now.html", _now)


@staff_with(READ)
@require_GET
def dashboard_period(request: SignedInRequest) -> HttpResponse:
    """The figures of the period, asked for again when something happened."""
    return _answer(request, "analytics/_dashboard_period.html", _period)


def _answer(request: SignedInRequest, template: str, fill: Fill) -> HttpResponse:
    now, teams = timezone.now(), teams_of(request.user)
    try:
        choice = read_choice(dict(request.GET.lists()), teams=teams, today=today(now))
    except FilterNotKnown as unknown:
        context: dict[str, Any] = {"refusal": unknown}
        return render(request, "analytics/choice_unknown.html", context, status=400)
    context = {"choice": choice, "now": now}
    return render(request, template, context | fill(_Asked(request.user, choice, teams, now)))


def _whole(asked: _Asked) -> dict[str, Any]:
    context: dict[str, Any] = {"set_up": set_up_state() if asked.user.is_staff else None}
    if not Feedback.objects.visible_to(asked.user).exists():
        return context | {"is_empty": True}
    controls = choosing(asked.choice, asked.teams, today(asked.now))
    return context | {"choosing": controls, **_now(asked), **_period(asked)}


def _now(asked: _Asked) -> dict[str, Any]:
    user, choice, now = asked.user, asked.choice, asked.now
    return {
        "tiles_now": tiles_now(figures_now(user, choice, now)),
        "concerns": concerns_of(user, choice, now) if user.has_perm(WORK) else None,
    }


def _period(asked: _Asked) -> dict[str, Any]:
    figures = figures_of_period(asked.user, asked.choice, asked.now)
    charts = dashboard_charts(figures)
    return {
        "days": write_days(asked.choice.period),
        "tiles": tiles_of_period(figures),
        "volume": figure(charts.volume),
        "satisfaction": figure(charts.satisfaction),
        "response": figure(charts.response, wide=True),
        "categories": figure(charts.categories),
        "four": figure(charts.four),
    }
