"""The strip above the results of a survey: who came and what became of them."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from analytics.charts.data import Unit
from analytics.charts.wording import write_number
from analytics.selectors.survey_groups import Group
from analytics.selectors.survey_summary import Summary, is_by_answers
from analytics.views.survey_cards import share_words
from analytics.views.survey_groups import list_url
from surveys.models import Survey


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure; `url` leads to exactly what it counts."""

    label: str
    value: str
    note: str = ""
    url: str = ""


def tiles_of(summary: Summary, survey: Survey, group: Group, *, linked: bool = True) -> list[Tile]:
    """Those that say something: nobody is told that no quota was full."""
    counted = group.count
    url = list_url(survey, group) if linked else ""
    whole = not is_by_answers(group.chosen)
    left_out = _left_out(summary.left_out) if whole else ""
    found = [Tile(_("Responses counted"), _count(counted), left_out, url)]
    if whole:
        found += _unfinished(summary)
    if summary.reached is not None and summary.rate is not None:
        asked = ngettext(
            "%(replied)s of %(n)s person asked",
            "%(replied)s of %(n)s people asked",
            summary.reached,
        ) % {"replied": _count(summary.replied or 0), "n": _count(summary.reached)}
        found.append(
            Tile(
                _("Response rate of invitations"),
                share_words(summary.rate, summary.reached),
                asked,
                reverse("surveys:collectors", args=[survey.slug]) if linked else "",
            )
        )
    if summary.median is not None:
        found.append(Tile(_("Time taken (median)"), span_words(summary.median)))
    return found


def _unfinished(summary: Summary) -> list[Tile]:
    left = _percent(summary.left, summary.begun - summary.running)
    found = [Tile(pgettext("responses", "Left half-way"), _count(summary.partial), left)]
    if summary.running:
        found.append(Tile(_("Still answering"), _count(summary.running)))
    turned_away = summary.screened_out + summary.quota_full
    if turned_away:
        full = _("%(number)s of them because a quota was full") % {
            "number": _count(summary.quota_full)
        }
        note = full if summary.quota_full else ""
        found.append(Tile(_("Screened out"), _count(turned_away), note))
    return found


def span_words(span: timedelta) -> str:
    """A short time: 45 s, 3 min 20 s, 1 h 5 min."""
    seconds = round(span.total_seconds())
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": seconds}
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        if not rest:
            return _("%(minutes)s min") % {"minutes": minutes}
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(round(seconds / 60), 60)
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def _left_out(n: int) -> str:
    if not n:
        return ""
    return ngettext("%(n)s more is not counted", "%(n)s more are not counted", n) % {
        "n": _count(n)
    }


def _percent(share: float | None, base: int) -> str:
    if share is None:
        return ""
    return _("%(share)s of those who began and are through") % {"share": share_words(share, base)}


def _count(n: int) -> str:
    return write_number(n, Unit.COUNT)
