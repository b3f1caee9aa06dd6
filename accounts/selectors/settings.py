"""What the settings pages show: how much there is of each kind, what it is used by, who changed
it and when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

from accounts.models import User
from config.kernel.admin.history import FieldChange, differences
from config.kernel.settings_models import SettingModel, setting_models

LATEST = 100
OF_ONE = 200


def settings_for(user: User) -> list[SettingModel]:
    """The kinds that this person may look at."""
    return [one for one in setting_models() if user.has_perm(one.permission("view"))]


def count_in_use(setting: SettingModel) -> int:
    rows = setting.model._default_manager.all()
    names = {field.name for field in setting.model._meta.concrete_fields}
    return (rows.filter(archived_at=None) if "archived_at" in names else rows).count()


def used_by(record: models.Model, setting: SettingModel) -> list[tuple[str, int]]:
    """(what, how many) of the rows that point at one setting; its own parts do not count."""
    found = []
    for relation in record._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model: Any = relation.related_model
        meta = model._meta.concrete_model._meta
        if model in setting.parts or hasattr(model, "pgh_tracked_model") or not meta.managed:
            continue
        if count := model._base_manager.filter(**{relation.field.name: record.pk}).count():
            found.append((_label_of(model, record), count))
    return found


def _label_of(model: Any, record: models.Model) -> str:
    """Rows of a many-to-many table are known by what stands on its other side."""
    if not model._meta.auto_created:
        return str(model._meta.verbose_name_plural)
    sides = [field.related_model for field in model._meta.fields if field.is_relation]
    others = [one for one in sides if one is not type(record)]
    return str((others or sides)[0]._meta.verbose_name_plural)


@dataclass(frozen=True, slots=True)
class Version:
    """One write to one setting: before → after of each field, secrets left out. `who` is "" when
    no person did it (a command, a job)."""

    event_id: int
    setting: SettingModel
    object_id: int
    name: str
    at: datetime
    who: str
    is_first: bool
    fields: list[FieldChange]


def _events(setting: SettingModel) -> Any:
    """The table that the triggers write; None for a kind that is not tracked."""
    for one in setting.model._meta.related_objects:
        model: Any = one.related_model
        if hasattr(model, "pgh_tracked_model"):
            return model._default_manager.select_related("pgh_context")
    return None


def versions_of(setting: SettingModel, object_id: int) -> list[Version]:
    """Of one row, newest first."""
    events = _events(setting)
    if events is None:
        return []
    rows = list(events.filter(pgh_obj_id=object_id).order_by("-pgh_id")[:OF_ONE])[::-1]
    people = _people(rows)
    found = [
        version
        for before, row in zip([None, *rows], rows, strict=False)
        if (version := _version(setting, before, row, people))
    ]
    return found[::-1]


def latest_versions(
    settings: Iterable[SettingModel], *, before: datetime | None = None
) -> list[Version]:
    """Of all rows of `settings`, newest first, at most LATEST; `before` = those further back. A
    few queries for each kind, whatever the number of rows."""
    rows: list[tuple[SettingModel, Any]] = []
    for setting in settings:
        events = _events(setting)
        if events is not None:
            if before is not None:
                events = events.filter(pgh_created_at__lt=before)
            rows += [(setting, row) for row in events.order_by("-pgh_id")[:LATEST]]
    rows.sort(key=lambda pair: (pair[1].pgh_created_at, pair[1].pgh_id), reverse=True)
    rows = rows[:LATEST]
    people = _people([row for _setting, row in rows])
    found = []
    for setting in dict.fromkeys(setting for setting, _row in rows):
        of_kind = [row for one, row in rows if one is setting]
        earlier = _earlier(setting, of_kind)
        versions = (_version(setting, earlier.get(row.pgh_id), row, people) for row in of_kind)
        found += [version for version in versions if version]
    return sorted(found, key=lambda one: (one.at, one.event_id), reverse=True)


def _earlier(setting: SettingModel, rows: list[Any]) -> dict[int, Any]:
    """The version before each of `rows`, by the row's id: in one query."""
    wanted = {row.pgh_obj_id for row in rows}
    newest = max(row.pgh_id for row in rows)
    events = _events(setting).filter(pgh_obj_id__in=wanted, pgh_id__lte=newest)
    found: dict[int, Any] = {}
    last: dict[int, Any] = {}
    for row in events.order_by("pgh_id"):
        if row.pgh_obj_id in last:
            found[row.pgh_id] = last[row.pgh_obj_id]
        last[row.pgh_obj_id] = row
    return found


def _people(rows: Iterable[Any]) -> dict[Any, str]:
    ids = {row.pgh_context.metadata.get("user") for row in rows if row.pgh_context} - {None}
    known = get_user_model()._default_manager.filter(pk__in=ids) if ids else ()
    return {user.pk: str(user) for user in known}


def _version(
    setting: SettingModel, before: Any, row: Any, people: dict[Any, str]
) -> Version | None:
    fields = list(_shown_differences(setting, before, row))
    if not fields and before is not None:
        return None
    user = row.pgh_context.metadata.get("user") if row.pgh_context else None
    name = _name_of(setting, row)
    return Version(
        row.pgh_id, setting, row.pgh_obj_id, name, row.pgh_created_at, people.get(user, ""),
        before is None, fields,
    )  # fmt: skip


def _shown_differences(setting: SettingModel, before: Any, row: Any) -> Iterator[FieldChange]:
    return differences(before, row, setting.hides)


def _name_of(setting: SettingModel, row: Any) -> str:
    """What it was called then."""
    name = getattr(row, "name", None) or getattr(row, setting.key, None)
    if not name and hasattr(row, "name_en"):
        name = row.name_en or row.name_zh
    return str(name or f"#{row.pgh_obj_id}")
