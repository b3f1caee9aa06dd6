"""How what customers wrote sounds: by mood, over time, by where it comes from, by category."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.charts.data import Item, Mark, Series, TimeAxis, Tone, Unit
from analytics.charts.figure import figure
from analytics.charts.hbars import HBarChart
from analytics.charts.line import LineChart
from analytics.charts.wording import write_interval, write_number
from analytics.metrics.intervals import Estimate
from analytics.metrics.periods import Period
from analytics.metrics.trend import Change, Direction
from analytics.selectors.evidence_sources import SENTIMENT
from analytics.selectors.sentiment import (
    GROUPS,
    Aspect,
    Sentiment,
    Tally,
    sentiment_of,
    texts_behind,
)
from analytics.selectors.text_choice import TextChoice
from analytics.views.choosing import write_days
from analytics.views.keywords import READ, asked, texts_page
from analytics.views.reading_tabs import REVIEW
from analytics.views.survey_files import table_file
from analytics.views.text_choosing import TextChoosing, text_choosing
from config.kernel.numbers import row_id
from feedback.enums import ExportFormat, Mood
from feedback.models import Category

PAGE, LIST = "analytics:sentiment", "analytics:sentiment_texts"
SHOWN = 20  # rows of a group; the file has all of them
_TONES = {Mood.NEGATIVE: Tone.BAD, Mood.NEUTRAL: Tone.NEUTRAL, Mood.POSITIVE: Tone.GOOD}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: each number in words, with the list behind it ("" without one)."""

    name: str
    texts: int
    url: str
    negative: int
    negative_url: str
    share: str
    interval: str
    mean: str
    mean_interval: str


@staff_with(READ)
@require_GET
def sentiment(request: SignedInRequest) -> HttpResponseBase:
    choice = asked(request, {"format"}, PAGE)
    if isinstance(choice, HttpResponse):
        return choice
    found = sentiment_of(request.user, choice)
    address = reverse(PAGE)
    choosing = text_choosing(request.user, choice, address)
    names = _names(choosing)
    format_ = request.GET.get("format", "")
    if format_ in {ExportFormat.CSV.value, ExportFormat.XLSX.value}:
        return _file(found, names, format_)
    # A share of negative texts among negative ones says nothing, and nothing is compared here.
    menus = [menu for menu in choosing.menus if menu.name not in {"mood", "compare"}]
    whole = found.whole
    context = {
        "choosing": replace(choosing, menus=menus),
        "choice": choice,
        "days": write_days(choice.choice.period),
        "whole": whole,
        "share": _share(whole.share),
        "mean": _mean(whole.mean),
        "is_small": whole.share is not None and whole.share.is_small,
        "change": _in_words(found.change),
        "all_url": _list(choice),
        "negative_url": _list(choice, mood="negative") if whole.negative else "",
        "ironic_url": _list(choice, ironic="1") if whole.ironic else "",
        "review_url": f"{reverse('analytics:review')}?reason=irony"
        if whole.ironic and request.user.has_perm(REVIEW)
        else "",
        "moods": figure(_moods(whole, choice)),
        "trend": figure(_trend(found, choice), wide=True) if whole.told else "",
        "groups": _groups(found, names, choice),
        "aspects": [_aspect_row(one, choice) for one in found.aspects],
        "exports": [
            (label, f"{address}?{choice.query(format=value)}")
            for value, label in (("csv", "CSV"), ("xlsx", "XLSX"))
        ],
    }
    return render(request, "analytics/text/sentiment.html", context)


@staff_with(READ)
@require_GET
def sentiment_texts(request: SignedInRequest) -> HttpResponse:
    """The texts behind a number."""
    choice = asked(request, {"aspect", "part", "ironic", "page"}, PAGE)
    if isinstance(choice, HttpResponse):
        return choice
    aspect = row_id(request.GET.get("aspect", ""))
    category = Category.objects.filter(pk=aspect).first() if aspect else None
    negative = request.GET.get("part") == "negative"
    ironic = request.GET.get("ironic") == "1"
    readings = texts_behind(
        request.user, choice, aspect=aspect or None, negative=negative, ironic=ironic
    )
    title = category.name if category else _("Texts")
    if category and negative:
        title = _("%(category)s: something bad is said") % {"category": category.name}
    elif ironic:
        title = _("Possibly ironic")
    elif not category and (mood := choice.narrowed.get("mood")):
        title = str(Mood(mood).label)
    back = f"{reverse(PAGE)}?{choice.query(mood='')}"
    return texts_page(
        request,
        readings,
        choice,
        title=title,
        back=back,
        back_label=_sentiment(),
        kind=SENTIMENT,
    )


def _sentiment() -> str:
    return pgettext("of a text", "Sentiment")


def _list(choice: TextChoice, **changes: str) -> str:
    return f"{reverse(LIST)}?{choice.query(**changes)}"


def _within(choice: TextChoice, period: Period) -> TextChoice:
    return replace(choice, choice=replace(choice.choice, period=period, preset=0))


def _share(share: Estimate | None) -> tuple[str, str]:
    """In percent, with its interval."""
    if share is None:
        return "–", ""
    value = write_number(round(share.value, 3), Unit.SHARE)
    return value, write_interval(round(share.low, 3), round(share.high, 3), Unit.SHARE)


def _mean(mean: Estimate | None) -> tuple[str, str]:
    """From -100 to 100; a single text and a few that sound the same have no interval."""
    if mean is None:
        return "–", ""
    value = write_number(round(mean.value), Unit.POINTS)
    if mean.n < 2 or mean.low == mean.high:
        return value, ""
    return value, write_interval(round(mean.low), round(mean.high), Unit.POINTS)


def _in_words(change: Change | None) -> str:
    """The share of negative texts against the period before."""
    if change is None:
        return _("There is nothing in the period before to compare with.")
    points = {
        "points": write_number(abs(round(change.difference * 100, 1)), Unit.COUNT),
        "interval": write_interval(
            round(change.low * 100, 1), round(change.high * 100, 1), Unit.POINTS
        ),
    }
    if change.direction is Direction.UP:
        said = _(
            "The share of negative texts is %(points)s points higher than in the period before "
            "(95 percent interval of the difference: %(interval)s)."
        )
    elif change.direction is Direction.DOWN:
        said = _(
            "The share of negative texts is %(points)s points lower than in the period before "
            "(95 percent interval of the difference: %(interval)s)."
        )
    else:
        said = _(
            "No clear change of the share of negative texts since the period before "
            "(95 percent interval of the difference: %(interval)s points)."
        )
    return said % points


def _moods(whole: Tally, choice: TextChoice) -> HBarChart:
    items = []
    for mood in Mood:
        count = getattr(whole, mood.value)
        url = _list(choice, mood=mood.value) if count else ""
        items.append(Item(str(mood.label), Mark(float(count), url), _TONES.get(mood, Tone.NONE)))
    return HBarChart(_("Texts by sentiment"), tuple(items), of_total=True)


def _trend(found: Sentiment, choice: TextChoice) -> LineChart:
    marks = tuple(
        Mark(
            one.value,
            _list(_within(choice, bucket), mood="negative") if tally.negative else "",
            one.low,
            one.high,
            one.n,
        )
        if (one := tally.share)
        else Mark(None)
        for bucket, tally in zip(found.buckets, found.series, strict=True)
    )
    axis = TimeAxis(
        tuple(bucket.first for bucket in found.buckets),
        found.step,
        choice.window.is_running,
        tuple(bucket.last for bucket in found.buckets),
    )
    title = _("Share of negative texts over time, with its 95 percent interval")
    name = _("Share of negative texts")
    return LineChart(title, axis, (Series(name, marks, Tone.BAD),), unit=Unit.SHARE)


def _names(choosing: TextChoosing) -> dict[str, dict[str, str]]:
    """What each value of a group is called, as the menus say; "" for the group itself. Menus
    of one entry are not shown, and their group is not told apart either."""
    return {
        menu.name: {"": menu.label, **{value: name for value, name, _on in menu.options if value}}
        for menu in choosing.menus
        if menu.name in GROUPS
    }


def _groups(
    found: Sentiment, names: dict[str, dict[str, str]], choice: TextChoice
) -> list[dict[str, Any]]:
    tables = []
    for group, known in names.items():
        parts = [part for part in found.parts if part.group == group][:SHOWN]
        rows = [
            _row(
                known.get(part.value or "") if part.value else _("None"),
                part.tally,
                {group: part.value} if part.value in known and part.value else None,
                choice,
            )
            for part in parts
        ]
        if any(part.value for part in parts):
            tables.append({"name": known[""], "rows": rows})
    return tables


def _row(name: str | None, tally: Tally, where: dict[str, str] | None, choice: TextChoice) -> Row:
    """`where`: the filter that leaves only these texts, None where there is none."""
    url = negative_url = ""
    if where is not None:
        url = _list(choice, **where)
        negative_url = _list(choice, **{**where, "mood": "negative"}) if tally.negative else ""
    return Row(
        name or _("Unknown"),
        tally.texts,
        url,
        tally.negative,
        negative_url,
        *_share(tally.share),
        *_mean(tally.mean),
    )


def _aspect_row(one: Aspect, choice: TextChoice) -> Row:
    key = str(one.category)
    return Row(
        one.name,
        one.texts,
        _list(choice, aspect=key),
        one.negative,
        _list(choice, aspect=key, part="negative") if one.negative else "",
        *_share(one.share),
        *_mean(one.mean),
    )


def _file(found: Sentiment, names: dict[str, dict[str, str]], format_: str) -> HttpResponseBase:
    head: Sequence[Any] = [
        pgettext("of a table", "Group"),
        _("Name"),
        _("Texts"),
        *(str(mood.label) for mood in Mood),
        _("Possibly ironic"),
        _("Share of negative texts"),
        _("From (95 %)"),
        _("To (95 %)"),
        _("Mean sentiment"),
        _("From (95 %)"),
        _("To (95 %)"),
    ]
    rows = [*_lines(found, names)]
    return table_file(head, rows, format_=format_, title=_sentiment())


def _lines(found: Sentiment, names: dict[str, dict[str, str]]) -> Iterator[list[Any]]:
    yield _line(_("All texts"), "", found.whole)
    yield _line(_("The period before"), "", found.before)
    for bucket, tally in zip(found.buckets, found.series, strict=True):
        yield _line(_("Over time"), bucket.first.isoformat(), tally)
    for part in found.parts:
        if known := names.get(part.group):
            name = known.get(part.value, part.value) if part.value else _("None")
            yield _line(known[""], name, part.tally)
    for one in found.aspects:
        counts = [one.texts, one.negative, *[None] * (len(Mood))]
        figures = [*_numbers(one.share, 4), *_numbers(one.mean, 1)]
        yield [_("What is said of"), one.name, *counts, *figures]


def _line(group: str, name: str, tally: Tally) -> list[Any]:
    moods = [getattr(tally, mood.value) for mood in Mood]
    figures = [*_numbers(tally.share, 4), *_numbers(tally.mean, 1)]
    return [group, name, tally.texts, *moods, tally.ironic, *figures]


def _numbers(one: Estimate | None, digits: int) -> list[float | None]:
    if one is None:
        return [None, None, None]
    return [round(number, digits) for number in (one.value, one.low, one.high)]
