"""How right the machine is, as far as people have said."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from accounts.selectors.personal_data import NOTHING_COVERED, Cover, cover_in_lists
from analytics.charts.data import Mark, Series, Step, TimeAxis, Unit
from analytics.charts.figure import figure
from analytics.charts.line import LineChart
from analytics.metrics.intervals import Estimate
from analytics.selectors.reading_quality import (
    WEEKS,
    OfTask,
    decided,
    disagreements,
    figures,
    knows_categories,
)
from analytics.views.reading_tabs import REVIEW, reading_tabs
from config.kernel.kept import settings_at
from feedback.models import Feedback

PAGE = "analytics:reading_quality"
# A line through single samples would show chance.
FEWEST_FOR_A_LINE = 10


@staff_with(REVIEW)
@require_GET
def quality(request: SignedInRequest) -> HttpResponse:
    found, disputed = figures(), disagreements(request.user)
    context = {
        "tabs": reading_tabs(request.user, PAGE),
        "weeks": WEEKS,
        "decided": decided(),
        "knows_categories": knows_categories(),
        "tasks": [_shown(one) for one in found],
        "has_samples": any(one.altogether or one.sure for one in found),
        "disagreements": disputed,
        "cover": _cover(request.user, disputed),
    }
    return render(request, "analytics/reading_quality.html", context)


def _cover(user: User, rows: Sequence[Feedback]) -> Cover:
    if not rows:
        return NOTHING_COVERED
    with settings_at(getattr(rows[0], "settings_stamp", None)):
        return cover_in_lists(user)


def _shown(one: OfTask) -> dict[str, Any]:
    share = one.altogether if one.is_fair else one.sure
    return {
        "task": one.task,
        "label": one.task.label,
        "altogether": one.altogether,
        "altogether_share": _in_words(one.altogether),
        "altogether_interval": _interval(one.altogether),
        "sure": one.sure,
        "sure_share": _in_words(one.sure),
        "sure_interval": _interval(one.sure),
        "is_fair": one.is_fair,
        "is_small": share is not None and share.is_small,
        "chart": figure(_chart(one), wide=True) if share and share.n >= FEWEST_FOR_A_LINE else "",
        "labels": [
            {
                "name": label.name,
                "precision": _in_words(label.precision),
                "precision_interval": _interval(label.precision),
                "recall": _in_words(label.recall),
                "recall_interval": _interval(label.recall),
                "said": label.precision.n if label.precision else 0,
                "are": label.recall.n if label.recall else 0,
            }
            for label in one.labels
        ],
        "pairs": one.pairs,
        "reviewed": one.reviewed,
        "corrected": one.corrected,
        "agreement": one.agreement,
        "agreed": _in_words(one.agreement.share) if one.agreement else "",
        "agreed_interval": _interval(one.agreement.share) if one.agreement else "",
    }


def _in_words(share: Estimate | None) -> str:
    return "" if share is None else f"{100 * share.value:.0f} %"


def _interval(share: Estimate | None) -> str:
    return "" if share is None else f"{100 * share.low:.0f}–{100 * share.high:.0f} %"


def _chart(one: OfTask) -> LineChart:
    marks = tuple(
        Mark(share.value, low=share.low, high=share.high, n=share.n) if share else Mark(None)
        for share in (week.share for week in one.weeks)
    )
    axis = TimeAxis(tuple(week.day for week in one.weeks), Step.WEEK, unfinished=True)
    title = _("Right in random samples, week by week: %(task)s") % {"task": one.task.label}
    return LineChart(title, axis, (Series(title, marks),), unit=Unit.SHARE, bounds=(0, 1))
