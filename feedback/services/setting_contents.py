"""What the JSON columns of this app's settings hold, for export and import: rows of other tables
are named in them."""

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import CustomField, Team, User
from config.kernel.portable.facts import condition_words
from config.kernel.portable.names import Names, NotPortable
from config.kernel.portable.values import pack_tree, unpack_tree
from config.kernel.punctuation import clauses, listed
from config.kernel.settings_models import Content
from feedback.models import AutomationRule, Macro, SavedView
from feedback.rules.actions import Choices, action_of, action_words

Translate = Callable[[Any, Any], Any]


def _words(value: Any, _record: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _objects(value: Any) -> list[dict[str, Any]]:
    """Raises NotPortable for what is no list of objects."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise NotPortable(_("This is not a list."))
    return value


# --- actions of automation ------------------------------------------------------------------
def _actions(value: Any, translate: Translate) -> list[dict[str, Any]]:
    return [_action(one, translate) for one in _objects(value)]


def _action(kept: dict[str, Any], translate: Translate) -> dict[str, Any]:
    action = action_of(kept)
    rows = {one.name: one.rows_of for one in action.params if one.rows_of} if action else {}
    return {
        name: translate(rows[name], value) if name in rows and value is not None else value
        for name, value in kept.items()
    }


def _pack_actions(value: Any, _rule: AutomationRule, names: Names) -> Any:
    return _actions(value, names.name_of)


def _unpack_actions(value: Any, _rule: AutomationRule, names: Names) -> Any:
    return _actions(value, names.key_of)


def _action_words(value: Any, _rule: Any) -> str:
    choices = Choices()
    return clauses(action_words(one, choices) for one in value)


ACTIONS = Content(_pack_actions, _unpack_actions, _action_words)


# --- changes of macros ------------------------------------------------------------------------
_ROWS = {"team": Team, "assignee": User}


def _pack_changes(value: Any, _macro: Macro, names: Names) -> Any:
    return [_with_name(one, names) for one in _objects(value)]


def _with_name(change: dict[str, Any], names: Names) -> dict[str, Any]:
    model, to = _ROWS.get(change.get("do", "")), change.get("to")
    if model is None or not isinstance(to, int):
        return change
    return change | {"to": {"named": names.name_of(model, to)}}


def _unpack_changes(value: Any, _macro: Macro, names: Names) -> Any:
    changes = []
    for change in _objects(value):
        do, to = change.get("do"), change.get("to")
        model = _ROWS.get(do) if isinstance(do, str) else None
        if model is not None and isinstance(to, dict):
            changes.append(change | {"to": names.key_of(model, to.get("named"))})
        elif model is not None and not isinstance(to, str):
            raise NotPortable(_("Rows are named here, not numbered."))
        else:
            changes.append(change)
    return changes


CHANGES = Content(_pack_changes, _unpack_changes, _words)


# --- filters of views -------------------------------------------------------------------------
_NOT_ROWS = frozenset({"none", "me"})


def _pack_filters(value: Any, _view: SavedView, names: Names) -> Any:
    if "customer" in value:
        raise NotPortable(_("It is about one customer."))
    return _filters(value, lambda model, text: names.name_of(model, int(text)))


def _unpack_filters(value: Any, _view: SavedView, names: Names) -> Any:
    if not isinstance(value, dict) or "customer" in value:
        raise NotPortable(_("These are not filters."))
    for texts in value.values():
        if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            raise NotPortable(_("These are not filters."))
    return _filters(value, lambda model, text: str(names.key_of(model, text)))


def _filters(value: dict[str, Any], translate: Translate) -> dict[str, Any]:
    return {
        name: [
            text if name not in _ROWS or text in _NOT_ROWS else translate(_ROWS[name], text)
            for text in texts
        ]
        for name, texts in value.items()
    }


FILTERS = Content(_pack_filters, _unpack_filters, _words)


# --- custom fields ----------------------------------------------------------------------------
_OF_OPTION = {"code": str, "name_zh": str, "name_en": str, "archived": bool}


def _same(value: Any, _record: Any, _names: Names) -> Any:
    return value


def _unpack_options(value: Any, _field: CustomField, _names: Names) -> Any:
    for one in _objects(value):
        for name, given in one.items():
            if name not in _OF_OPTION or not isinstance(given, _OF_OPTION[name]):
                raise NotPortable(_("These are not known: %(names)s.") % {"names": name[:40]})
    return value


def _option_words(value: Any, _field: Any) -> str:
    return listed(f"{one['name_en']} / {one['name_zh']} ({one['code']})" for one in value)


def _asked(field: CustomField) -> str:
    return f"asked_{field.subject}"


OPTIONS = Content(_same, _unpack_options, _option_words)
SHOWN_WHEN = Content(
    lambda value, field, names: pack_tree(value, _asked(field), names),
    lambda value, field, names: unpack_tree(value, _asked(field), names),
    lambda value, field: condition_words(value, _asked(field)),
)


# --- lists ------------------------------------------------------------------------------------
def _of(kind: type) -> Content:
    """A list of texts or of numbers."""

    def unpack(value: Any, _record: Any, _names: Names) -> Any:
        if not isinstance(value, list) or not all(type(one) is kind for one in value):
            raise NotPortable(_("This is not a list."))
        return value

    return Content(_same, unpack, lambda value, _record: listed(value))


CODES, NUMBERS = _of(str), _of(int)
OBJECTS = Content(_same, lambda value, _record, _names: _objects(value), _words)
