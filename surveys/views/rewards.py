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
from surveys.forms.rewards import CouponForm, RewardForm, WinnersForm
from surveys.models import Reward, Survey
from surveys.rules.letters import OF_WINNERS
from surveys.rules.lottery import place_of
from surveys.selectors.rewards import figures_of, grants_of, tickets_of
from surveys.services.rewarding import (
    Imported,
    draw_lottery,
    import_coupons,
    save_reward,
    why_not_drawn,
)
from surveys.services.winning import USUAL, Told, address_of, tell_winners, untold_winners
from surveys.views.language import speaking
from surveys.views.tabs import survey_of, survey_tabs

LOOK, CHANGE = "surveys.view_reward", "surveys.change_reward"
PER_PAGE, TICKETS_A_PAGE = 50, 500


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
        "untold": len(untold_winners(one)) if one is not None and one.drawn_at else 0,
        "may_tell": request.user.has_perms([CHANGE, "accounts.view_customer"]),
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


@staff_with(CHANGE, "accounts.view_customer")
@require_http_methods(["GET", "POST"])
def tell(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """The letter to the winners, looked at before it goes."""
    one = get_object_or_404(
        Reward.objects.select_related("survey"), survey__slug=slug, drawn_at__isnull=False
    )
    form = WinnersForm(request.POST or None, initial=USUAL)
    if form.is_valid():
        toast(request, _told_in_words(tell_winners(one.pk, words=form.cleaned_data)))
        return redirect("surveys:reward", slug=slug)
    people = [(grant, address_of(grant)) for grant in untold_winners(one)]
    context = {
        "survey": one.survey,
        "reward": one,
        "form": form,
        "variables": OF_WINNERS,
        "people": people,
        "reachable": sum(1 for _grant, address in people if address),
    }
    return render(request, "surveys/reward_tell.html", context, status=422 if form.errors else 200)


def _told_in_words(told: Told) -> str:
    words = ngettext("%(n)s winner is written to.", "%(n)s winners are written to.", told.mails)
    words = words % {"n": told.mails}
    if told.without_address:
        words += " " + ngettext(
            "%(n)s left no address.", "%(n)s left no address.", told.without_address
        ) % {"n": told.without_address}
    return words


@public
@require_safe
def lottery(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is needed to repeat the draw; tickets name nobody."""
    one = get_object_or_404(
        Reward.objects.select_related("survey"), token=token, kind=RewardKind.LOTTERY
    )
    return speaking(request, "", lambda: _lottery(request, one))


def _lottery(request: HttpRequest, one: Reward) -> HttpResponse:
    tickets = tickets_of(one).order_by("ticket").values_list("ticket", flat=True)
    winners = tickets_of(one).filter(is_winner=True).values_list("ticket", flat=True)
    context = {
        "reward": one,
        "page": Paginator(tickets, TICKETS_A_PAGE).get_page(request.GET.get("page")),
        "winners": sorted(winners, key=lambda ticket: place_of(one.seed, ticket)),
    }
    return render(request, "surveys/lottery.html", context)


@public
@require_safe
def tickets(request: HttpRequest, token: str) -> HttpResponse:
    """All of them, one in each line: for whoever repeats the draw."""
    one = get_object_or_404(Reward, token=token, kind=RewardKind.LOTTERY)
    rows = tickets_of(one).order_by("ticket").values_list("ticket", flat=True)
    lines = "".join(f"{ticket}\n" for ticket in rows.iterator())
    response = HttpResponse(lines, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="tickets.txt"'
    return response
