"""Settings that name other settings inside JSON: conditions, filters of views, actions of rules,
changes of macros, categories of forms. The database does not know of these references."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import CustomField
from config.kernel.conditions.condition import GROUPS
from config.kernel.conditions.errors import FieldNotKnown
from config.kernel.conditions.model_field import ConditionField
from config.kernel.conditions.operators import NOT
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.errors import DomainError
from config.kernel.punctuation import listed
from feedback.models import (
    AutomationRule,
    Category,
    FormDefinition,
    Macro,
    Product,
    SavedView,
    Tag,
)

# (what a column holds, its row, the row that is named, the one to name instead) → the same with
# the other one named.
Swap = Callable[[Any, Any, Any, Any], Any]


class CodeInUse(DomainError):
    code = "code_in_use"


@dataclass(frozen=True, slots=True)
class Naming:
    """A row whose column names another row inside its JSON."""

    row: Any
    column: str
    swap: Swap


def settings_naming(named: models.Model) -> list[Naming]:
    """Everything that names a row, whoever's and archived or not. One query for each kind."""
    nobody = type(named)(pk=0)
    found = []
    for model, column, swap in _places():
        for row in model._base_manager.order_by("pk"):
            held = getattr(row, column)
            if swap(held, row, named, nobody) != held:
                found.append(Naming(row, column, swap))
    return found


def words_for(found: list[Naming]) -> str:
    """Of which kind and how many they are; what they are called may be somebody's own."""
    kinds: dict[str, set[int]] = {}
    for one in found:
        kinds.setdefault(str(one.row._meta.verbose_name_plural), set()).add(one.row.pk)
    return listed(f"{kind} ({len(rows)})" for kind, rows in kinds.items())


def naming_in_words(record: models.Model) -> str:
    """ "" = no setting names it."""
    return words_for(settings_naming(record))


def ensure_code_stays(stored: Category | Product | None, code: str) -> None:
    """Raises CodeInUse when settings name the code that is to be changed."""
    if stored is None or stored.pk is None or stored.code == code:
        return
    if found := settings_naming(stored):
        raise CodeInUse(
            _("The code stays “%(code)s”, because settings name it: %(settings)s.")
            % {"code": stored.code, "settings": words_for(found)}
        )


def name_instead(source: models.Model, into: models.Model) -> None:
    """Inside a merge: whatever names `source` names `into` from now on."""
    for one in settings_naming(source):
        row = type(one.row)._base_manager.select_for_update().get(pk=one.row.pk)
        setattr(row, one.column, one.swap(getattr(row, one.column), row, source, into))
        row.save(update_fields=[one.column])


# --- where rows are named -----------------------------------------------------------------------
def _places() -> Iterator[tuple[type[models.Model], str, Swap]]:
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model"):  # the past stays as it was
            continue
        for column in model._meta.local_concrete_fields:
            if isinstance(column, ConditionField):
                yield model, column.name, _in_condition(column.subject)
    yield CustomField, "shown_when", _in_shown_when
    yield SavedView, "filters", _in_filters
    yield FormDefinition, "categories", _in_categories
    yield Macro, "changes", _in_changes
    yield AutomationRule, "actions", _in_actions


def _in_condition(subject: str) -> Swap:
    return lambda tree, _row, old, new: _in_tree(tree, subject, old, new)


def _in_shown_when(tree: Any, row: Any, old: Any, new: Any) -> Any:
    return _in_tree(tree, f"asked_{row.subject}", old, new)


def _in_tree(tree: Any, subject: str, old: Any, new: Any) -> Any:
    if tree[0] in GROUPS or tree[0] == NOT:
        return [tree[0], *(_in_tree(one, subject, old, new) for one in tree[1:])]
    if len(tree) != 3:
        return tree
    operator, name, value = tree
    try:
        source = getattr(vocabulary(subject).field(name), "source", None)
    except FieldNotKnown:
        return tree
    if source is None or source.rows().model is not type(old):
        return tree
    before, after = getattr(old, source.key), getattr(new, source.key)
    if not isinstance(value, list):
        return [operator, name, after if value == before else value]
    return [operator, name, _in_list(value, before, after)]


def _in_list(values: list[Any], before: Any, after: Any) -> list[Any]:
    """As it was when it does not have it; else sorted, as conditions keep their lists."""
    if before not in values:
        return values
    return sorted({after if one == before else one for one in values})


def _in_filters(filters: Any, _row: Any, old: Any, new: Any) -> Any:
    name, column = _AS_FILTER.get(type(old), ("", ""))
    if name not in filters:
        return filters
    before, after = str(getattr(old, column)), str(getattr(new, column))
    return filters | {name: _in_list(filters[name], before, after)}


_AS_FILTER: dict[Any, tuple[str, str]] = {
    Category: ("category", "code"),
    Product: ("product", "code"),
    Tag: ("tag", "name"),
}


def _in_categories(codes: Any, _row: Any, old: Any, new: Any) -> Any:
    if not isinstance(old, Category) or old.code not in codes:
        return codes
    swapped = [new.code if code == old.code else code for code in codes]
    return list(dict.fromkeys(swapped))


def _in_changes(changes: Any, _row: Any, old: Any, new: Any) -> Any:
    return [_in_change(one, old, new) for one in changes]


def _in_change(change: Any, old: Any, new: Any) -> Any:
    do, to = change.get("do"), change.get("to")
    if isinstance(old, Category) and do == "category" and to == old.code:
        return change | {"to": new.code}
    if isinstance(old, Tag) and do in {"add_tags", "remove_tags"}:
        return change | {"to": _in_list(to, old.name, new.name)}
    return change


def _in_actions(actions: Any, _row: Any, old: Any, new: Any) -> Any:
    return [_in_action(one, old, new) for one in actions]


def _in_action(action: Any, old: Any, new: Any) -> Any:
    if isinstance(old, Category) and action.get("category") == old.code:
        return action | {"category": new.code}
    if isinstance(old, Tag) and action.get("tag") == old.pk:
        return action | {"tag": new.pk}
    return action
