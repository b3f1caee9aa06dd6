"""Who changed what, read from the rows that the database's triggers wrote."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import localtime

LATEST = 200
LONGEST = 200


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One write: what it changed and who made it ("" = no person: a job or a command)."""

    at: datetime
    who: str
    is_first: bool
    fields: list[FieldChange]


def changes_of(record: models.Model, *, hidden: Collection[str] = ()) -> list[Change]:
    """The latest changes of a tracked record, newest first; empty for an untracked one."""
    rows = _event_rows(record)
    names = _names_of({row.pgh_context.metadata.get("user") for row in rows if row.pgh_context})
    found = []
    for before, row in zip([None, *rows], rows, strict=False):
        user = row.pgh_context.metadata.get("user") if row.pgh_context else None
        fields = list(_differences(before, row, hidden))
        if fields or before is None:
            found.append(Change(row.pgh_created_at, names.get(user, ""), before is None, fields))
    return found[::-1]


def _event_rows(record: models.Model) -> list[Any]:
    events = getattr(record, "events", None)
    if events is None or not hasattr(events.model, "pgh_tracked_model"):
        return []
    latest = events.select_related("pgh_context").order_by("-pgh_id")[:LATEST]
    return list(latest)[::-1]


def _names_of(users: set[Any]) -> dict[Any, str]:
    known = get_user_model()._default_manager.filter(pk__in=users - {None})
    return {user.pk: str(user) for user in known}


def _differences(before: Any, row: Any, hidden: Collection[str]) -> Iterator[FieldChange]:
    for field in row._meta.concrete_fields:
        if field.name.startswith("pgh_") or field.name == "id" or field.name in hidden:
            continue
        new = getattr(row, field.attname)
        old = None if before is None else getattr(before, field.attname)
        if old != new and (old or new):
            label = capfirst(str(field.verbose_name))
            yield FieldChange(label, _shown(before, field), _shown(row, field))


def _shown(row: Any, field: "models.Field[Any, Any]") -> str:
    value = None if row is None else getattr(row, field.attname)
    if value is None:
        return ""
    if field.is_relation:
        try:
            return str(getattr(row, field.name))
        except ObjectDoesNotExist:
            return f"#{value}"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        value = localtime(value)
    return str(localize(value))[:LONGEST]
