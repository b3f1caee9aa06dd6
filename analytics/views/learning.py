"""What the machine has learned, and when it decides alone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.charts.data import Mark
from analytics.charts.figure import figure
from analytics.charts.reliability import Level, ReliabilityChart
from analytics.forms.reading_rules import ReadingRulesForm
from analytics.metrics.intervals import wilson
from analytics.models import TextModel
from analytics.selectors.learning import OfTask, models_of_tasks
from analytics.selectors.reading_rules import reading_rules
from analytics.services.learning import go_back, order_learning
from analytics.services.reading_again import count_undecided
from analytics.services.reading_rules import save_reading_rules
from analytics.views.reading_tabs import MODELS, reading_tabs

PAGE = "analytics:learning"
CHANGE = "analytics.change_textmodel"
RULES = "analytics.change_readingrules"


@staff_with(MODELS)
@require_http_methods(["GET", "POST"])
def learning(request: SignedInRequest) -> HttpResponse:
    """The models; admins also save when they decide alone."""
    rules = reading_rules()
    form = ReadingRulesForm(request.POST or None, instance=rules)
    may_change = request.user.has_perm(RULES)
    if request.method == "POST":
        if not may_change:
            raise Http404
        if form.is_valid():
            save_reading_rules(form.save(commit=False))
            messages.success(request, _("Saved."))
            return redirect(PAGE)
    asked = reading_rules().accuracy
    context = {
        "tabs": reading_tabs(request.user, PAGE),
        "tasks": [(one, _sureness(one)) for one in models_of_tasks(asked)],
        "asked": asked,
        "unread": count_undecided(),
        "form": form,
        "may_change": may_change,
        "may_learn": request.user.has_perm(CHANGE),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "analytics/learning.html", context, status=status)


def _sureness(one: OfTask) -> SafeString | str:
    """The reliability diagram, with its table; "" where nothing was measured."""
    levels = []
    for level in one.reliability:
        share = wilson(round(level.right * level.n), level.n)
        if share is not None:
            mark = Mark(level.right, low=share.low, high=share.high, n=level.n)
            levels.append(Level(level.said, mark))
    if not levels:
        return ""
    title = _("Is it as sure as it may be? %(task)s") % {"task": one.task.label}
    return figure(ReliabilityChart(title, tuple(levels)), wide=True)


@staff_with(CHANGE)
@require_POST
def learn_now(request: SignedInRequest) -> HttpResponse:
    order_learning()
    messages.success(
        request, _("The machine learns now; it takes a minute. Reload this page then.")
    )
    return redirect(PAGE)


@staff_with(CHANGE)
@require_POST
def go_back_to(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        model = go_back(pk)
    except TextModel.DoesNotExist as gone:
        raise Http404 from gone
    messages.success(request, _("%(model)s is at work again.") % {"model": model})
    return redirect(PAGE)
