"""The configuration as a file: written without secrets, taken in by the services that check every
edit, all of it or nothing."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.selectors.custom_fields import forget_book
from config.kernel.admin.history import FieldChange
from config.kernel.errors import DomainError
from config.kernel.portable.facts import compare, facts_now
from config.kernel.portable.file import FORMAT, VERSION, read_settings
from config.kernel.portable.items import ARCHIVED, KEY, Item, ensure_item, fill, pack
from config.kernel.portable.keeping import SettingRefused, keep
from config.kernel.portable.names import Names, NotPortable
from config.kernel.settings_models import PRIVATE, SettingModel, exported_models, setting_models

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
OUTCOMES = {
    NEW: gettext_lazy("New"),
    CHANGED: gettext_lazy("Changed"),
    SAME: gettext_lazy("The same"),
    REFUSED: gettext_lazy("Refused"),
}
# What one setting needs another may bring: those that were refused are asked again.
PASSES = 8


# --- export -------------------------------------------------------------------------------------
def export_settings(
    kinds: Iterable[str] | None = None, *, at: datetime | None = None
) -> dict[str, Any]:
    """Every setting of these kinds (None: of all that are exported), ready for JSON. `left_out`
    says what is not in it: secrets, what is archived, what could not be written."""
    names = Names()
    wanted = exported_models(kinds)
    left_out = [_left(one, reason=str(one.stays)) for one in setting_models() if one.stays]
    left_out += [
        _left(one, columns=secret)
        for one in wanted
        if (secret := sorted(PRIVATE & {column.name for column in one.model._meta.fields}))
    ]
    found = {one.name: _packed(one, names, left_out) for one in wanted}
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": (at or timezone.now()).isoformat(timespec="seconds"),
        "left_out": left_out,
        "settings": found,
    }


def _left(setting: SettingModel, **why: Any) -> dict[str, Any]:
    return {"kind": setting.name, **why}


def _packed(setting: SettingModel, names: Names, left_out: list[dict[str, Any]]) -> list[Item]:
    rows = setting.rows.order_by("pk")
    if setting.can_be_archived and not setting.keeps_archived:
        if count := rows.exclude(archived_at=None).count():
            left_out.append(_left(setting, archived=count))
        rows = rows.filter(archived_at=None)
    packed = []
    for row in rows:
        try:
            packed.append(pack(setting, row, names))
        except NotPortable as why:
            left_out.append(_left(setting, key=str(row), reason=str(why.message)))
    return packed


# --- import -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Taken:
    """What became, or would become, of one setting of a file. `note`: what is left to do."""

    setting: SettingModel
    key: str
    outcome: str
    changes: list[FieldChange] = field(default_factory=list)
    reason: str = ""
    note: str = ""

    @property
    def outcome_words(self) -> str:
        return str(OUTCOMES[self.outcome])

    @property
    def tone(self) -> str:
        return {NEW: "green", CHANGED: "blue", REFUSED: "red"}.get(self.outcome, "gray")

    @property
    def is_new(self) -> bool:
        return self.outcome == NEW


@dataclass(frozen=True, slots=True)
class Report:
    rows: list[Taken]
    is_imported: bool

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(one.outcome for one in self.rows)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def is_refused(self) -> bool:
        return any(one.outcome == REFUSED for one in self.rows)

    @property
    def changes_something(self) -> bool:
        return any(one.outcome in {NEW, CHANGED} for one in self.rows)


def import_settings(
    data: Any, *, by: User, kinds: Collection[str] | None = None, dry_run: bool = False
) -> Report:
    """Take over what a file (read JSON) says, or with `dry_run` only tell what would become of
    it. One setting that is refused keeps all others out. What is here and not in the file stays
    as it is. Raises FileNotUnderstood."""
    wanted = read_settings(data, kinds)
    with transaction.atomic():
        rows = _take_all(wanted, by)
        refused = any(one.outcome == REFUSED for one in rows)
        if dry_run or refused:
            transaction.set_rollback(True)
    forget_book()  # of fields that people made: perhaps they are gone again
    return Report(rows, is_imported=not dry_run and not refused)


def _take_all(wanted: list[tuple[SettingModel, Item]], by: User) -> list[Taken]:
    names = Names()
    rows: dict[int, Taken] = {}
    left = list(enumerate(wanted))
    for _pass in range(PASSES):
        for at, (setting, item) in left:
            rows[at] = _take(setting, item, names, by)
        refused = [one for one in left if rows[one[0]].outcome == REFUSED]
        if not any(rows[at].outcome in {NEW, CHANGED} for at, _one in left):
            break  # nothing that others waited for
        left = refused
    return [rows[at] for at in range(len(wanted))]


def _take(setting: SettingModel, item: Item, names: Names, by: User) -> Taken:
    key = str(item.get(KEY, ""))[:200] if isinstance(item, dict) else ""
    try:
        _ensure_allowed(setting, by)
        ensure_item(setting, item)
        with transaction.atomic():
            return _taken(setting, item, names, by)
    except DomainError as refusal:
        return Taken(setting, key, REFUSED, reason=str(refusal.message))


def _ensure_allowed(setting: SettingModel, by: User) -> None:
    if not all(by.has_perm(setting.permission(verb)) for verb in ("add", "change")):
        raise SettingRefused(_("You may not change settings of this kind."))


def _taken(setting: SettingModel, item: Item, names: Names, by: User) -> Taken:
    pk = names.find(setting.model, item[KEY])
    if pk is None:
        return _made(setting, item, names, by)
    record = setting.rows.select_for_update(of=("self",)).get(pk=pk)
    if _says_the_same(setting, record, item, names):
        return Taken(setting, item[KEY], SAME)
    before = facts_now(setting, pk)
    parts = fill(setting, record, item, names)
    saved = keep(setting, record, parts, by=by)
    _ensure_key(item, saved, names)
    _put_in_place(setting, saved, item, by)
    changes = compare(before, facts_now(setting, pk))
    return Taken(setting, item[KEY], CHANGED if changes else SAME, changes)


def _made(setting: SettingModel, item: Item, names: Names, by: User) -> Taken:
    record: Any = setting.model()
    parts = fill(setting, record, item, names)
    if item.get(ARCHIVED):
        if not setting.keeps_archived:
            raise SettingRefused(_("What is archived is not made anew."))
        record.archived_at = timezone.now()
    saved: Any = keep(setting, record, parts, by=by)
    wanted = item.get("order")
    if wanted is not None and saved.order != wanted:  # what is new is put last
        saved.order = wanted
        saved = keep(setting, saved, parts, by=by)
    _ensure_key(item, saved, names)
    names.add(setting.model, item[KEY], saved.pk)
    changes = compare({}, facts_now(setting, saved.pk))
    return Taken(setting, item[KEY], NEW, changes, note=str(setting.when_new))


def _says_the_same(setting: SettingModel, record: Any, item: Item, names: Names) -> bool:
    try:
        now = pack(setting, record, names)
    except NotPortable:  # it names something that is gone: then the file mends it
        return False
    return all(name in now and now[name] == value for name, value in item.items())


def _ensure_key(item: Item, saved: Any, names: Names) -> None:
    """That the setting is found under the same key next time."""
    plain = names.plain(saved)
    if item[KEY] != plain and not re.fullmatch(re.escape(plain) + r" #\d{1,4}", item[KEY]):
        words = _("Its key should be “%(key)s”, by what it says.")
        raise SettingRefused(words % {"key": plain[:200]})


def _put_in_place(setting: SettingModel, saved: Any, item: Item, by: User) -> None:
    if ARCHIVED not in item:
        return
    is_archived = saved.archived_at is not None
    if item[ARCHIVED] and not is_archived:
        if not by.has_perm(setting.permission("delete")):
            raise SettingRefused(_("You may not archive settings of this kind."))
        if not setting.keeps_archived:
            raise SettingRefused(_("Archive it on its own page."))
        (setting.archive or _archive)(saved)
    elif is_archived and not item[ARCHIVED]:
        setting.bring_back(saved)


@transaction.atomic
def _archive(record: Any) -> None:
    record.archived_at = timezone.now()
    record.save(update_fields=["archived_at"])
