"""Taking things out of use without losing what points at them."""

from collections.abc import Callable, Collection
from typing import Any

from django.db import models
from django.utils import timezone

Names = Callable[[models.Model], str]

_names: list[Names] = []


def register_names(what: Names) -> None:
    """In AppConfig.ready() of the app that knows it: `what` gives in words which settings name a
    row inside JSON (conditions, filters), where the database knows no reference; "" = none."""
    if what not in _names:
        _names.append(what)


def named_by(record: models.Model) -> str:
    """Which settings name `record` inside JSON, in words; "" = none."""
    return next((words for what in _names if (words := what(record))), "")


def is_referred_to(record: models.Model, *, parts: Collection[type[models.Model]] = ()) -> bool:
    """Whether a row of any other table points at `record`.

    Rows of the models in `parts` belong to it and go with it; its own history does not count.
    """
    for relation in record._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):  # many-to-many: by its own table
            continue
        model = relation.related_model
        if model in parts or _is_history(model):
            continue
        pointing: Any = model._base_manager
        if pointing.filter(**{relation.field.name: record.pk}).exists():
            return True
    return False


def _is_history(model: Any) -> bool:
    table = model._meta.concrete_model._meta
    return hasattr(model, "pgh_tracked_model") or not table.managed  # pghistory's view of all


def remove(record: Any, *, parts: Collection[type[models.Model]] = ()) -> bool:
    """Delete a record that nothing points at or names; archive any other. True when it was
    deleted.

    The caller holds the transaction.
    """
    if not is_referred_to(record, parts=parts) and not named_by(record):
        record.delete()
        return True
    record.archived_at = record.archived_at or timezone.now()
    record.save(update_fields=["archived_at"])
    return False


def bring_back(record: Any) -> None:
    """Undo archiving."""
    record.archived_at = None
    record.save(update_fields=["archived_at"])
