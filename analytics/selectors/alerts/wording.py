"""Alerts and their rules in words, in the active language. No names of customers: what is
written here also goes into notifications and mails."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from analytics.charts.data import Unit
from analytics.charts.wording import write_date, write_number
from analytics.enums import AlertKind
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import Alert, AlertRule, Problem
from analytics.selectors.facts.dimension import DIMENSIONS, names_of
from feedback.selectors.queue_filters import NONE

_DIGITS = {Unit.SHARE: 3, Unit.RATING: 2, Unit.POINTS: 1, Unit.HOURS: 1}


def metric_of(kind: str, metric: str) -> Metric | None:
    return METRICS.get("volume" if kind == AlertKind.NEGATIVE else metric)


def subject_of(kind: str, metric: str) -> str:
    """What is watched: the metric, or what the kind is about."""
    if kind == AlertKind.NEGATIVE:
        return _("Negative feedback")
    if kind == AlertKind.TOPIC:
        return _("Topics")
    if kind == AlertKind.CUSTOMER:
        return _("Key customers")
    found = METRICS.get(metric)
    return str(found.name) if found else metric


def label_of(rule: AlertRule) -> str:
    """Its name, or what it watches."""
    if rule.name:
        return rule.name
    parts = [subject_of(rule.kind, rule.metric)]
    if rule.each in DIMENSIONS:
        parts.append(
            pgettext("of a rule of alerts", "each %(dimension)s")
            % {"dimension": str(DIMENSIONS[rule.each].label).lower()}
        )
    parts += names_of_filters(rule.filters)
    return " · ".join(parts)


def names_of_filters(filters: Mapping[str, Sequence[str]]) -> list[str]:
    return [value_name(name, text) for name, texts in filters.items() for text in texts]


def value_name(dimension: str, text: str) -> str:
    """What a value is called, as an address writes it; what is gone by its code."""
    return value_names([(dimension, text)])[dimension, text]


def value_names(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The same for many: at most two statements for each dimension."""
    texts: dict[str, set[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, set()).add(text)
    found = {(name, text): text for name, several in texts.items() for text in several}
    for name, several in texts.items():
        dimension = DIMENSIONS.get(name)
        if dimension is None:
            continue
        keys = dimension.read_all(several - {NONE}) | dict.fromkeys(several & {NONE})
        called = names_of(dimension, keys.values())
        found |= {(name, text): called[key] for text, key in keys.items()}
    return found


def write_value(value: float | None, unit: Unit) -> str:
    return "–" if value is None else write_number(round(value, _DIGITS.get(unit, 0)), unit)


def titles_of(alerts: Iterable[Alert]) -> dict[int, str]:
    """What is out of the ordinary, for a list: by the ids of the alerts."""
    given = list(alerts)
    pairs = [(one.each, one.series) for one in given if one.each]
    pairs += [(name, text) for one in given for name, texts in one.filters.items()
              for text in texts]  # fmt: skip
    names = value_names(pairs)
    return {one.pk: _title(one, names) for one in given}


def alerts_of(user: User, problem: Problem) -> list[tuple[Alert, str]]:
    """From which a problem was made, as far as one may see them, with what they say."""
    if not user.has_perm("analytics.view_alert"):
        return []
    found = list(problem.alerts.all().visible_to(user).select_related("topic"))
    titles = titles_of(found)
    return [(one, titles[one.pk]) for one in found]


def title_of(alert: Alert) -> str:
    return titles_of([alert])[alert.pk]


def _title(alert: Alert, names: Mapping[tuple[str, str], str]) -> str:
    if alert.kind == AlertKind.CUSTOMER:
        return _("A key customer is unhappy")
    if alert.kind == AlertKind.TOPIC:
        label = alert.topic.label if alert.topic else _("a topic that is gone")
        words = {"topic": label}
        is_new = (alert.expected or 0) < alert.value / 10
        return _("New topic: %(topic)s") % words if is_new else _("Growing: %(topic)s") % words
    parts = [subject_of(alert.kind, alert.metric)]
    if alert.each:
        parts.append(names[alert.each, alert.series])
    parts += [names[name, text] for name, texts in alert.filters.items() for text in texts]
    return " · ".join(parts)


def sentence_of(alert: Alert) -> str:
    """The figure of its first day, and what was expected."""
    if alert.kind == AlertKind.CUSTOMER:
        return _("A bad score, a bitter message, or several that sound negative.")
    words = {
        "day": write_date(alert.day, "day"),
        "value": write_number(round(alert.value), Unit.COUNT),
        "usual": write_number(round(alert.expected or 0), Unit.COUNT),
    }
    if alert.kind == AlertKind.TOPIC:
        return (
            _("%(value)s texts in the week until %(day)s; about %(usual)s were expected.") % words
        )
    metric = metric_of(alert.kind, alert.metric)
    unit = metric.unit if metric else Unit.COUNT
    words |= {
        "value": write_value(alert.value, unit),
        "low": write_value(alert.low, unit),
        "high": write_value(alert.high, unit),
    }
    return _("%(value)s on %(day)s; %(low)s to %(high)s were expected.") % words
