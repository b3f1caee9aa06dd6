"""A file of settings, read with suspicion: of bounded size and depth, of a version that is known,
with nothing in it that is not understood."""

import json
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from config.kernel.errors import DomainError
from config.kernel.portable.items import Item
from config.kernel.portable.values import texts_in
from config.kernel.punctuation import labelled, listed
from config.kernel.settings_models import SettingModel, exported_models, setting_model

FORMAT, VERSION = "huiyin-settings", 1
LARGEST = 2_000_000  # bytes; a form takes the text of it once more
DEEPEST = 40
MOST = 5000  # settings
_TOP = {"format", "version", "exported_at", "left_out", "settings"}


class FileNotUnderstood(DomainError):
    code = "file_not_understood"


def read_text(raw: bytes) -> Any:
    """JSON, as strict as it can be read. Raises FileNotUnderstood."""
    if len(raw) > LARGEST:
        words = _("The file is larger than %(most)d MB.")
        raise FileNotUnderstood(words % {"most": LARGEST // 10**6})
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_constant=_refuse,
        )
    except UnicodeDecodeError as wrong:
        raise FileNotUnderstood(_("The file is no text in UTF-8.")) from wrong
    except (ValueError, RecursionError) as wrong:
        raise FileNotUnderstood(_("The file is no JSON, or too deep.")) from wrong


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) != len(pairs):
        raise ValueError("a name is there twice")
    return dict(pairs)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def read_settings(
    data: Any, kinds: Collection[str] | None = None
) -> list[tuple[SettingModel, Item]]:
    """What a file has to say, kind by kind in the order in which they are registered; with
    `kinds`, of these only. Raises FileNotUnderstood."""
    _ensure_bounds(data)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FileNotUnderstood(_("This is not a file of settings."))
    if data.get("version") != VERSION or isinstance(data.get("version"), bool):
        words = _("This product reads version %(number)d of the file.")
        raise FileNotUnderstood(words % {"number": VERSION})
    _ensure_known(data, _TOP)
    found = data.get("settings")
    if not isinstance(found, dict) or not all(isinstance(one, list) for one in found.values()):
        raise FileNotUnderstood(_("“settings” is an object: the kind, then a list."))
    _ensure_kinds(found)
    _ensure_kinds(dict.fromkeys(kinds or ()))
    if sum(len(one) for one in found.values()) > MOST:
        words = _("The file has more than %(most)d settings.")
        raise FileNotUnderstood(words % {"most": MOST})
    return [(one, item) for one in exported_models(kinds) for item in found.get(one.name, ())]


def _ensure_known(data: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(data) - known):
        words = _("These are not known: %(names)s.")
        raise FileNotUnderstood(words % {"names": listed(one[:40] for one in unknown[:10])})


def _ensure_kinds(found: dict[str, Any]) -> None:
    for name in found:
        setting = setting_model(name)
        if setting is not None and setting.stays:
            raise FileNotUnderstood(labelled(name, setting.stays))
    _ensure_known(found, {one.name for one in exported_models()})


def _ensure_bounds(data: Any) -> None:
    level = [data]
    for _depth in range(DEEPEST):
        level = [child for one in level for child in _children(one)]
        if not level:
            break
    else:
        raise FileNotUnderstood(_("The file is no JSON, or too deep."))
    for text in texts_in(data):
        if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
            raise FileNotUnderstood(_("The file has characters that cannot be stored."))


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
