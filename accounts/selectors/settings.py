"""What the settings pages show: how much there is of each kind and what a setting is used by."""

from typing import Any

from django.db import models

from accounts.models import Team, User
from config.kernel.settings_models import SettingModel, setting_models

# Whoever sets up the company; each kind asks for its own rights besides.
SETS_UP = "accounts.change_team"


def settings_for(user: User) -> list[SettingModel]:
    """The kinds that this person may look at."""
    return [one for one in setting_models() if user.has_perm(one.permission("view"))]


def histories_for(user: User) -> list[SettingModel]:
    """The kinds of which this person may read every row's history and bring versions back. What
    belongs to teams has the texts of all of them: that takes the right to see every team."""
    found = settings_for(user)
    if user.has_perm("accounts.view_every_team"):
        return found
    return [one for one in found if not _belongs_to_teams(one.model)]


def history_of_kind(user: User, name: str) -> SettingModel | None:
    """The kind of this name, if its histories are for this person."""
    return next((one for one in histories_for(user) if one.name == name), None)


def _belongs_to_teams(model: type[models.Model]) -> bool:
    return any(field.related_model is Team for field in model._meta.fields)


def count_in_use(setting: SettingModel) -> int:
    rows = setting.rows
    return (rows.filter(archived_at=None) if setting.can_be_archived else rows).count()


def used_by(record: models.Model, setting: SettingModel) -> list[tuple[str, int]]:
    """(what, how many) of the rows that point at one setting; its own parts do not count."""
    found = []
    # A part may be the table between, under a name of its own.
    parts = {part.model._meta.concrete_model for part in setting.parts}
    for relation in record._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model: Any = relation.related_model
        meta = model._meta.concrete_model._meta
        if meta.model in parts or hasattr(model, "pgh_tracked_model") or not meta.managed:
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
