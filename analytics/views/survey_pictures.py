"""The chart of one question as a picture that stands by itself, for slides and reports."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.charts.data import Item, Mark, Unit
from analytics.charts.figure import svg
from analytics.charts.hbars import HBarChart
from analytics.views.survey_cards import TOO_FEW
from surveys.selectors.results import QuestionResult

WIDTH = 760


def has_picture(result: QuestionResult) -> bool:
    """Whether there are bars, and somebody answered."""
    return bool(result.bars and result.valid)


def picture_of(results: Sequence[QuestionResult], code: str) -> HttpResponse | None:
    """As an SVG file; None for a question that has no bars."""
    leaves = [leaf for one in results for leaf in (one, *one.parts)]
    result = next((one for one in leaves if one.question.code == code), None)
    if result is None or not has_picture(result):
        return None
    response = HttpResponse(svg(_chart(result), WIDTH, standalone=True), "image/svg+xml")
    name = f"{code} {timezone.localdate().isoformat()}.svg"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _chart(result: QuestionResult) -> HBarChart:
    """Shares of those with an opinion; of too few for that, how many they are."""
    bars = [bar for bar in result.bars if not bar.is_missing]
    is_small = result.valid < TOO_FEW
    people = ngettext("%(n)s person", "%(n)s people", result.valid) % {"n": result.valid}
    return HBarChart(
        title=f"{result.question.text} ({people})",
        items=tuple(
            Item(bar.label, Mark(bar.count if is_small else bar.share / 100)) for bar in bars
        ),
        unit=Unit.COUNT if is_small else Unit.SHARE,
        bounds=None if is_small else (0, 1),
        description=_("Shares of those with an opinion."),
    )
