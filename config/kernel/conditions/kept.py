"""Conditions that are kept in columns, and those among them that cannot be run any more."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.model_field import ConditionField
from config.kernel.conditions.reading import read_trees
from config.kernel.conditions.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Broken:
    """A record whose condition is not run; `error.problems` says why."""

    record: models.Model
    field: str
    error: ConditionInvalid


def broken_conditions(
    kinds: list[type[models.Model]] | None = None,
) -> Iterator[Broken]:
    """Every kept condition that no longer fits its vocabulary: its field, its operator or a row
    that it names is gone. A few queries for each model that keeps conditions (by default all)."""
    for model in kinds if kinds is not None else apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, ConditionField):
                continue
            records = list(model._default_manager.order_by("pk"))
            trees = [getattr(record, field.name) for record in records]
            read = read_trees(trees, vocabulary(field.subject), allowed=field.allowed)
            for record, condition in zip(records, read, strict=True):
                if isinstance(condition, ConditionInvalid):
                    yield Broken(record, field.name, condition)
