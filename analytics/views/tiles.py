"""The dashboard's numbers in words: one tile each."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from analytics.charts.data import Mark, TimeAxis, Unit
from analytics.charts.sparkline import Sparkline, sparkline
from analytics.charts.wording import write_interval, write_number
from analytics.metrics.intervals import SMALL_SAMPLE
from analytics.metrics.trend import Change, Direction
from analytics.selectors.dashboard import Now, PeriodFigures, Ratings, Share, Timing, Volume
from config.kernel.templatetags.ui import span_in_words


@dataclass(frozen=True, slots=True)
class Trend:
    """Against the period before, in words. `tone` is green or red only where the difference is
    significant and one of them is better."""

    words: str
    icon: str = "minus"
    tone: str = "gray"


@dataclass(frozen=True, slots=True)
class Tile:
    """`count` is how many records the list behind `url` has; it stands in value or note."""

    name: str
    label: str
    value: str
    count: int
    url: str
    icon: str = ""
    note: str = ""
    tone: str = ""
    trend: Trend | None = None
    spark: SafeString | None = None


def tiles_now(now: Now) -> list[Tile]:
    facts: list[tuple[str, str, Any, str, str]] = [
        ("open", pgettext("list of records", "Open"), now.open, "inbox", ""),
        ("overdue", _("Overdue"), now.overdue, "alarm-clock-off", "red"),
        ("unassigned", _("Unassigned"), now.unassigned, "user-round-plus", "amber"),
        ("waiting", _("Waiting for customer"), now.waiting, "hourglass", ""),
    ]
    return [
        Tile(
            name=name,
            label=label,
            value=_count(one.count),
            count=one.count,
            url=one.url,
            icon=icon,
            tone=tone if one.count else "",
        )
        for name, label, one, icon, tone in facts
    ]


def tiles_of_period(figures: PeriodFigures) -> list[Tile]:
    answered, solved = figures.first_response, figures.resolution
    return [
        _received(figures),
        _timing_tile("answered", _("Time to the first answer"), answered, _answered(answered)),
        _timing_tile("resolved", _("Time to the solution"), solved, _solved(solved)),
        _reopened(figures.volume.reopened),
        _satisfaction(figures.ratings),
    ]


def _received(figures: PeriodFigures) -> Tile:
    volume = figures.volume
    return Tile(
        name="received",
        label=_("Received"),
        value=_count(volume.received.count),
        count=volume.received.count,
        url=volume.received.url,
        trend=_amount(volume),
        spark=_spark(figures),
    )


def _spark(figures: PeriodFigures) -> SafeString | None:
    """The direction beside the number; the chart below has the same with numbers and links."""
    if len(figures.cut.buckets) < 3 or not figures.volume.received.count:
        return None
    axis = TimeAxis(tuple(one.first for one in figures.cut.buckets), figures.cut.step)
    marks = tuple(Mark(count) for count in figures.volume.per_bucket)
    return sparkline(Sparkline(_("Received"), axis, marks))


def _amount(volume: Volume) -> Trend:
    after, before = volume.received.count, volume.before
    if not before:
        return Trend(_("none in the period before"))
    change = (after - before) / before
    size = {"percent": write_number(abs(round(change, 2)), Unit.SHARE)}
    if abs(change) < 0.005:
        return Trend(_("as many as before"))
    if change > 0:
        return Trend(_("%(percent)s more") % size, "trending-up")
    return Trend(_("%(percent)s fewer") % size, "trending-down")


def _answered(timing: Timing) -> str:
    n = timing.whole.n
    return ngettext("%(n)s answered", "%(n)s answered", n) % {"n": _count(n)}


def _solved(timing: Timing) -> str:
    n = timing.whole.n
    return ngettext("%(n)s solved", "%(n)s solved", n) % {"n": _count(n)}


def _timing_tile(name: str, label: str, timing: Timing, note: str) -> Tile:
    whole = timing.whole
    if whole.p90 is not None and whole.n > 1:
        within = _("9 of 10 within %(span)s") % {"span": span_in_words(whole.p90)}
        note = f"{within} · {note}"
    return Tile(
        name=name,
        label=label,
        value="–" if whole.median is None else span_in_words(whole.median),
        count=whole.n,
        url=timing.url,
        note=note,
        trend=_speed(timing),
    )


def _speed(timing: Timing) -> Trend | None:
    """Medians differ from week to week: the size of the difference, without a judgement."""
    after, before = timing.whole.median, timing.before.median
    if after is None or not before:
        return None
    change = (after - before) / before
    size = {"percent": write_number(abs(round(change, 2)), Unit.SHARE)}
    if abs(change) < 0.005:
        return Trend(_("as quick as before"))
    if change < 0:
        return Trend(_("%(percent)s quicker") % size, "trending-down")
    return Trend(_("%(percent)s slower") % size, "trending-up")


def _reopened(share: Share) -> Tile:
    words = {"hits": _count(share.hits.count), "n": _count(share.n)}
    return Tile(
        name="reopened",
        label=_("Reopened"),
        value=write_number(share.hits.count / share.n, Unit.SHARE) if share.n else "–",
        count=share.hits.count,
        url=share.hits.url,
        note=_("%(hits)s of %(n)s solved") % words,
        trend=_judged(share.change, better=Direction.DOWN),
    )


def _satisfaction(ratings: Ratings) -> Tile:
    share, n = ratings.whole.share, ratings.whole.n
    note = ngettext("%(n)s rating", "%(n)s ratings", n) % {"n": _count(n)}
    if share is not None:
        interval = write_interval(round(share.low, 2), round(share.high, 2), Unit.SHARE)
        note = f"{interval} · {note}"
        if n < SMALL_SAMPLE:
            note += " · " + _("too few to be sure")
    return Tile(
        name="satisfaction",
        label=_("Satisfied customers"),
        value="–" if share is None else write_number(round(share.value, 2), Unit.SHARE),
        count=n,
        url=ratings.url,
        note=note,
        trend=_judged(ratings.change, better=Direction.UP),
    )


def _judged(change: Change | None, *, better: Direction) -> Trend | None:
    """The difference of two shares, in points; coloured where it is more than chance."""
    if change is None:
        return None
    if change.direction is Direction.UNCLEAR:
        return Trend(_("no clear change"))
    points = {"points": write_number(abs(round(change.difference * 100, 1)), Unit.COUNT)}
    tone = "green" if change.direction is better else "red"
    if change.direction is Direction.UP:
        return Trend(_("up %(points)s points") % points, "trending-up", tone)
    return Trend(_("down %(points)s points") % points, "trending-down", tone)


def _count(number: int) -> str:
    return write_number(number, Unit.COUNT)
