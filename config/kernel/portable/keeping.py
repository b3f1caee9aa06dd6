"""Writing a setting through its service, from wherever its values came: every rule is asked, and
whatever is wrong comes as a sentence."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from config.kernel.errors import DomainError
from config.kernel.portable.items import sentences_of
from config.kernel.punctuation import clauses
from config.kernel.settings_models import Parts, SettingModel


class SettingRefused(DomainError):
    """It does not fit (any more); the sentence says why."""

    code = "setting_refused"


def keep(setting: SettingModel, record: Any, parts: Parts, *, by: Any) -> Any:
    """Check `record` and let its service write it with exactly these parts. Raises
    SettingRefused; then nothing of it was written."""
    if setting.save is None:
        raise SettingRefused(_("Settings of this kind cannot be brought back here."))
    columns = {one.name: one for one in setting.columns}
    others = [one.name for one in setting.model._meta.fields if one.name not in columns]
    try:
        record.clean_fields(exclude=others)
        with transaction.atomic():
            return setting.save(record, parts, by)
    except ValidationError as wrong:
        raise SettingRefused(sentences_of(wrong, columns)) from wrong
    except DomainError as refusal:
        raise SettingRefused(str(refusal.message)) from refusal
    except (IntegrityError, DataError) as broken:
        raise SettingRefused(_what_clashes(record, broken)) from broken


def _what_clashes(record: Any, broken: Exception) -> str:
    if isinstance(broken, IntegrityError):
        try:
            record.validate_unique()
            record.validate_constraints()
        except ValidationError as wrong:
            return clauses(message for message in wrong.messages)
    return _("The database does not take it: something is there twice, or out of its bounds.")
