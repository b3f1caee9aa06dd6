"""Tiles as files, and what a dashboard shows in words."""

from django.utils.translation import get_language

from analytics.charts.picture import File, Kind, picture
from analytics.charts.wording import write_date, write_span
from analytics.selectors.boards.asking import Asking
from analytics.selectors.boards.drawing import chart_of
from analytics.selectors.boards.figures import TileFigure
from analytics.selectors.facts.dimension import DIMENSIONS, names_of
from analytics.selectors.window import today
from config.kernel.punctuation import labelled


def file_of(figure: TileFigure, asking: Asking, kind: Kind) -> File | None:
    """In the language of now; None where there is nothing to draw."""
    chart = chart_of(figure)
    if chart is None:
        return None
    footer = " · ".join([*told(asking), write_date(today(figure.now), "full_day")])
    return picture(chart, kind, get_language() or "en", footer=footer)


def told(asking: Asking) -> list[str]:
    """The days and the filters in words."""
    filters = [
        labelled(DIMENSIONS[name].label, ", ".join(filter_words(asking, name)))
        for name in asking.texts
    ]
    return [write_span(asking.period.first, asking.period.last), *filters]


def filter_words(asking: Asking, name: str) -> list[str]:
    """What the values of a filter are called."""
    keys = asking.keys.get(name, ())
    names = names_of(DIMENSIONS[name], keys)
    return [names[key] for key in keys]
