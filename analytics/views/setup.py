"""The set-up page: five steps to an installation that hears its customers, the tour while the
demo company is there, and the way to be rid of it."""

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_only, staff_with
from accounts.models import User
from accounts.services.staff import has_real_admin, make_first_admin
from analytics.demo.remove import remove_demo
from analytics.forms.remove_demo import RemoveDemoForm
from analytics.models import DemoCompany
from analytics.selectors.first_steps import first_steps
from analytics.selectors.tour import tour
from analytics.services.demo_order import order_demo
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
    return render(request, "analytics/setup.html", _context(request.user))


def _context(user: User, form: RemoveDemoForm | None = None) -> dict[str, Any]:
    sets_up, walk = user.has_perms(SETS_UP), tour()
    context: dict[str, Any] = {"tour": walk, "sets_up": sets_up}
    if sets_up:
        context["steps"] = first_steps()
        context["can_make_demo"] = walk is None and not Feedback.objects.exists()
    if sets_up and walk is not None:
        needed = not has_real_admin()
        context["form"] = form or RemoveDemoForm(needs_account=needed)
        context["needs_account"] = needed
    return context


@staff_with(*SETS_UP)
@require_POST
def remove_demo_company(request: SignedInRequest) -> HttpResponse:
    """Confirmed by typing its name, because it cannot be undone. Whoever is signed in as one of
    its people becomes the person whose account is made in the same go."""
    if not DemoCompany.objects.exists():
        toast(request, _("The demo company has been removed."))
        return redirect("analytics:setup")
    needs_account = not has_real_admin()
    form = RemoveDemoForm(request.POST, needs_account=needs_account)
    if not form.is_valid():
        return render(request, "analytics/setup.html", _context(request.user, form), status=422)
    was_demo = request.user.is_demo
    account = {name: form.cleaned_data.get(name, "") for name in ("email", "name", "password")}
    first = make_first_admin(**account) if needs_account else None
    remove_demo()
    if was_demo:
        _go_on_as(request, first)
    toast(request, _("The demo company has been removed."))
    return redirect("analytics:setup")


def _go_on_as(request: SignedInRequest, user: User | None) -> None:
    """The account of this session is gone."""
    logout(request)
    if user is not None:
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
