"""Which models are settings: what the pages “Settings” and “History” and the export know.

Each app registers its own in AppConfig.ready(); nothing here knows any of them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse

# Of any setting: what the history does not show and the export does not take.
PRIVATE = frozenset({"secret", "former_secret", "password", "smtp_password", "imap_password"})


@dataclass(frozen=True, slots=True)
class SettingModel:
    """One kind of setting. `key` names the field by which people and other installations know a
    row (a code, an address); `save` is the service that checks and writes a row, without it an
    earlier version can be read but not brought back here."""

    model: type[models.Model]
    group: Any
    explanation: Any
    icon: str = "settings"
    key: str = "code"
    save: Callable[[Any], Any] | None = None
    parts: Collection[type[models.Model]] = ()
    hidden: Collection[str] = ()
    page: str = ""  # name of a page of its own; else the admin's list
    edit: str = ""  # name of the page of one row, with its pk; else the admin's
    words: Sequence[Any] = ()  # what else people may search for

    @property
    def name(self) -> str:
        """As in addresses and in the export: "feedback.category"."""
        return self.model._meta.label_lower

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def permission(self, verb: str) -> str:
        meta = self.model._meta
        return f"{meta.app_label}.{verb}_{meta.model_name}"

    @property
    def list_url(self) -> str:
        return reverse(self.page) if self.page else reverse(self._admin("changelist"))

    def edit_url(self, pk: int) -> str:
        """ "" when there is none."""
        try:
            return reverse(self.edit or self._admin("change"), args=[pk])
        except NoReverseMatch:
            return ""

    def _admin(self, what: str) -> str:
        meta = self.model._meta
        return f"admin:{meta.app_label}_{meta.model_name}_{what}"

    @property
    def is_tracked(self) -> bool:
        return any(
            hasattr(one.related_model, "pgh_tracked_model")
            for one in self.model._meta.related_objects
        )

    @property
    def hides(self) -> frozenset[str]:
        return PRIVATE | frozenset(self.hidden)


_known: dict[str, SettingModel] = {}


def register_setting_model(setting: SettingModel) -> SettingModel:
    """In AppConfig.ready(); the order is that of the pages."""
    _known[setting.name] = setting
    return setting


def setting_models() -> list[SettingModel]:
    return list(_known.values())


def setting_model(name: str) -> SettingModel | None:
    return _known.get(name)
