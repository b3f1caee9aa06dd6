"""Your week: what the weekly mail tells, as a page."""

from datetime import timedelta
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
from analytics.selectors.week import (
    DAYS,
    last_week,
    parts_of,
    read_team,
    read_week,
    teams_led_by,
    week_of,
)
from analytics.selectors.window import today
from analytics.views.choosing import write_days
from analytics.views.listing import Choices, links, unknown
from feedback.errors import FilterNotKnown


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
        "tabs": links("team", _whose(request.user), request.GET.dict()),
        "earlier": address(team, period.before, last),
        "later": address(team, _after(period), last) if period != last else "",
    }
    return render(request, "analytics/culture/week.html", context)


def address(team: Team | None, period: Period, last: Period) -> str:
    pairs = {"team": str(team.pk)} if team else {}
    if period != last:
        pairs["week"] = str(period.first)
    return reverse("analytics:week") + (f"?{urlencode(pairs)}" if pairs else "")


def _after(period: Period) -> Period:
    first = period.last + timedelta(days=1)
    return Period(first, first + timedelta(days=DAYS - 1))


def _whose(user: User) -> Choices:
    return [("", _("My week")), *((str(one.pk), one.name) for one in teams_led_by(user))]
