"""Everything that can be set, in one place, and who changed it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_only
from accounts.selectors.settings import (
    LATEST,
    Version,
    count_in_use,
    latest_versions,
    settings_for,
    used_by,
    versions_of,
)
from config.kernel.settings_models import SettingModel


def _settings(request: SignedInRequest) -> list[SettingModel]:
    found = settings_for(request.user)
    if not found:
        raise PermissionDenied
    return found


@staff_only
@require_GET
def settings(request: SignedInRequest) -> HttpResponse:
    """Each kind with what it is for and how many there are; `q` narrows by words."""
    words = request.GET.get("q", "")[:100].replace("\x00", "").casefold().split()
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in _settings(request):
        said = " ".join(map(str, (one.label, one.explanation, one.group, *one.words))).casefold()
        if all(word in said for word in words):
            groups.setdefault(str(one.group), []).append(_card(request, one))
    context = {
        "groups": list(groups.items()),
        "q": " ".join(words),
        "history_url": reverse("accounts:settings_history"),
    }
    return render(request, "accounts/settings.html", context)


def _card(request: SignedInRequest, one: SettingModel) -> dict[str, Any]:
    # The admin's lists are for those who may enter it.
    may_open = bool(one.page) or request.user.is_staff
    return {
        "setting": one,
        "count": count_in_use(one),
        "url": one.list_url if may_open else "",
        "history_url": reverse("accounts:settings_history") + f"?kind={one.name}",
    }


@staff_only
@require_GET
def settings_history(request: SignedInRequest) -> HttpResponse:
    """The latest changes of all settings, or of one kind (`kind`), before → after."""
    known = [one for one in _settings(request) if one.is_tracked]
    kind = request.GET.get("kind", "")
    chosen = [one for one in known if not kind or one.name == kind]
    if not chosen:
        raise Http404
    versions = latest_versions(chosen, before=_moment(request.GET.get("before", "")))
    context = {
        "rows": [_row(request, one) for one in versions],
        "kinds": known,
        "kind": kind,
        "older": versions[-1].at.isoformat() if len(versions) == LATEST else "",
    }
    return render(request, "accounts/settings_history.html", context)


def _moment(text: str) -> Any:
    """None for what is no moment."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or not 1 < found.year < 9999:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _row(request: SignedInRequest, one: Version) -> dict[str, Any]:
    address = reverse("accounts:setting_history", args=[one.setting.name, one.object_id])
    return {"version": one, "url": address}


@staff_only
@require_GET
def setting_history(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """One setting: what uses it, and every change."""
    setting = next((one for one in _settings(request) if one.name == kind), None)
    if setting is None:
        raise Http404
    record = get_object_or_404(setting.model._default_manager, pk=pk)
    may_open = bool(setting.edit) or request.user.is_staff
    context = {
        "setting": setting,
        "record": record,
        "edit_url": setting.edit_url(pk) if may_open else "",
        "used_by": used_by(record, setting),
        "rows": [_row(request, one) for one in versions_of(setting, pk)],
        "back_url": reverse("accounts:settings_history") + f"?kind={setting.name}",
    }
    return render(request, "accounts/setting.html", context)
