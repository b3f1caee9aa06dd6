"""Words that many sentences of the timeline share."""

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from config.kernel.punctuation import with_aside
from feedback.enums import Metric, TaskKind


def change(before: str, after: str) -> str:
    return _("%(before)s → %(after)s") % {"before": before or "–", "after": after or "–"}


def move_words(move: dict[str, str]) -> str:
    before, after = (moment_words(move[key]) for key in ("before", "after"))
    return _("%(promise)s due: %(change)s") % {
        "promise": promise_words(move["metric"]),
        "change": change(before, after),
    }


def promise_words(metric: str) -> str:
    return str(Metric(metric).label) if metric in Metric.values else metric


def moment_words(text: str) -> str:
    moment = parse_datetime(text)
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else text


def day_words(text: str) -> str:
    day = parse_date(text)
    return date_format(day, "SHORT_DATE_FORMAT") if day else text


def task_words(kind: str | None, reason: str) -> str:
    """What a task asks for, in words."""
    what = str(TaskKind(kind).label) if kind in TaskKind.values else str(TaskKind.CALL_BACK.label)
    because = {
        "not_solved": _("the customer said it is not solved"),
        "low_score": _("the customer was unhappy"),
        "partly_solved": _("the customer said it is solved in part"),
    }.get(reason, reason)
    return with_aside(what, because) if because else what
