"""Settings: business calendars with their special days."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.time_zones import known_time_zones
from feedback.forms.sla import CalendarForm, FeedForm, ImportForm, PreviewForm, SpecialDayForm
from feedback.models import BusinessCalendar, CalendarDay, HolidayFeed
from feedback.rules.business_time import NoWorkingTime, due_at
from feedback.rules.chinese_holidays import YEARS
from feedback.rules.feed_problems import file_refused, left_out_in_words
from feedback.rules.ical import NotACalendar, read_days
from feedback.selectors.holidays import feeds_of, missing_year
from feedback.selectors.service_levels import days_of, week_in_words
from feedback.selectors.sla_policies import calendar_of
from feedback.services.calendars import (
    Imported,
    import_chinese_holidays,
    import_file,
    remove_calendar,
    remove_special_day,
    save_calendar,
    set_special_day,
    switch_special_day,
)
from feedback.services.holiday_feeds import (
    AHEAD,
    BACK,
    add_feed,
    ask_feed_now,
    remove_feed,
)

LOOK, CHANGE = "feedback.view_businesscalendar", "feedback.change_businesscalendar"
ADD, REMOVE = "feedback.add_businesscalendar", "feedback.delete_businesscalendar"


def _calendar(pk: int) -> BusinessCalendar:
    return get_object_or_404(BusinessCalendar.objects.prefetch_related("windows"), pk=pk)


@staff_with(LOOK)
@require_GET
def calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _calendar(pk))


def _page(
    request: SignedInRequest,
    one: BusinessCalendar,
    *,
    day: SpecialDayForm | None = None,
    holidays: ImportForm | None = None,
    feed: FeedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = "at" in request.GET or "hours" in request.GET
    preview = PreviewForm(request.GET if asked else PreviewForm.usual())
    today, may_change = timezone.localdate(), request.user.has_perm(CHANGE)
    context = {
        "calendar": one,
        "missing_year": None if one.archived_at else missing_year(one, today),
        "known_years": YEARS,
        "feeds": feeds_of(one, whole=may_change),
        "feed": feed or FeedForm(),
        "week": list(zip(WEEKDAYS.values(), week_in_words(one), strict=True)),
        "days": days_of(one, today.replace(month=1, day=1)),
        "day": day or SpecialDayForm(),
        "holidays": holidays or ImportForm(),
        "preview": preview,
        "may_change": may_change,
        "may_remove": request.user.has_perm(REMOVE),
        **_previewed(one, preview),
    }
    if asked and preview.errors:
        status = 422
    return render(request, "feedback/calendar.html", context, status=status)


def _previewed(one: BusinessCalendar, preview: PreviewForm) -> dict[str, Any]:
    """When so many working hours are over; shown in the calendar's own time."""
    if not preview.is_valid():
        return {}
    rules = calendar_of(one)
    at = preview.cleaned_data["at"].replace(tzinfo=rules.tz)
    seconds = max(1, round(preview.cleaned_data["hours"] * 3600))
    try:
        due = due_at(rules, at, seconds)
    except NoWorkingTime:
        return {"never": True}
    return {"due": due.astimezone(rules.tz), "is_open": rules.is_open(at)}


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_calendar(request: SignedInRequest) -> HttpResponse:
    return _edit(request, BusinessCalendar())


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, _calendar(pk))


def _edit(request: SignedInRequest, one: BusinessCalendar) -> HttpResponse:
    form = CalendarForm(request.POST or None, instance=one)
    if form.is_valid():
        form.instance.is_default = form.cleaned_data["is_default"]
        try:
            saved = save_calendar(form.instance, week=form.week)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved. Open records are reckoned anew in a moment."))
            return redirect("feedback:calendar", pk=saved.pk)
    context = {
        "form": form,
        "calendar": one if one.pk else None,
        "zones": sorted(known_time_zones()),
    }
    status = 422 if form.errors else 200
    return render(request, "feedback/calendar_edit.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def add_day(request: SignedInRequest, pk: int) -> HttpResponse:
    """A day that differs; one that is there already is replaced."""
    one = _calendar(pk)
    form = SpecialDayForm(request.POST)
    if form.is_valid():
        try:
            set_special_day(one, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved. Open records are reckoned anew in a moment."))
            return redirect("feedback:calendar", pk=one.pk)
    return _page(request, one, day=form, status=422)


@staff_with(CHANGE)
@require_POST
def change_day(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """on, off, remove."""
    one = get_object_or_404(CalendarDay.objects.select_related("calendar"), pk=pk)
    try:
        match what:
            case "on" | "off":
                switch_special_day(one, on=what == "on")
            case "remove":
                remove_special_day(one)
            case _:
                raise Http404
    except DomainError as refusal:
        toast(request, refusal.message)
    return redirect("feedback:calendar", pk=one.calendar_id)


@staff_with(CHANGE)
@require_POST
def import_holidays(request: SignedInRequest, pk: int) -> HttpResponse:
    """From an iCalendar file, or a year of public holidays that we know."""
    one = _calendar(pk)
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            outcome, timed = _import(one, form)
        except NotACalendar as refusal:
            form.add_error("file", file_refused(refusal.args[0]))
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _told(outcome, timed))
            return redirect("feedback:calendar", pk=one.pk)
    return _page(request, one, holidays=form, status=422)


def _import(one: BusinessCalendar, form: ImportForm) -> tuple[Imported, int]:
    """What came of it, and how many events of the file were left out."""
    if year := form.cleaned_data["year"]:
        return import_chinese_holidays(one, year), 0
    file, today = form.cleaned_data["file"], timezone.localdate()
    first, last = today - BACK, today + AHEAD
    found = read_days(file.read(), first=first, last=last, zone=one.time_zone)
    done = import_file(one, found.days, name=file.name or "", first=first, last=last)
    return done, found.timed


def _told(outcome: Imported, timed: int) -> str:
    days = outcome.added + outcome.changed
    text = ngettext(
        "%(n)d special day was taken over.", "%(n)d special days were taken over.", days
    )
    told = text % {"n": days}
    if outcome.kept:
        kept = ngettext(
            "%(n)d was left as you had it.", "%(n)d were left as you had them.", outcome.kept
        )
        told += " " + kept % {"n": outcome.kept}
    if timed:
        told += " " + left_out_in_words(timed)
    return told


@staff_with(CHANGE)
@require_POST
def fetch_holidays(request: SignedInRequest, pk: int) -> HttpResponse:
    """From an address, now and every day."""
    one = _calendar(pk)
    form = FeedForm(request.POST)
    if form.is_valid():
        try:
            add_feed(one, url=form.cleaned_data["url"])
        except DomainError as refusal:
            form.add_error("url", str(refusal.message))
        else:
            toast(request, _("It is fetched now. Look again in a moment."))
            return redirect("feedback:calendar", pk=one.pk)
    return _page(request, one, feed=form, status=422)


@staff_with(CHANGE)
@require_POST
def change_feed(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """fetch (now), remove."""
    feed = get_object_or_404(HolidayFeed.objects.select_related("calendar"), pk=pk)
    match what:
        case "fetch":
            ask_feed_now(feed)
            toast(request, _("It is fetched now. Look again in a moment."))
        case "remove":
            try:
                remove_feed(feed)
            except DomainError as refusal:
                toast(request, refusal.message)
            else:
                toast(request, _("It is fetched no longer, and its days to come are gone."))
        case _:
            raise Http404
    return redirect("feedback:calendar", pk=feed.calendar_id)


@staff_with(REMOVE)
@require_POST
def take_away(request: SignedInRequest, pk: int) -> HttpResponse:
    one = _calendar(pk)
    try:
        gone = remove_calendar(one)
    except DomainError as refusal:
        toast(request, refusal.message)
        return redirect("feedback:calendar", pk=one.pk)
    toast(request, _("Deleted.") if gone else _("Archived."))
    return redirect("feedback:service_levels")
