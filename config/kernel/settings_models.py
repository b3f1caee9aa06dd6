"""Which models are settings: what the pages “Settings” and “History” and the export know.

Each app registers its own in AppConfig.ready(); nothing here knows any of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from config.kernel.archiving import bring_back

# Of any setting: what the history does not show and the export does not take.
PRIVATE = frozenset(
    {
        "secret", "former_secret", "password", "smtp_password", "imap_password",
        "client_secret", "refresh_token", "access_token",
    }
)  # fmt: skip
# What is said apart (archived) or belongs to an installation, not to what was set.
_APART = frozenset({"archived_at", "is_demo"})

Parts = dict[str, list[dict[str, Any]]]
Save = Callable[[Any, Parts, Any], Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong to a setting and are set with it: shown, exported and brought back as
    parts of it. `parent` is their foreign key to the setting, `key` what tells one from another
    within it. `left`: columns that are nobody's choice."""

    name: str
    model: type[models.Model]
    parent: str
    key: Sequence[str]
    left: Collection[str] = ()

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def columns(self) -> list["models.Field[Any, Any]"]:
        left = {self.parent, *self.left}
        fields = (one for one in self.model._meta.concrete_fields if one.name not in left)
        return [one for one in fields if not one.primary_key]


@dataclass(frozen=True, slots=True)
class Content:
    """What a JSON column holds where rows of other tables are named in it. `pack` puts names of
    rows in place of primary keys, `unpack` does the opposite; both get (value, record, names)
    and raise NotPortable. `words` says it to people."""

    pack: Callable[[Any, Any, Any], Any]
    unpack: Callable[[Any, Any, Any], Any]
    words: Callable[[Any, Any], str]


@dataclass(frozen=True, slots=True, eq=False)
class SettingModel:
    """One kind of setting.

    `key` names the columns by which people and other installations know a row (a code, an
    address). `save(record, parts, by)` is the service that checks and writes a row with exactly
    these parts (name of the part → rows, column → value); without it an earlier version can be
    read, but not brought back. `stays` says why rows are not exported; "" = they are.
    """

    model: type[models.Model]
    group: Any
    explanation: Any
    icon: str = "settings"
    key: Sequence[str] = ("code",)
    # A column that one row of every installation has: that row is called "*" everywhere.
    marked: str = ""
    save: Save | None = None
    stays: Any = ""
    parts: Sequence[Part] = ()
    # Neither shown in the history nor exported; exported neither, nor brought back.
    hidden: Collection[str] = ()
    left: Collection[str] = ()
    contents: Mapping[str, Content] = field(default_factory=dict)
    # What is not a column: name → how it is read. `save` gets it among the parts.
    extras: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    # Which rows are settings: what people keep for themselves is not.
    shared: Q = field(default_factory=Q)
    # Archived rows are exported too, because others go on naming them.
    keeps_archived: bool = False
    archive: Callable[[Any], Any] | None = None
    bring_back: Callable[[Any], Any] = bring_back
    # Said of a row that an import makes: what is left for a person to do.
    when_new: Any = ""
    page: str = ""  # name of a page of its own; else the admin's list
    edit: str = ""  # name of the page of one row, with its pk; else the admin's
    words: Sequence[Any] = ()  # what else people may search for
    # In the sidebar: what it is called there (else: not there), where else it is "here", and the
    # permission that its page asks for where looking at the setting is not it.
    menu: Any = ""
    also: Sequence[str] = ()
    needs: str = ""

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
    def rows(self) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(self.shared)

    @property
    def is_tracked(self) -> bool:
        return events_of(self.model) is not None

    @property
    def hides(self) -> frozenset[str]:
        return PRIVATE | frozenset(self.hidden)

    @property
    def columns(self) -> list["models.Field[Any, Any]"]:
        """What an export takes and an earlier version brings back, a new column by itself."""
        without = self.hides | _APART | frozenset(self.left)
        fields = (one for one in self.model._meta.concrete_fields if one.name not in without)
        return [one for one in fields if not one.primary_key]

    @property
    def can_be_archived(self) -> bool:
        return any(one.name == "archived_at" for one in self.model._meta.concrete_fields)


def events_of(model: type[models.Model]) -> Any:
    """The table that the triggers of `model` write; None when there are none."""
    for one in apps.get_models():
        if getattr(one, "pgh_tracked_model", None) is model:
            return one
    return None


_known: dict[str, SettingModel] = {}


def register_setting_model(setting: SettingModel) -> SettingModel:
    """In AppConfig.ready(); the order is that of the pages."""
    _known[setting.name] = setting
    return setting


def setting_models() -> list[SettingModel]:
    return list(_known.values())


def setting_model(name: str) -> SettingModel | None:
    return _known.get(name)


def setting_of(model: type[models.Model]) -> SettingModel | None:
    return _known.get(model._meta.label_lower)


def exported_models(names: Iterable[str] | None = None) -> list[SettingModel]:
    """Those that are exported, or those of them that are named."""
    wanted = None if names is None else set(names)
    found = [one for one in setting_models() if not one.stays]
    return [one for one in found if wanted is None or one.name in wanted]
