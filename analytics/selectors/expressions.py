"""Pieces of SQL that statistics need and Django does not have."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    Value,
)


class BucketOf(Func):
    """In which stretch of time a moment lies, for ascending `bounds`: 0 before the first, i
    from bound i (counted from 1) on. The bounds are exact moments, so local days, summer time
    and calendar months are decided by whoever makes them."""

    function = "width_bucket"
    output_field = IntegerField()

    def __init__(self, moment: str, bounds: Sequence[datetime]) -> None:
        array = Value(list(bounds), output_field=ArrayField(models.DateTimeField()))
        super().__init__(F(moment), array)


class Quantiles(Aggregate):
    """percentile_cont of PostgreSQL at several shares, sorted once: a list of floats, or None
    without rows. Nulls are left out."""

    template = "percentile_cont(%(shares)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Quantiles"
    output_field = ArrayField(FloatField())

    def __init__(self, expression: Any, shares: Sequence[float], **extra: Any) -> None:
        array = f"ARRAY[{', '.join(str(float(share)) for share in shares)}]"
        super().__init__(expression, shares=array, **extra)


def seconds_between(start: str, end: str) -> Func:
    """How long it took from one field to another, in seconds."""
    span = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    # Not Extract: that is numeric in PostgreSQL, which sorts much more slowly than a float.
    return Func(Value("epoch"), span, function="date_part", output_field=FloatField())


def rows_where(condition: Q) -> Count:
    """How many rows fulfil a condition; reads no column that the condition does not name."""
    return Count(Value(1), filter=condition)
