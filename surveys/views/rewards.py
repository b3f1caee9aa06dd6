"""What responses are thanked with; and the public page on which anybody can repeat a draw."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import SignedInRequest, public, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from surveys.enums import RewardKind
from surveys.forms.rewards import CouponForm, RewardForm
from surveys.models import Reward, Survey
from surveys.rules.lottery import place_of
from surveys.selectors.rewards import figures_of, grants_of, tickets_of
from surveys.services.rewarding import (
    Imported,
    draw_lottery,
    import_coupons,
    save_reward,
    why_not_drawn,
)
from surveys.views.language import speaking
from surveys.views.tabs import survey_of, survey_tabs

LOOK, CHANGE = "surveys.view_reward", "surveys.change_reward"
PER_PAGE = 50


@staff_with(LOOK)
@require_GET
def reward(request: SignedInRequest, slug: UUID) -> HttpResponse:
    return _page(request, survey_of(slug), CouponForm())


def _page(
    request: SignedInRequest, found: Survey, coupons: CouponForm, status: int = 200
) -> HttpResponse:
    one = Reward.objects.filter(survey=found).select_related("survey").first()
    context = {
        "survey": found,
        "tabs": survey_tabs(found, request.user, "reward"),
        "reward": one,
        "figures": figures_of(one) if one else None,
        "page": Paginator(grants_of(one), PER_PAGE).get_page(request.GET.get("page"))
        if one
        else None,
        "coupon_form": coupons,
        "may_be_drawn": one is not None and why_not_drawn(one) is None,
        "may_change": request.user.has_perm(CHANGE),
        "sees_people": request.user.has_perm("accounts.view_customer"),
        "sees_responses": request.user.has_perm("surveys.view_response"),
    }
    return render(request, "surveys/reward.html", context, status=status)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_reward(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = survey_of(slug)
    one = Reward.objects.filter(survey=found).first() or Reward(
        survey=found, kind=RewardKind.COUPON
    )
    form = RewardForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            save_reward(form.instance)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved."))
            return redirect("surveys:reward", slug=slug)
    context = {"survey": found, "form": form}
    return render(request, "surveys/reward_edit.html", context, status=422 if form.errors else 200)


@staff_with(CHANGE)
@require_POST
def add_coupons(request: SignedInRequest, slug: UUID) -> HttpResponse:
    one = get_object_or_404(Reward, survey__slug=slug, kind=RewardKind.COUPON)
    form = CouponForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, survey_of(slug), form, status=422)
    toast(request, _in_words(import_coupons(one.pk, form.lines())))
    return redirect("surveys:reward", slug=slug)


def _in_words(imported: Imported) -> str:
    words = ngettext("%(n)s code was added.", "%(n)s codes were added.", imported.new) % {
        "n": imported.new
    }
    if imported.known:
        words += " " + ngettext(
            "%(n)s was there already.", "%(n)s were there already.", imported.known
        ) % {"n": imported.known}
    if imported.refused:
        words += " " + ngettext("%(n)s is too long.", "%(n)s are too long.", imported.refused) % {
            "n": imported.refused
        }
    return words


@staff_with(CHANGE)
@require_POST
def draw(request: SignedInRequest, slug: UUID) -> HttpResponse:
    one = get_object_or_404(Reward, survey__slug=slug)
    try:
        winners = draw_lottery(one.pk)
    except DomainError as refusal:
        toast(request, str(refusal.message))
    else:
        words = ngettext("%(n)s winner was drawn.", "%(n)s winners were drawn.", len(winners))
        toast(request, words % {"n": len(winners)})
    return redirect("surveys:reward", slug=slug)


@public
@require_safe
def lottery(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is needed to repeat the draw; tickets name nobody."""
    one = get_object_or_404(
        Reward.objects.select_related("survey"), token=token, kind=RewardKind.LOTTERY
    )
    return speaking(request, "", lambda: _lottery(request, one))


def _lottery(request: HttpRequest, one: Reward) -> HttpResponse:
    tickets = list(tickets_of(one).order_by("ticket").values_list("ticket", "is_winner"))
    if one.drawn_at is not None:
        tickets.sort(key=lambda pair: place_of(one.seed, pair[0]))
    context = {
        "reward": one,
        "tickets": [ticket for ticket, _won in tickets],
        "winners": [ticket for ticket, won in tickets if won],
    }
    return render(request, "surveys/lottery.html", context)
