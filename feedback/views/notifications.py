"""What a person was told: the bell, the list, and how they want to be told."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.selectors.personal_data import NOTHING_COVERED, cover_in_lists
from config.kernel.http import is_htmx, safe_next, toast
from config.kernel.kept import settings_at
from config.kernel.numbers import row_id
from feedback.forms.notifications import NotificationChoicesForm
from feedback.selectors.following import notifications_for_list, unread_count
from feedback.selectors.notices import ICONS, sentence_of
from feedback.services.notifying import choose_notifications, mark_read
from feedback.views.records import READ

PAGE_SIZE = 25
SHOWN_AT_MOST = 99


@staff_with(READ)
@require_GET
def notifications(request: SignedInRequest) -> HttpResponse:
    """The list; `show=all` has those that were read, too."""
    only_unread = request.GET.get("show") != "all"
    rows = notifications_for_list(request.user, only_unread=only_unread)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    notices = [
        {"row": one, "sentence": sentence_of(one), "icon": ICONS[one.kind]}  # type: ignore[index]
        for one in page.object_list
    ]
    cover = NOTHING_COVERED
    if notices:
        with settings_at(getattr(page.object_list[0], "settings_stamp", None)):
            cover = cover_in_lists(request.user)
    url = reverse("feedback:notifications")
    tabs = [
        {"label": _("Unread"), "url": url, "current": only_unread, "count": None},
        {"label": _("All"), "url": f"{url}?show=all", "current": not only_unread, "count": None},
    ]
    context = {
        "page": page,
        "notices": notices,
        "tabs": tabs,
        "only_unread": only_unread,
        "cover": cover,
    }
    return render(request, "feedback/notifications.html", context)


@staff_with(READ)
@require_GET
def bell(request: SignedInRequest) -> HttpResponse:
    """How many wait, for the head of every page; it asks by itself."""
    count = unread_count(request.user, at_most=SHOWN_AT_MOST + 1)
    context = {"count": count, "more": count > SHOWN_AT_MOST, "most": SHOWN_AT_MOST}
    return render(request, "feedback/_bell_count.html", context)


@staff_with(READ)
@require_POST
def read(request: SignedInRequest) -> HttpResponse:
    """Everything was read, or everything about the record with the id `feedback` or about the
    page with the address `page`."""
    record, page = row_id(request.POST.get("feedback", "")), request.POST.get("page", "")[:500]
    mark_read(request.user, feedback_id=record, page=page.replace("\x00", ""))
    if is_htmx(request):
        return HttpResponse(status=204)
    return redirect(safe_next(request, reverse("feedback:notifications")))


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def settings(request: SignedInRequest) -> HttpResponse:
    form = NotificationChoicesForm(request.user, request.POST or None)
    if form.is_valid():
        choose_notifications(request.user, form.chosen)
        toast(request, _("Saved."))
        return redirect("feedback:notification_settings")
    status = 422 if form.errors else 200
    return render(request, "feedback/notification_settings.html", {"form": form}, status=status)
