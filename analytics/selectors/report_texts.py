"""What customers wrote about within a time, and how it sounded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.charts.data import Item, Mark, Series, TimeAxis, Tone, Unit
from analytics.charts.hbars import HBarChart
from analytics.charts.line import LineChart
from analytics.metrics.trend import Change
from analytics.rules.report.material import (
    Cell,
    Entry,
    Figure,
    Quantity,
    Ranking,
    Table,
    share_figure,
)
from analytics.rules.report.values import count, write
from analytics.selectors.choice import teams_of
from analytics.selectors.keywords import keywords_of
from analytics.selectors.sentiment import Aspect, Sentiment, sentiment_of
from analytics.selectors.text_choice import TextChoice, read_text_choice
from analytics.selectors.text_wording import wording_in_use
from analytics.selectors.topics import topic_sets, topics_of

MOST = 12
FEWEST = 10  # texts that mention a category, from which it can stand among the complaints


def said_in(
    user: User, query: dict[str, list[str]], now: datetime
) -> tuple[list[Figure], list[Ranking], list[Table], dict[str, Any]]:
    """Figures, rankings, tables and charts; empty where nothing was read."""
    choice = read_text_choice(query, teams=teams_of(user), now=now, user=user)
    found = sentiment_of(user, choice)
    if not found.whole.texts:
        return [], [], [], {}
    negative = share_figure(
        "negative",
        _("Share of negative texts"),
        found.whole.share,
        found.change,
        url=_texts(choice, mood="negative"),
    )
    rankings = [_keywords(user, choice)]
    charts: dict[str, Any] = {"mood": _mood(found, choice)}
    topics = _topics(user, choice)
    if topics is not None and topics.entries:
        rankings.insert(0, topics)
        items = [Item(one.name, Mark(float(one.count), one.url)) for one in topics.entries]
        charts["topics"] = HBarChart(_("Topics by how many texts they have"), tuple(items))
    worst = [one for one in found.aspects if one.texts >= FEWEST][:MOST]
    tables = []
    if worst:
        rankings.append(_complaints(worst, choice))
        tables.append(_complaint_table(worst, choice))
    return [negative], rankings, tables, charts


def _texts(choice: TextChoice, **changes: str) -> str:
    return f"{reverse('analytics:sentiment_texts')}?{choice.query(**changes)}"


def _direction(change: Change | None, *, is_news: bool) -> str:
    """Of so many only what is more than chance would make of so many."""
    return change.direction.value if change is not None and is_news else ""


def _keywords(user: User, choice: TextChoice) -> Ranking:
    counted = keywords_of(user, choice, wording_in_use())
    address = reverse("analytics:keyword_texts")
    entries = tuple(
        Entry(
            one.label,
            one.texts,
            one.share,
            f"{address}?{choice.query(word=one.key)}",
            _direction(one.change, is_news=one.is_news),
        )
        for one in counted.rows[:MOST]
    )
    return Ranking("keywords", _("Keywords"), counted.texts, entries)


def _topics(user: User, choice: TextChoice) -> Ranking | None:
    shown = topic_sets(choice).shown
    if shown is None:
        return None
    topics = topics_of(user, choice, shown)
    query = choice.query()
    entries = tuple(
        Entry(
            one.topic.label,
            one.texts,
            one.share,
            f"{reverse('analytics:topic', args=[one.topic.pk])}?{query}",
            _direction(one.change, is_news=one.is_news),
        )
        for one in topics.rows[:MOST]
    )
    return Ranking("topics", _("Topics"), topics.texts, entries, topics.others)


def _complaints(worst: Sequence[Aspect], choice: TextChoice) -> Ranking:
    entries = tuple(
        Entry(one.name, one.negative, one.share.value, _aspect(one, choice)) for one in worst
    )
    total = sum(one.texts for one in worst)
    return Ranking("complaints", _("What is complained about"), total, entries)


def _complaint_table(worst: Sequence[Aspect], choice: TextChoice) -> Table:
    header = (_("Category"), _("Texts that mention it"), _("Negative"), _("Share"))
    rows = tuple(
        (
            Cell(one.name),
            Cell(count(one.texts)),
            Cell(count(one.negative), _aspect(one, choice)),
            Cell(write(one.share.value, Quantity.SHARE)),
        )
        for one in worst
    )
    return Table("complaints", _("What is complained about"), header, rows)


def _aspect(one: Aspect, choice: TextChoice) -> str:
    return _texts(choice, aspect=str(one.category), part="negative") if one.negative else ""


def _mood(found: Sentiment, choice: TextChoice) -> LineChart:
    marks = tuple(
        Mark(one.value, "", one.low, one.high, one.n) if (one := tally.share) else Mark(None)
        for tally in found.series
    )
    axis = TimeAxis(
        tuple(bucket.first for bucket in found.buckets),
        found.step,
        choice.window.is_running,
        tuple(bucket.last for bucket in found.buckets),
    )
    name = _("Share of negative texts")
    return LineChart(
        _("Share of negative texts over time, with its 95 percent interval"),
        axis,
        (Series(name, marks, Tone.BAD),),
        unit=Unit.SHARE,
    )
