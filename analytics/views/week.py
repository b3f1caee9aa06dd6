"""Your week: what the weekly mail tells, as a page."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_only
from accounts.models import Team, User
from analytics.metrics.periods import Period
from analytics.selectors.week import DAYS, last_week, monday_of, parts_of, teams_led_by, week_of
from analytics.selectors.window import today
from analytics.views.choosing import write_days
from analytics.views.improvement import unknown
from feedback.errors import FilterNotKnown

EARLIEST = date(2000, 1, 3)


@staff_only
@require_GET
def week(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    last = last_week(today(now))
    try:
        period = read_week(request.GET.get("week", ""), last)
        team = read_team(request.GET.get("team", ""), request.user)
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "week")
    section = week_of(request.user, team, period, now)
    context = {
        "section": section,
        "groups": parts_of(section),
        "days": write_days(period),
        "tabs": _tabs(request.user, team, period, last),
        "earlier": address(team, period.before, last),
        "later": address(team, _after(period), last) if period != last else "",
    }
    return render(request, "analytics/culture/week.html", context)


def read_week(text: str, last: Period) -> Period:
    """A week that is over, by its Monday; the last one without. Raises FilterNotKnown."""
    if not text:
        return last
    try:
        first = date.fromisoformat(text)
    except ValueError:
        raise FilterNotKnown("week", text[:60]) from None
    if first != monday_of(first) or not EARLIEST <= first <= last.first:
        raise FilterNotKnown("week", text[:60])
    return Period(first, first + timedelta(days=DAYS - 1))


def read_team(text: str, user: User) -> Team | None:
    """One that this person leads. Raises FilterNotKnown."""
    if not text:
        return None
    for one in teams_led_by(user):
        if text == str(one.pk):
            return one
    raise FilterNotKnown("team", text[:60])


def address(team: Team | None, period: Period, last: Period) -> str:
    pairs = {"team": str(team.pk)} if team else {}
    if period != last:
        pairs["week"] = str(period.first)
    return reverse("analytics:week") + (f"?{urlencode(pairs)}" if pairs else "")


def _after(period: Period) -> Period:
    first = period.last + timedelta(days=1)
    return Period(first, first + timedelta(days=DAYS - 1))


def _tabs(user: User, team: Team | None, period: Period, last: Period) -> list[dict[str, Any]]:
    return [
        {
            "label": one.name if one else _("My week"),
            "url": address(one, period, last),
            "current": one == team,
        }
        for one in (None, *teams_led_by(user))
    ]
