"""Words and phrases of what customers wrote: what they are about, what sets groups apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.charts.cloud import CloudChart, cloud
from analytics.charts.data import Item, Mark, TimeAxis
from analytics.charts.sparkline import Sparkline, sparkline
from analytics.models import TextReading
from analytics.selectors.choice import teams_of
from analytics.selectors.evidence_sources import KEYWORD
from analytics.selectors.keyword_texts import FIRST, SECOND, texts_with
from analytics.selectors.keywords import Keyword, Keywords, keywords_of
from analytics.selectors.text_choice import GROUP, TextChoice, read_text_choice
from analytics.selectors.text_wording import wording_in_use
from analytics.views.choosing import write_days
from analytics.views.improvement import problem_url
from analytics.views.survey_files import table_file
from analytics.views.text_choosing import TextChoosing, text_choosing
from analytics.views.text_list import text_list
from feedback.enums import ExportFormat
from feedback.errors import FilterNotKnown

READ = "feedback.view_feedback"
PAGE = "analytics:keywords"
IN_CLOUD = 60


@dataclass(frozen=True, slots=True)
class Row:
    keyword: Keyword
    url: str
    spark: SafeString


@staff_with(READ)
@require_GET
def keywords(request: SignedInRequest) -> HttpResponseBase:
    found = asked(request, {"format"}, PAGE)
    if isinstance(found, HttpResponse):
        return found
    counted = keywords_of(request.user, found, wording_in_use())
    format_ = request.GET.get("format", "")
    if format_ in {ExportFormat.CSV.value, ExportFormat.XLSX.value}:
        return _file(counted, format_)
    axis = TimeAxis(
        tuple(bucket.first for bucket in counted.buckets),
        counted.step,
        found.window.is_running,
        tuple(bucket.last for bucket in counted.buckets),
    )
    address = reverse(PAGE)
    choosing = text_choosing(request.user, found, address, comparing=True)
    context = {
        "choosing": choosing,
        "choice": found,
        "days": write_days(found.choice.period),
        "counted": counted,
        "rows": [_row(one, found, axis) for one in counted.shown],
        "cloud": _cloud(counted, found) if counted.shown else "",
        "groups": _groups(counted, found, choosing),
        "exports": [
            (label, f"{address}?{found.query(format=value)}")
            for value, label in (("csv", "CSV"), ("xlsx", "XLSX"))
        ],
    }
    return render(request, "analytics/text/keywords.html", context)


@staff_with(READ)
@require_GET
def keyword_texts(request: SignedInRequest) -> HttpResponse:
    """The texts behind a number."""
    found = asked(request, {"word", "side", "page"}, PAGE)
    if isinstance(found, HttpResponse):
        return found
    word = " ".join(request.GET.get("word", "").split())[:200]
    side = request.GET.get("side", "")
    behind = texts_with(request.user, found, word, wording_in_use(), side)
    return texts_page(
        request,
        behind.texts,
        found.other if side == SECOND and found.other else found,
        title=word or _("Texts"),
        back=f"{reverse(PAGE)}?{found.query()}",
        back_label=_("Keywords"),
        kind=KEYWORD,
        of_newest=behind.of_newest,
    )


def texts_page(
    request: SignedInRequest,
    readings: QuerySet[TextReading],
    choice: TextChoice,
    *,
    title: str,
    back: str,
    back_label: str,
    kind: str,
    of_newest: int | None = None,
) -> HttpResponse:
    """The texts behind a number of a page about texts. `kind`: what a problem is made from here
    (selectors.evidence_sources). `of_newest`: only so many of what was chosen were looked at."""
    context = text_list(request, readings) | {
        "title": title,
        "days": write_days(choice.choice.period),
        "back": back,
        "back_label": back_label,
        "of_newest": of_newest,
        "problem_url": problem_url(request, kind),
    }
    return render(request, "analytics/text/texts.html", context)


def asked(request: SignedInRequest, own: set[str], page: str) -> TextChoice | HttpResponse:
    """What the address of a page about texts asks for, beside its `own` parameters, or the page
    that says what of it does not exist."""
    params = {name: texts for name, texts in request.GET.lists() if name not in own}
    try:
        return read_text_choice(
            params, teams=teams_of(request.user), now=timezone.now(), user=request.user
        )
    except FilterNotKnown as unknown:
        context = {"refusal": unknown, "url": reverse(page)}
        return render(request, "analytics/text/unknown.html", context, status=400)


def _list_url(keyword: Keyword, choice: TextChoice, side: str = "") -> str:
    return f"{reverse('analytics:keyword_texts')}?{choice.query(word=keyword.key, side=side)}"


def _row(keyword: Keyword, choice: TextChoice, axis: TimeAxis) -> Row:
    marks = tuple(Mark(float(value)) for value in keyword.series)
    title = _("“%(word)s” over time") % {"word": keyword.label}
    picture = sparkline(Sparkline(title, axis, marks), width=96, height=24)
    return Row(keyword, _list_url(keyword, choice), picture)


def _cloud(counted: Keywords, choice: TextChoice) -> SafeString:
    items = tuple(
        Item(one.label, Mark(float(one.texts), _list_url(one, choice)))
        for one in counted.rows[:IN_CLOUD]
    )
    return cloud(CloudChart(_("The most frequent words"), items), width=760)


def _groups(counted: Keywords, choice: TextChoice, choosing: TextChoosing) -> list[dict[str, Any]]:
    """The two sides of a comparison, each with the words that belong to it."""
    names = (_("These texts"), _("The view “%(view)s”") % {"view": choice.other_name})
    names = {
        "moods": (_("Negative texts"), _("Positive texts")),
        "before": (_("This period"), _("The period before")),
        "rest": (_("These texts"), _("All others")),
        GROUP: choosing.names,
    }.get(choice.compare, names)
    sides = zip(
        (FIRST, SECOND),
        names,
        counted.sizes,
        (counted.is_cut, counted.second_is_cut),
        (counted.first, counted.second),
        strict=True,
    )
    return [
        {
            "name": name,
            "size": size,
            "is_cut": is_cut,
            "rows": [
                (
                    one,
                    one.odds.first if side == FIRST else one.odds.second,
                    _list_url(one, choice, side),
                    abs(one.odds.z),
                )
                for one in words
            ],
        }
        for side, name, size, is_cut, words in sides
    ]


def _file(counted: Keywords, format_: str) -> HttpResponseBase:
    head: Sequence[Any] = [
        pgettext("in a text", "Word"),
        _("Texts"),
        _("Share"),
        _("Change of the share"),
        _("p value"),
        _("Texts of the first group"),
        _("Texts of the second group"),
        _("Log-odds"),
        "z",
    ]
    # The words of the second group may be in none of the texts that were chosen.
    words = {one.key: one for one in (*counted.rows, *counted.first, *counted.second)}
    rows = [
        [
            one.label,
            one.texts,
            round(one.share, 5),
            round(one.change.difference, 5) if one.change else None,
            round(one.change.p_value, 5) if one.change else None,
            one.odds.first,
            one.odds.second,
            round(one.odds.log_odds, 4),
            round(one.odds.z, 3),
        ]
        for one in words.values()
    ]
    return table_file(head, rows, format_=format_, title=_("Keywords"))
