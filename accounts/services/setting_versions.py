"""Bringing an earlier version of a setting back: shown first, then written as a new version by
the service that checks every edit."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors.custom_fields import forget_book
from accounts.selectors.setting_versions import State, Version, state_at
from config.kernel.admin.history import FieldChange
from config.kernel.errors import DomainError
from config.kernel.portable.facts import Facts, compare, facts_now
from config.kernel.portable.items import rows_as_given
from config.kernel.portable.keeping import SettingRefused, keep
from config.kernel.settings_models import SettingModel


class NoSuchVersion(DomainError):
    code = "no_such_version"

    def __init__(self) -> None:
        super().__init__(_("There is no such version of this setting."))


class ChangedMeanwhile(DomainError):
    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this setting meanwhile. Look again at what would become of it.")
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What bringing a version back would do. `refusal`: why it cannot be done; `digest` stands
    for what was shown, so that nobody confirms something else."""

    version: Version | None
    changes: list[FieldChange]
    refusal: str
    digest: str


def look_at_version(setting: SettingModel, record: Any, number: int, *, by: User) -> Outlook:
    """It is done and taken back again, so the rules are asked as they will be. Raises
    NoSuchVersion."""
    state = state_at(setting, record.pk, number)
    if state is None:
        raise NoSuchVersion
    before = facts_now(setting, record.pk)
    after, refusal = before, ""
    with transaction.atomic():
        try:
            _write(setting, record.pk, state, by=by)
            after = facts_now(setting, record.pk)
        except SettingRefused as refused:
            refusal = str(refused.message)
        transaction.set_rollback(True)
    forget_book()  # of fields that people made: what was just read is undone
    return Outlook(state.version, compare(before, after), refusal, _digest(before, after))


@transaction.atomic
def restore_version(
    setting: SettingModel, object_id: int, number: int, *, by: User, digest: str = ""
) -> list[FieldChange]:
    """Make a setting and its parts what they were after the write of that number; gives what
    changed by that. Whether it is archived stays as it is. `digest` is that of the outlook which
    the person saw. Raises NoSuchVersion, SettingRefused, ChangedMeanwhile; then nothing was
    changed."""
    setting.model._default_manager.select_for_update().get(pk=object_id)
    state = state_at(setting, object_id, number)
    if state is None:
        raise NoSuchVersion
    before = facts_now(setting, object_id)
    _write(setting, object_id, state, by=by)
    after = facts_now(setting, object_id)
    if digest and digest != _digest(before, after):
        raise ChangedMeanwhile
    return compare(before, after)


def _write(setting: SettingModel, object_id: int, state: State, *, by: User) -> None:
    record = setting.model._default_manager.get(pk=object_id)
    for column in setting.columns:
        if hasattr(state.row, column.attname):  # else it was never written down
            setattr(record, column.attname, getattr(state.row, column.attname))
    try:
        parts = {part.name: rows_as_given(part, state.parts[part.name]) for part in setting.parts}
    except DomainError as gone:
        raise SettingRefused(str(gone.message)) from gone
    keep(setting, record, parts, by=by)


def _digest(before: Facts, after: Facts) -> str:
    said = json.dumps([before, after], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]
