"""The set-up page: five steps to an installation that hears its customers, the tour while the
demo company is there, and the way to be rid of it."""

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_only, staff_with
from accounts.models import User
from accounts.services.staff import has_real_admin
from analytics.forms.remove_demo import RemoveDemoForm
from analytics.models import DemoCompany
from analytics.selectors.first_steps import first_steps
from analytics.selectors.tour import tour
from analytics.services.demo_order import order_demo, order_removal
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.models import Feedback

# What an admin may and nobody else.
SETS_UP = ("accounts.change_user", "accounts.change_team", "feedback.change_mailbox")
_BACKEND = "accounts.backends.RolesBackend"


@staff_only
@require_GET
def setup(request: SignedInRequest) -> HttpResponse:
    """What is left to do. Those who do not set things up see the tour only."""
    context = _context(request.user)
    # The page that waited for it asks so.
    context["was_removed"] = "removing" in request.GET and context["tour"] is None
    return render(request, "analytics/setup.html", context)


def _context(user: User, form: RemoveDemoForm | None = None) -> dict[str, Any]:
    sets_up, walk = user.has_perms(SETS_UP), tour()
    context: dict[str, Any] = {"tour": walk, "sets_up": sets_up}
    if sets_up:
        context["steps"] = first_steps()
        context["can_make_demo"] = walk is None and not Feedback.objects.exists()
    if sets_up and walk is not None:
        context |= _removal(walk.company, form)
    return context


def _removal(company: DemoCompany, form: RemoveDemoForm | None) -> dict[str, Any]:
    """What the page says about being rid of the demo: that it is under way, or the form."""
    if company.is_being_removed(timezone.now()):
        return {"removing": company}
    needed = not has_real_admin()
    return {
        "form": form or RemoveDemoForm(needs_account=needed),
        "needs_account": needed,
        "removal_failed": company.removal_failed_at is not None,
    }


@staff_with(*SETS_UP)
@require_POST
def remove_demo_company(request: SignedInRequest) -> HttpResponse:
    """Confirmed by typing its name, because it cannot be undone. A worker does it; this page
    shows when it is done. Where nobody real could get in afterwards, whoever orders it goes on as
    the person whose account is made in the same go."""
    if not DemoCompany.objects.exists():
        toast(request, _("The demo company has been removed."))
        return redirect("analytics:setup")
    form = RemoveDemoForm(request.POST, needs_account=not has_real_admin())
    if not form.is_valid():
        return render(request, "analytics/setup.html", _context(request.user, form), status=422)
    account = {name: form.cleaned_data.get(name, "") for name in ("email", "name", "password")}
    try:
        first = order_removal(**account)
    except DomainError as refusal:
        toast(request, refusal.message)
    else:
        if first is not None:
            _go_on_as(request, first)
    return redirect("analytics:setup")


def _go_on_as(request: SignedInRequest, user: User) -> None:
    """The account of this session will soon be gone."""
    logout(request)
    login(request, user, backend=_BACKEND)


@staff_with(*SETS_UP)
@require_POST
def make_demo_company(request: SignedInRequest) -> HttpResponse:
    try:
        order_demo()
    except DomainError as refusal:
        toast(request, refusal.message)
    else:
        toast(request, _("The demo company is being made; this takes half a minute."))
    return redirect("analytics:setup")
