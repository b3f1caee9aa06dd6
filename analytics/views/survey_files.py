"""Figures of a survey as files: what stands on the page, in lines that everything else can be
computed from."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.metrics.intervals import Estimate
from analytics.selectors.survey_figures import Figures
from feedback.enums import ExportFormat
from feedback.services.list_exports import write_table


def table_file(
    head: Sequence[Any], rows: Iterable[Sequence[Any]], *, format_: str, title: str
) -> FileResponse:
    """A table to download, of the format of ExportFormat."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_table(file, head, rows, format_=format_, title=title)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{title} {timezone.localdate().isoformat()}.{format_}",
        content_type=ExportFormat(format_).media_type,
    )


def figures_file(figures: Iterable[Figures], *, format_: str) -> FileResponse:
    """One line for each figure: each answer with how many gave it, each place of a ranking, and
    what is computed of a question (mean, NPS, top-2, effort) with its interval."""
    head = [
        _("Code"),
        _("Question"),
        pgettext("of a question", "Part"),
        pgettext("to a question", "Shown"),
        pgettext("to a question", "Answered"),
        _("With an opinion"),
        pgettext("in results", "Figure"),
        pgettext("how many", "People"),
        _("Value"),
        _("From (95 %)"),
        _("To (95 %)"),
    ]
    rows = [line for one in figures for line in _lines(one)]
    return table_file(head, rows, format_=format_, title=_("Results"))


def _lines(figures: Figures, block: str = "") -> list[list[Any]]:
    if figures.parts:
        name = figures.result.question.text
        return [line for part in figures.parts for line in _lines(part, name)]
    result = figures.result
    text = result.question.text
    base = [
        result.question.code,
        block or text,
        text if block else "",
        result.shown,
        result.answered,
        result.valid,
    ]
    found = [[*base, line.label, line.count, *_numbers(line.share)] for line in figures.lines]
    for place, share in figures.places:
        first = _("%(choice)s: put first") % {"choice": place.label}
        mean = _("%(choice)s: mean place") % {"choice": place.label}
        found.append([*base, first, place.firsts, *_numbers(share)])
        found.append([*base, mean, place.count, round(place.mean, 4), None, None])
    for label, estimate in _computed(figures):
        found.append([*base, label, None, *_numbers(estimate)])
    return found or [[*base, "", None, None, None, None]]


def _computed(figures: Figures) -> list[tuple[str, Estimate]]:
    found = [
        (_("Mean"), figures.mean),
        (_("NPS"), figures.nps.score if figures.nps else None),
        (_("Satisfied (4 and 5)"), figures.csat.share if figures.csat else None),
        (_("Easy (5 to 7)"), figures.ces.easy if figures.ces else None),
        (_("Index (6 and 7 minus 1 to 3)"), figures.ces.index if figures.ces else None),
    ]
    return [(label, one) for label, one in found if one is not None]


def _numbers(one: Estimate | None) -> list[float | None]:
    """A single answer has no interval."""
    if one is None:
        return [None, None, None]
    ends = [round(one.low, 4), round(one.high, 4)] if one.n > 1 else [None, None]
    return [round(one.value, 4), *ends]
