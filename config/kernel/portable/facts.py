"""What a setting says, for people: line by line, so that two states of it can be compared."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from config.kernel.admin.history import FieldChange
from config.kernel.conditions.errors import ConditionInvalid, SubjectNotKnown
from config.kernel.conditions.model_field import ConditionField
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.punctuation import clauses, labelled, listed
from config.kernel.settings_models import Part, SettingModel

LONGEST = 400
Facts = dict[str, str]


class Called:
    """What rows are called that others point at: each table is asked once for many."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, Any], str] = {}

    def learn(self, rows: Iterable[Any]) -> None:
        wanted: dict[Any, set[Any]] = {}
        for row in rows:
            for field in row._meta.concrete_fields:
                value = getattr(row, field.attname) if _leads_away(field) else None
                if value is not None and (field.related_model, value) not in self._known:
                    wanted.setdefault(field.related_model, set()).add(value)
        for model, keys in wanted.items():
            self._known |= {(model, key): f"#{key}" for key in keys}
            found = model._base_manager.in_bulk(keys)
            self._known |= {(model, key): str(row) for key, row in found.items()}

    def name(self, model: Any, key: Any) -> str:
        if (model, key) not in self._known:
            row = model._base_manager.filter(pk=key).first()
            self._known[model, key] = f"#{key}" if row is None else str(row)
        return self._known[model, key]


def _leads_away(field: Any) -> bool:
    return bool(field.is_relation) and not field.name.startswith("pgh_")


def facts_of(setting: SettingModel, row: Any, called: Called) -> Facts:
    """Label → text of everything that a row of the setting, or of its history, has. What is
    empty is left out."""
    found: Facts = {}
    for field in row._meta.concrete_fields:
        if field.name.startswith("pgh_") or field.name == "id" or field.name in setting.hides:
            continue
        if field.name in setting.left and not hasattr(row, "pgh_id"):
            continue  # a count that moves by itself
        text = _said(setting, row, field, called)
        if text:
            found[capfirst(str(field.verbose_name))] = text
    return found


def facts_of_part(part: Part, row: Any, called: Called) -> tuple[str, str]:
    """What one row of a part is called, and what it says."""
    said = [(one, _shown(row, one, called)) for one in part.columns]
    name = listed(text for one, text in said if one.name in part.key and text)
    rest = (
        labelled(one.verbose_name, text) for one, text in said if one.name not in part.key and text
    )
    return labelled(capfirst(part.label), name), clauses(rest) or _("yes")


def facts_with_parts(
    setting: SettingModel, row: Any, parts: Mapping[str, Sequence[Any]], called: Called
) -> Facts:
    """`parts`: name of the part → its rows."""
    found = facts_of(setting, row, called)
    for part in setting.parts:
        for one in parts.get(part.name, ()):
            label, text = facts_of_part(part, one, called)
            found[label] = text
    return found


def compare(before: Facts, after: Facts) -> list[FieldChange]:
    labels = list(dict.fromkeys([*before, *after]))
    return [
        FieldChange(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label) != after.get(label)
    ]


def _said(setting: SettingModel, row: Any, field: Any, called: Called) -> str:
    content = setting.contents.get(field.name)
    value = getattr(row, field.attname)
    if content is not None and value not in (None, [], {}):
        return content.words(value, row)[:LONGEST]
    return _shown(row, field, called)


def _shown(row: Any, field: Any, called: Called) -> str:
    value = getattr(row, field.attname)
    if value is None or value in ("", []):
        return ""
    if field.is_relation:
        return called.name(field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(value, field)


def _plain(value: Any, field: Any) -> str:
    if isinstance(field, ConditionField):
        return condition_words(value, field.subject)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, ArrayField):
        choices = dict(field.base_field.flatchoices or ())
        return listed([str(choices.get(one, one)) for one in value])
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)[:LONGEST]
    if isinstance(value, datetime):
        value = localtime(value)
    return str(localize(value))[:LONGEST]


def condition_words(tree: Any, subject: str) -> str:
    """A kept condition as a sentence; one that cannot be run any more as it is kept."""
    try:
        return sentence(read_tree(tree, vocabulary(subject)))[:LONGEST]
    except (ConditionInvalid, SubjectNotKnown):
        return json.dumps(tree, ensure_ascii=False)[:LONGEST]


def facts_now(setting: SettingModel, pk: int) -> Facts:
    """Of a stored setting with its parts."""
    record = setting.model._default_manager.get(pk=pk)
    parts = {
        part.name: list(part.model._default_manager.filter(**{part.parent: pk}).order_by("pk"))
        for part in setting.parts
    }
    return facts_with_parts(setting, record, parts, Called())
