"""Rows under names that another installation understands: a code, an address, what people say."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from config.kernel.errors import DomainError
from config.kernel.settings_models import setting_of

NOTHING = "*"  # in the place of a reference that is empty: “of all teams”


class NotPortable(DomainError):
    """A value that cannot be written down, or not be understood here; a sentence says why."""

    code = "not_portable"


class Names:
    """Name ↔ primary key of the rows of each registered kind, each table read once. Where several
    rows have one name, the second is “name #2”: those in use first, then the oldest."""

    def __init__(self) -> None:
        self._names: dict[type[models.Model], dict[int, str]] = {}
        self._keys: dict[type[models.Model], dict[str, int]] = {}

    def name_of(self, model: type[models.Model], pk: int) -> str:
        """Raises NotPortable for a row that is gone or is nobody else's business."""
        self._load(model)
        found = self._names[model].get(pk)
        if found is None:
            words = _("It names something that is not there (any more): %(what)s.")
            raise NotPortable(words % {"what": f"{model._meta.verbose_name} {pk}"})
        return found

    def key_of(self, model: type[models.Model], name: Any) -> int:
        """Raises NotPortable."""
        self._load(model)
        found = self._keys[model].get(name) if isinstance(name, str) else None
        if found is None:
            words = _("There is no %(what)s “%(name)s” here.")
            what = {"what": model._meta.verbose_name, "name": str(name)[:80]}
            raise NotPortable(words % what)
        return found

    def find(self, model: type[models.Model], name: str) -> int | None:
        self._load(model)
        return self._keys[model].get(name)

    def add(self, model: type[models.Model], name: str, pk: int) -> None:
        """A row that was made just now."""
        self._load(model)
        self._names[model][pk] = name
        self._keys[model][name] = pk

    def plain(self, record: models.Model) -> str:
        """What a row is called by its own columns, however many are called so."""
        mark = _mark(type(record))
        if mark and getattr(record, mark):
            return NOTHING
        columns = _key_columns(type(record))
        return self._written(columns, [getattr(record, one.attname) for one in columns])

    def _load(self, model: type[models.Model]) -> None:
        if model in self._names:
            return
        names: dict[int, str] = {}
        keys: dict[str, int] = {}
        columns = _key_columns(model)
        mark = _mark(model) or "pk"
        known = _rows(model).values_list("pk", mark, *(one.attname for one in columns))
        for pk, marked, *values in known:
            is_marked = mark != "pk" and marked
            plain = name = NOTHING if is_marked else self._written(columns, values)
            count = 1
            while name in keys:
                count += 1
                name = f"{plain} #{count}"
            names[pk], keys[name] = name, pk
        self._names[model], self._keys[model] = names, keys

    def _written(self, columns: list[Any], values: list[Any]) -> str:
        said = []
        for column, value in zip(columns, values, strict=True):
            if value is None:
                said.append(NOTHING)
            elif column.is_relation:
                said.append(self.name_of(column.related_model, value))
            else:
                said.append(str(value))
        return " / ".join(said)


def _key_columns(model: type[models.Model]) -> list[Any]:
    setting = setting_of(model)
    if setting is None:
        what = model._meta.verbose_name
        raise NotPortable(_("Rows of “%(what)s” have no name elsewhere.") % {"what": what})
    return [model._meta.get_field(name) for name in setting.key]


def _mark(model: type[models.Model]) -> str:
    setting = setting_of(model)
    return setting.marked if setting is not None else ""


def _rows(model: type[models.Model]) -> Any:
    setting = setting_of(model)
    rows = setting.rows if setting is not None else model._default_manager.all()
    if setting is not None and setting.can_be_archived:
        return rows.order_by(models.F("archived_at").asc(nulls_first=True), "pk")
    return rows.order_by("pk")
