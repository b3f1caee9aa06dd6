"""Charts as JSON and back, so that a report shows them years later as they were issued."""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from analytics.charts.bars import BarChart
from analytics.charts.donut import DonutChart
from analytics.charts.hbars import HBarChart
from analytics.charts.line import LineChart

KINDS: dict[str, type[Any]] = {
    "bars": BarChart,
    "donut": DonutChart,
    "hbars": HBarChart,
    "line": LineChart,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def chart_in_json(chart: Any) -> dict[str, Any]:
    """With its kind; TypeError for one that no report knows."""
    if type(chart) not in _NAMES:
        raise TypeError(chart)
    return {"kind": _NAMES[type(chart)], **_told(chart)}


def chart_from_json(raw: Mapping[str, Any]) -> Any:
    return _made(KINDS[raw["kind"]], {name: raw[name] for name in raw if name != "kind"})


def _told(value: Any) -> Any:
    if is_dataclass(value):
        usual = {one.name: one.default for one in fields(value)}
        told = {one.name: getattr(value, one.name) for one in fields(value)}
        return {name: _told(part) for name, part in told.items() if part != usual[name]}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_told(one) for one in value]
    return str(value) if not isinstance(value, int | float | str | None) else value


def _made(wanted: Any, raw: Any) -> Any:
    if raw is None:
        return None
    origin = typing.get_origin(wanted)
    if origin in {types.UnionType, typing.Union}:
        choices = [one for one in typing.get_args(wanted) if one is not type(None)]
        return _made(_fitting(choices, raw), raw)
    if origin is tuple:
        (inner, *_rest) = typing.get_args(wanted)
        return tuple(_made(inner, one) for one in raw)
    if is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        return typing.cast("Any", wanted)(
            **{name: _made(hints[name], part) for name, part in raw.items() if name in hints}
        )
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(raw)
    return date.fromisoformat(raw) if wanted is date else raw


def _fitting(choices: list[Any], raw: Any) -> Any:
    """Of two dataclasses the one that has all the names."""
    if isinstance(raw, dict):
        for one in choices:
            if is_dataclass(one) and raw.keys() <= {part.name for part in fields(one)}:
                return one
    return choices[0]
