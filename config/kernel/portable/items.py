"""A setting as an object of a file, and as what its service takes."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from config.kernel.conditions.model_field import ConditionField
from config.kernel.portable.names import Names, NotPortable
from config.kernel.portable.values import from_json, pack_tree, to_json, unpack_tree
from config.kernel.punctuation import clauses, labelled, listed
from config.kernel.settings_models import Part, Parts, SettingModel

Item = dict[str, Any]
KEY, ARCHIVED = "key", "archived"


def pack(setting: SettingModel, record: Any, names: Names) -> Item:
    """Raises NotPortable."""
    item: Item = {KEY: names.name_of(setting.model, record.pk)}
    for column in setting.columns:
        item[column.name] = _packed(setting, column, record, names)
    for part in setting.parts:
        rows = part.model._default_manager.filter(**{part.parent: record.pk})
        packed = [{one.name: _plain(one, row, names) for one in part.columns} for row in rows]
        item[part.name] = sorted(packed, key=lambda row: [str(row[name]) for name in part.key])
    for name, read in setting.extras.items():
        item[name] = read(record)
    if setting.can_be_archived:
        item[ARCHIVED] = record.archived_at is not None
    return item


def _packed(setting: SettingModel, column: Any, record: Any, names: Names) -> Any:
    content = setting.contents.get(column.name)
    if content is not None:
        return content.pack(getattr(record, column.attname), record, names)
    return _plain(column, record, names)


def _plain(column: Any, record: Any, names: Names) -> Any:
    value = getattr(record, column.attname)
    if column.is_relation:
        return None if value is None else names.name_of(column.related_model, value)
    if isinstance(column, ConditionField):
        return pack_tree(value, column.subject, names)
    return to_json(value)


def known_keys(setting: SettingModel) -> set[str]:
    known = {KEY, *(one.name for one in setting.columns), *(one.name for one in setting.parts)}
    return known | set(setting.extras) | ({ARCHIVED} if setting.can_be_archived else set())


def ensure_item(setting: SettingModel, item: Any) -> None:
    """That it has a name and nothing that is not known. Raises NotPortable."""
    if not isinstance(item, dict):
        raise NotPortable(_("This is not a setting."))
    if not isinstance(item.get(KEY), str) or not 0 < len(item[KEY]) <= 600:
        raise NotPortable(_("It has no “key”."))
    if unknown := sorted(set(item) - known_keys(setting)):
        words = _("These are not known: %(names)s.")
        raise NotPortable(words % {"names": listed(one[:40] for one in unknown[:10])})
    if not isinstance(item.get(ARCHIVED, False), bool):
        raise NotPortable(labelled(ARCHIVED, _("Write yes or no.")))


def fill(setting: SettingModel, record: Any, item: Mapping[str, Any], names: Names) -> Parts:
    """Put what `item` says into `record`, and give its parts as `save` takes them. What the item
    does not name stays as it is. Raises NotPortable."""
    late = []
    for column in setting.columns:
        if column.name not in item:
            continue
        if column.name in setting.contents:
            late.append(column)  # may ask what the others are
        else:
            setattr(record, column.attname, _unpacked(column, item[column.name], names))
    for column in late:
        unpack = setting.contents[column.name].unpack
        setattr(record, column.attname, unpack(item[column.name], record, names))
    parts = {part.name: _part(part, record, item, names) for part in setting.parts}
    return parts | {name: item[name] for name in setting.extras if name in item}


def _unpacked(column: Any, raw: Any, names: Names) -> Any:
    if column.is_relation:
        if raw is None and column.null:
            return None
        return names.key_of(column.related_model, raw)
    if isinstance(column, ConditionField):
        return unpack_tree(raw, column.subject, names)
    return from_json(column, raw)


def _part(part: Part, record: Any, item: Mapping[str, Any], names: Names) -> list[dict[str, Any]]:
    if part.name not in item:
        return rows_as_given(part, part_rows_of(part, record))
    raw = item[part.name]
    known = {one.name: one for one in part.columns}
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise NotPortable(labelled(part.name, _("This is not a list.")))
    return [_part_row(part, one, known, names) for one in raw]


def _part_row(
    part: Part, raw: dict[str, Any], known: dict[str, Any], names: Names
) -> dict[str, Any]:
    if unknown := sorted(set(raw) - set(known)):
        words = _("These are not known: %(names)s.")
        raise NotPortable(
            labelled(part.name, words % {"names": listed(one[:40] for one in unknown[:10])})
        )
    blank = part.model()
    for name, column in known.items():
        if name in raw:
            setattr(blank, column.attname, _unpacked(column, raw[name], names))
        elif name in part.key:
            raise NotPortable(labelled(part.name, _("“%(name)s” is missing.") % {"name": name}))
    try:
        blank.clean_fields(exclude=[one.name for one in _but(part, known)])
    except ValidationError as wrong:
        raise NotPortable(labelled(part.name, sentences_of(wrong, known))) from wrong
    return {name: getattr(blank, name) for name in known}


def _but(part: Part, known: Mapping[str, Any]) -> list[Any]:
    return [one for one in part.model._meta.fields if one.name not in known]


def part_rows_of(part: Part, record: Any) -> list[Any]:
    if record.pk is None:
        return []
    return list(part.model._default_manager.filter(**{part.parent: record.pk}).order_by("pk"))


def rows_as_given(part: Part, rows: list[Any]) -> list[dict[str, Any]]:
    """Rows of a part, or of its history, as `save` takes them. Raises NotPortable when what
    they point at is gone."""
    given = []
    for row in rows:
        values = {}
        for column in part.columns:
            value = getattr(row, column.attname)
            if column.is_relation and value is not None:
                related: Any = column.related_model
                value = related._base_manager.filter(pk=value).first()
                if value is None:
                    words = _("It names something that is not there (any more): %(what)s.")
                    what = f"{column.verbose_name} {getattr(row, column.attname)}"
                    raise NotPortable(words % {"what": what})
            values[column.name] = value
        given.append(values)
    return given


def sentences_of(wrong: ValidationError, columns: Mapping[str, Any]) -> str:
    """What a check of columns says, with the names that people know them by."""
    if not hasattr(wrong, "error_dict"):
        return clauses(wrong.messages)
    said = []
    for name, messages in wrong.message_dict.items():
        column = columns.get(name)
        words = clauses(messages)
        said.append(words if column is None else labelled(column.verbose_name, words))
    return clauses(said)
