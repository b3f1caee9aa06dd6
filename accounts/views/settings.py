"""Everything that can be set, in one place, and who changed it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_only
from accounts.selectors.setting_versions import LATEST, Version, latest_versions, versions_of
from accounts.selectors.settings import (
    count_in_use,
    histories_for,
    history_of_kind,
    settings_for,
    used_by,
)
from accounts.services.setting_versions import NoSuchVersion, look_at_version, restore_version
from config.kernel.errors import DomainError
from config.kernel.http import toast
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
    known = [one for one in histories_for(request.user) if one.is_tracked]
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


def _setting(request: SignedInRequest, kind: str, pk: int) -> tuple[SettingModel, Any]:
    setting = history_of_kind(request.user, kind)
    if setting is None:
        raise Http404
    return setting, get_object_or_404(setting.rows, pk=pk)


@staff_only
@require_GET
def setting_history(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """One setting: what uses it, and every change."""
    setting, record = _setting(request, kind, pk)
    may_open = bool(setting.edit) or request.user.is_staff
    may_restore = setting.save is not None and request.user.has_perm(setting.permission("change"))
    rows = [_row(request, one) for one in versions_of(setting, pk)]
    if may_restore:
        for row in rows[1:]:  # the first is how it is now
            number = row["version"].number
            row["restore_url"] = reverse("accounts:restore_setting", args=[kind, pk, number])
    context = {
        "setting": setting,
        "record": record,
        "edit_url": setting.edit_url(pk) if may_open else "",
        "used_by": used_by(record, setting),
        "rows": rows,
        "back_url": reverse("accounts:settings_history") + f"?kind={setting.name}",
    }
    return render(request, "accounts/setting.html", context)


@staff_only
@require_http_methods(["GET", "POST"])
def restore_setting(request: SignedInRequest, kind: str, pk: int, number: int) -> HttpResponse:
    """What an earlier version would change, and the button that brings it back."""
    setting, record = _setting(request, kind, pk)
    if setting.save is None or not request.user.has_perm(setting.permission("change")):
        raise PermissionDenied
    back_url = reverse("accounts:setting_history", args=[kind, pk])
    refusal = ""
    if request.method == "POST":
        try:
            digest = request.POST.get("digest", "")
            restore_version(setting, pk, number, by=request.user, digest=digest)
        except NoSuchVersion as gone:
            raise Http404 from gone
        except DomainError as refused:
            refusal = str(refused.message)
        else:
            toast(request, _("The earlier version is back, as a new one."))
            return redirect(back_url)
    try:
        outlook = look_at_version(setting, record, number, by=request.user)
    except NoSuchVersion as gone:
        raise Http404 from gone
    context = {
        "setting": setting,
        "record": record,
        "outlook": outlook,
        "refusal": outlook.refusal or refusal,
        "back_url": back_url,
    }
    status = 422 if refusal else 200
    return render(request, "accounts/setting_restore.html", context, status=status)
