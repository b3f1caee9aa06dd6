"""Settings: how long records are kept."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.enums import AgeBasis, RetentionAction
from feedback.forms.retention import RetentionRuleForm
from feedback.models import RetentionRule
from feedback.selectors.retention import held_back, latest_runs, rule_in_words, would_touch
from feedback.services.retention import remove_rule, save_rule, switch_rule
from feedback.views.workflow_tabs import workflow_tabs

LOOK, CHANGE = "feedback.view_retentionrule", "feedback.change_retentionrule"
ADD, REMOVE = "feedback.add_retentionrule", "feedback.delete_retentionrule"
RUNS_SHOWN = 20
PER_PAGE = 100


@staff_with(LOOK)
@require_GET
def retention(request: SignedInRequest) -> HttpResponse:
    """The rules, and what their last runs did."""
    rules = [(one, *rule_in_words(one)) for one in _with_runs()]
    context = {
        "rules": rules,
        "runs": latest_runs()[:RUNS_SHOWN],
        "tabs": workflow_tabs(request.user, "retention"),
        "may_add": request.user.has_perm(ADD),
    }
    return render(request, "feedback/retention.html", context)


def _with_runs() -> QuerySet[RetentionRule]:
    return RetentionRule.objects.annotate(times_run=Count("runs")).order_by("pk")


@staff_with(LOOK)
@require_GET
def retention_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    """One rule and its dry run: exactly the records that it would change now."""
    one, now = get_object_or_404(RetentionRule, pk=pk), timezone.now()
    words, broken = rule_in_words(one)
    touched = would_touch(one, now).select_related("status", "customer")
    held = held_back(one, now).select_related("status", "customer")
    context = {
        "rule": one,
        "words": words,
        "broken": broken,
        "page": Paginator(touched, PER_PAGE).get_page(request.GET.get("page")),
        "held": list(held[:PER_PAGE]),
        "runs": latest_runs(one)[:RUNS_SHOWN],
        "may_change": request.user.has_perm(CHANGE),
        "may_remove": request.user.has_perm(REMOVE),
    }
    return render(request, "feedback/retention_rule.html", context)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_retention_rule(request: SignedInRequest) -> HttpResponse:
    usual = {"basis": AgeBasis.CLOSED, "action": RetentionAction.ANONYMISE, "after_days": 1095}
    return _edit(request, RetentionRule(**usual))


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_retention_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(RetentionRule, pk=pk))


def _edit(request: SignedInRequest, one: RetentionRule) -> HttpResponse:
    form = RetentionRuleForm(request.POST or None, instance=one)
    is_new = one.pk is None
    if form.is_valid():
        try:
            saved = save_rule(form.instance)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved. Look at what it would do, then switch it on."))
            return redirect("feedback:retention_rule", pk=saved.pk)
    context = {"form": form, "rule": None if is_new else one}
    status = 422 if form.errors else 200
    return render(request, "feedback/retention_edit.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def change_retention_rule(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """on, off, remove."""
    one = get_object_or_404(RetentionRule, pk=pk)
    try:
        match what:
            case "on" | "off":
                switch_rule(one, on=what == "on")
            case "remove" if request.user.has_perm(REMOVE):
                remove_rule(one)
                toast(request, _("Deleted."))
                return redirect("feedback:retention")
            case _:
                raise Http404
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("feedback:retention_rule", pk=pk)
