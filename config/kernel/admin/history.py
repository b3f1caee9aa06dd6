"""Who changed what, read from the rows that the database's triggers wrote."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

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
        fields = list(differences(before, row, hidden))
        if fields or before is None:
            found.append(Change(row.pgh_created_at, names.get(user, ""), before is None, fields))
    return found[::-1]


def changes_of_parts(
    rows: models.QuerySet[Any], *, part: str, label: str, name: Callable[[Any], str] = str
) -> list[Change]:
    """What joined and left a record, newest first, from the events of the rows between.

    `rows` are those events for one record, `part` their field that leads to what joined, `label`
    what people call it, `name` how one is written. A change of such a row shows its other fields.
    """
    latest = rows.select_related("pgh_context").prefetch_related(part).order_by("-pgh_id")
    told = list(latest[:LATEST])[::-1]
    names = _names_of({row.pgh_context.metadata.get("user") for row in told if row.pgh_context})
    before: dict[Any, Any] = {}
    found = []
    for row in told:
        user = row.pgh_context.metadata.get("user") if row.pgh_context else None
        whose = _name_of_part(row, part, name)
        if row.pgh_label == "update":
            fields = [
                FieldChange(f"{capfirst(whose)}, {one.label}", one.before, one.after)
                for one in differences(before.get(row.id), row, {part})
            ]
        elif row.pgh_label == "delete":
            fields = [FieldChange(capfirst(label), whose, "")]
        else:
            fields = [FieldChange(capfirst(label), "", whose)]
        before[row.id] = row
        if fields:
            found.append(Change(row.pgh_created_at, names.get(user, ""), False, fields))
    return found[::-1]


def _name_of_part(row: Any, part: str, name: Callable[[Any], str]) -> str:
    try:
        return name(getattr(row, part))
    except ObjectDoesNotExist:
        return f"#{getattr(row, f'{part}_id')}"


def _event_rows(record: models.Model) -> list[Any]:
    events = getattr(record, "events", None)
    if events is None or not hasattr(events.model, "pgh_tracked_model"):
        return []
    latest = events.select_related("pgh_context").order_by("-pgh_id")[:LATEST]
    return list(latest)[::-1]


def _names_of(users: set[Any]) -> dict[Any, str]:
    known = get_user_model()._default_manager.filter(pk__in=users - {None})
    return {user.pk: str(user) for user in known}


def differences(before: Any, row: Any, hidden: Collection[str]) -> Iterator[FieldChange]:
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
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        value = localtime(value)
    return str(localize(value))[:LONGEST]
