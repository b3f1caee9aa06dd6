"""Earlier versions of settings, read from the rows that the database's triggers wrote (ADR 9):
who changed what, of the setting itself and of its parts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from config.kernel.admin.history import FieldChange
from config.kernel.bilingual import localized
from config.kernel.portable.facts import Called, compare, facts_of, facts_of_part
from config.kernel.settings_models import Part, SettingModel, events_of

LATEST = 50  # rows of the page over all settings
OF_ONE = 200
GONE = "delete"


@dataclass(frozen=True, slots=True)
class Version:
    """One write to one setting or its parts: before → after of each field, secrets left out.
    `number` counts the versions of the setting from 1; 0 where it was not counted. `who` is ""
    when no person did it (a command, a job)."""

    event_id: int
    setting: SettingModel
    object_id: int
    name: str
    at: datetime
    who: str
    is_first: bool
    fields: list[FieldChange]
    number: int = 0


@dataclass(slots=True)
class _Write:
    """What one transaction wrote to one setting: its row, rows of its parts, or both."""

    object_id: int
    at: datetime
    row: Any = None
    parts: list[tuple[Part, Any]] = field(default_factory=list)

    @property
    def first_row(self) -> Any:
        return self.row if self.row is not None else self.parts[0][1]

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.at, self.row is None, self.first_row.pgh_id)


def versions_of(setting: SettingModel, object_id: int) -> list[Version]:
    """Of one row, newest first."""
    writes = writes_of(setting, object_id)
    said = _Saying(setting, writes)
    found = []
    for number, write in enumerate(writes, 1):
        version = said.version(write, number)
        if version is not None:
            found.append(version)
    return found[: -OF_ONE - 1 : -1]


def writes_of(setting: SettingModel, object_id: int) -> list[_Write]:
    """Everything that was written to one row and its parts, oldest first."""
    events = events_of(setting.model)
    if events is None:
        return []
    # What was somebody's own, before it became a setting, stays theirs.
    rows = events._default_manager.filter(setting.shared, id=object_id)
    rows = rows.select_related("pgh_context")
    parts = []
    for part in setting.parts:
        about = _events_of_part(part).filter(**{part.parent: object_id})
        parts += [(part, row) for row in about.order_by("pgh_id")]
    return _grouped(rows.order_by("pgh_id"), parts)


def _events_of_part(part: Part) -> Any:
    events = events_of(part.model)
    return events._default_manager.select_related("pgh_context")


def _grouped(rows: Iterable[Any], parts: Iterable[tuple[Part, Any]]) -> list[_Write]:
    """Rows of parts stand with the setting's own that the same transaction wrote: the database
    gives both the same moment."""
    writes = [_Write(row.id, row.pgh_created_at, row) for row in rows]
    by_moment = {(one.object_id, one.at): one for one in writes}
    for part, row in parts:
        key = (getattr(row, f"{part.parent}_id"), row.pgh_created_at)
        if key not in by_moment:
            by_moment[key] = _Write(*key)
            writes.append(by_moment[key])
        by_moment[key].parts.append((part, row))
    return sorted(writes, key=lambda one: one.order)


def latest_versions(
    settings: Iterable[SettingModel], *, before: datetime | None = None
) -> list[Version]:
    """Of all rows of `settings`, newest first, at most LATEST; `before` = those further back. A
    few queries for each kind, whatever the number of rows."""
    found: list[tuple[SettingModel, _Write]] = []
    for setting in settings:
        events = events_of(setting.model)
        if events is None:
            continue
        rows = events._default_manager.filter(setting.shared).select_related("pgh_context")
        parts = []
        for part in setting.parts:
            parts += [(part, row) for row in _newest(_events_of_part(part), before)]
        found += [(setting, one) for one in _grouped(_newest(rows, before), parts)]
    found.sort(key=lambda pair: pair[1].order, reverse=True)
    versions = []
    for setting in dict.fromkeys(setting for setting, _write in found[:LATEST]):
        writes = [write for one, write in found[:LATEST] if one is setting]
        said = _Saying(setting, writes[::-1], with_earlier=True)
        versions += [one for write in writes if (one := said.version(write))]
    return sorted(versions, key=lambda one: (one.at, one.event_id), reverse=True)


def _newest(events: Any, before: datetime | None) -> Any:
    if before is not None:
        events = events.filter(pgh_created_at__lt=before)
    return events.order_by("-pgh_id")[:LATEST]


class _Saying:
    """Puts writes of one kind of setting, oldest first, into words. `with_earlier`: what each
    row was before is asked of the database; else the first write is the first of all."""

    def __init__(
        self, setting: SettingModel, writes: list[_Write], *, with_earlier: bool = False
    ) -> None:
        self.setting = setting
        self.called = Called()
        self.before: dict[tuple[Any, int], Any] = {}
        self.names: dict[int, str] = {}
        rows = [row for one in writes for row in _rows(one)]
        earlier = list(self._read_earlier(writes)) if with_earlier else []
        self._remember(writes, {(key, row.pgh_id): row for key, row in earlier})
        self.called.learn([*rows, *(row for _key, row in earlier)])
        self.people = _people(rows)

    def _remember(self, writes: list[_Write], earlier: dict[Any, Any]) -> None:
        """For each row of the history the one before it."""
        by_row: dict[tuple[Any, int], list[Any]] = {}
        for (model, _pgh_id), row in sorted(earlier.items(), key=lambda pair: pair[0][1]):
            by_row.setdefault((model, row.id), []).append(row)
        if not earlier:
            for write in writes:
                for row in _rows(write):
                    by_row.setdefault((type(row), row.id), []).append(row)
        for (model, _id), rows in by_row.items():
            for one, row in zip([None, *rows], rows, strict=False):
                self.before[model, row.pgh_id] = one
                if model is events_of(self.setting.model):
                    self.names[row.id] = _name_of(self.setting, row)

    def _read_earlier(self, writes: list[_Write]) -> Iterator[tuple[Any, Any]]:
        """Each event of the rows in question up to the newest of them, kind by kind."""
        wanted: dict[Any, dict[int, int]] = {}
        for write in writes:
            for row in _rows(write):
                newest = wanted.setdefault(type(row), {})
                newest[row.id] = max(newest.get(row.id, 0), row.pgh_id)
        own = events_of(self.setting.model)
        if any(write.row is None for write in writes):  # only for its name
            newest = wanted.setdefault(own, {})
            for write in writes:
                newest.setdefault(write.object_id, 0)
        for model, newest in wanted.items():
            events = model._default_manager.filter(id__in=newest)
            for row in events.order_by("pgh_id"):
                if row.pgh_id <= newest[row.id] or model is own:
                    yield model, row

    def version(self, write: _Write, number: int = 0) -> Version | None:
        """None when nothing that is shown has changed."""
        row = write.row
        earlier = self.before.get((type(row), row.pgh_id)) if row is not None else None
        is_first = row is not None and earlier is None
        fields = []
        if row is not None:
            then = facts_of(self.setting, earlier, self.called) if earlier is not None else {}
            fields = compare(then, facts_of(self.setting, row, self.called))
        for part, one in write.parts:
            fields += self._change_of(part, one)
        if not fields and not is_first:
            return None
        told = write.first_row
        user = told.pgh_context.metadata.get("user") if told.pgh_context else None
        name = self.names.get(write.object_id) or f"#{write.object_id}"
        return Version(
            told.pgh_id, self.setting, write.object_id,
            name if row is None else _name_of(self.setting, row),
            write.at, self.people.get(user, ""), is_first, fields, number,
        )  # fmt: skip

    def _change_of(self, part: Part, row: Any) -> list[FieldChange]:
        earlier = self.before.get((type(row), row.pgh_id))
        then = dict([facts_of_part(part, earlier, self.called)]) if earlier is not None else {}
        if row.pgh_label == GONE:
            then = then or dict([facts_of_part(part, row, self.called)])
            return compare(then, {})
        return compare(then, dict([facts_of_part(part, row, self.called)]))


def _rows(write: _Write) -> list[Any]:
    own = [] if write.row is None else [write.row]
    return own + [row for _part, row in write.parts]


def _people(rows: Iterable[Any]) -> dict[Any, str]:
    ids = {row.pgh_context.metadata.get("user") for row in rows if row.pgh_context} - {None}
    known = get_user_model()._default_manager.filter(pk__in=ids) if ids else ()
    return {user.pk: str(user) for user in known}


def _name_of(setting: SettingModel, row: Any) -> str:
    """What it was called then."""
    # A code only where people gave it no name.
    name = localized(row, "name") if hasattr(row, "name_en") else getattr(row, "name", None)
    return str(name or getattr(row, setting.key[0], None) or f"#{row.id}")


@dataclass(frozen=True, slots=True)
class State:
    """A setting as it was: a row of its history, and for each part the rows that it had."""

    row: Any
    parts: dict[str, list[Any]]
    version: Version | None


def state_at(setting: SettingModel, object_id: int, number: int) -> State | None:
    """After the write of that number; None when there was none, or only of its parts before the
    setting itself was known."""
    writes = writes_of(setting, object_id)
    if not 1 <= number <= len(writes):
        return None
    until = writes[:number]
    row = next((one.row for one in reversed(until) if one.row is not None), None)
    if row is None:
        return None
    parts = {part.name: _rows_then(part, object_id, writes, until) for part in setting.parts}
    version = _Saying(setting, writes).version(until[-1], number)
    return State(row, parts, version)


def _rows_then(part: Part, object_id: int, writes: list[_Write], until: list[_Write]) -> list[Any]:
    """Rows from before there was a history of them, which was never told of their beginning, are
    as they are now."""
    then: dict[int, Any] = {}
    for write in until:
        then |= {row.id: row for one, row in write.parts if one is part}
    first: dict[int, str] = {}
    for write in writes:
        for one, row in write.parts:
            if one is part:
                first.setdefault(row.id, row.pgh_label)
    present = part.model._default_manager.filter(**{part.parent: object_id})
    older = [row for row in present if row.pk not in then and first.get(row.pk) != "insert"]
    return older + [row for row in then.values() if row.pgh_label != GONE]
