"""Reports that are drafted by themselves: which, and when the next one is due."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.forms.reports import ScheduleForm
from analytics.models import ReportSchedule
from analytics.models.report import WRITE
from analytics.services.report_schedules import remove_schedule, save_schedule
from config.kernel.http import toast

ADD = "analytics.add_report"


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def schedules(request: SignedInRequest) -> HttpResponse:
    """All of them, and a form for another."""
    return _page(request, None)


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def edit_schedule(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = ReportSchedule.objects.select_related("owner")
    return _page(request, get_object_or_404(rows, pk=pk))


@staff_with(WRITE)
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    remove_schedule(get_object_or_404(ReportSchedule, pk=pk).pk)
    toast(request, _("Deleted. The reports that it drafted stay."))
    return redirect("analytics:report_schedules")


def _page(request: SignedInRequest, schedule: ReportSchedule | None) -> HttpResponse:
    initial = {} if schedule is None else _initial(schedule)
    owner = (schedule.owner if schedule else None) or request.user
    form = ScheduleForm(request.POST or None, user=owner, initial=initial)
    if form.is_valid():
        key = schedule.pk if schedule else None
        saved = save_schedule(key, by=request.user, **form.given)
        toast(request, _("The next draft is made on %(day)s.") % {"day": saved.next_on})
        return redirect("analytics:report_schedules")
    context = {
        "form": form,
        "schedule": schedule,
        "rows": ReportSchedule.objects.select_related("owner"),
    }
    status = 422 if form.errors else 200
    return render(request, "analytics/report/schedules.html", context, status=status)


def _initial(schedule: ReportSchedule) -> dict[str, object]:
    return {
        "title": schedule.title,
        "every": schedule.every,
        "language": schedule.language,
        "is_active": schedule.is_active,
        "team": schedule.filters.get("team", ""),
    }
