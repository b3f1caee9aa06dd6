from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from config.kernel.settings_models import SettingModel, setting_models
from config.kernel.templatetags.ui import is_within

register = template.Library()


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    label: str
    icon: str
    is_here: bool


@register.simple_tag(takes_context=True)
def settings_menu(context: Any) -> list[Entry]:
    """What of the settings stands in the sidebar: pages of registered settings that name
    themselves there, between the page of all of them and the admin's."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None:  # the page that says that something broke
        return []
    path = request.path
    kinds = [one for one in setting_models() if one.menu and user.has_perm(_needed(one))]
    entries = [_entry(one, path) for one in kinds]
    if user.has_perm("accounts.view_outgoingmessage"):
        outgoing = reverse("accounts:outgoing")
        entries.append(Entry(outgoing, _("Outgoing mail"), "send", is_within(path, outgoing)))
    if user.has_perm("accounts.change_team"):
        everything = reverse("accounts:settings")
        # Some of the others live below it.
        here = is_within(path, everything) and not is_open_here(entries)
        entries.insert(0, Entry(everything, _("All settings"), "sliders-horizontal", here))
    return entries


def _needed(setting: SettingModel) -> str:
    return setting.needs or setting.permission("view")


def _entry(setting: SettingModel, path: str) -> Entry:
    here = any(is_within(path, url) for url in (setting.list_url, *setting.also))
    return Entry(setting.list_url, str(setting.menu), setting.icon, here)


@register.filter
def is_open_here(entries: list[Entry]) -> bool:
    """Whether the page is one of them: then the group is open."""
    return any(one.is_here for one in entries)
