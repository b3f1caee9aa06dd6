"""What templates and macros have in common when they are written."""

from typing import Any

from django.utils.translation import gettext as _

from config.kernel.errors import DomainError
from feedback.models.shared_setting import SharedSetting


class NameMissing(DomainError):
    code = "name_missing"

    def __init__(self) -> None:
        super().__init__(_("Give it a name in one language at least."))


def give_both_names(setting: Any) -> None:
    """What has a name in one language only is called so in both. Raises NameMissing."""
    setting.name_zh = setting.name_zh.strip() or setting.name_en.strip()
    setting.name_en = setting.name_en.strip() or setting.name_zh.strip()
    if not setting.name_zh:
        raise NameMissing


def move_among(siblings: list[Any], one: SharedSetting, *, earlier: bool) -> None:
    """Change places with the neighbour among `siblings`, which are in their present order; the
    first has none before it. The caller holds the transaction."""
    at = next(n for n, other in enumerate(siblings) if other.pk == one.pk)
    to = at - 1 if earlier else at + 1
    if not 0 <= to < len(siblings):
        return
    siblings[at], siblings[to] = siblings[to], siblings[at]
    for order, other in enumerate(siblings, 1):
        if other.order != order:
            other.order = order
            other.save(update_fields=["order"])
