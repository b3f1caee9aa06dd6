"""Publications: the list, a new one, its words, and its way to the public page."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from analytics.enums import CommentState, PublicationKind, PublicationState
from analytics.errors import PublicationHasChanged
from analytics.forms.publications import AllowForm, PublicationForm
from analytics.models import Publication
from analytics.models.publication import CHECK, PUBLISH, READ, WORDS, WRITE, quarter_of
from analytics.selectors.public_page import stored_page
from analytics.selectors.publication_list import (
    comments_seen,
    publications_for_list,
    read_publication_choice,
)
from analytics.services.publications import (
    allow_finding,
    check_publication,
    draft_publication,
    publish,
    remove_publication,
    save_publication,
    take_publication_back,
    withdraw,
)
from analytics.views.improvement import measure_or_404, problem_or_404
from analytics.views.listing import Choices, Menu, links, menu, unknown
from analytics.views.survey_files import table_file
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.paging import CappedPaginator
from feedback.enums import ExportFormat
from feedback.errors import FilterNotKnown

A_PAGE = 25
ADD, REMOVE = "analytics.add_publication", "analytics.delete_publication"
TONES = {
    PublicationState.DRAFT: "gray",
    PublicationState.CHECKED: "violet",
    PublicationState.PUBLISHED: "green",
    PublicationState.WITHDRAWN: "red",
}


@staff_with(READ)
@require_GET
def publication_list(request: SignedInRequest) -> HttpResponseBase:
    try:
        choice = read_publication_choice(request.GET.dict())
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "publications")
    found = publications_for_list(request.user, choice)
    format_ = request.GET.get("export", "")
    if format_ in ExportFormat.values:
        return table_file(*_table(found), format_=format_, title=_("Publications"))
    page = CappedPaginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, TONES[PublicationState(one.state)]) for one in page],
        "choice": choice,
        "tabs": links("state", _states(), choice.given),
        "menus": [_kinds(choice.given)],
        "waiting": comments_seen(request.user, CommentState.WAITING).count(),
        "settings": stored_page(),
    }
    return render(request, "analytics/publication/list.html", context)


def _states() -> Choices:
    return [("", pgettext("publications", "All")), *PublicationState.choices]


def _kinds(given: Any) -> Menu:
    return menu("kind", _("Kind"), "shapes", [("", _("Any")), *PublicationKind.choices], given)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_publication(request: SignedInRequest) -> HttpResponse:
    """By hand: nothing is behind it."""
    one = Publication()
    form = PublicationForm(request.POST or None, instance=one, initial=_this_quarter())
    if request.method == "POST" and form.is_valid():
        made = draft_publication(by=request.user, language=_language(), words=form.words)
        toast(request, _("Drafted."))
        return redirect(made)
    status = 422 if form.errors else 200
    context = {"form": form, "title": _("New publication")}
    return render(request, "analytics/publication/edit.html", context, status=status)


@staff_with(ADD)
@require_POST
def publish_what_came(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """A draft from a measure or a problem."""
    if kind not in {"measure", "problem"}:
        raise Http404
    about: dict[str, Any] = {kind: (measure_or_404 if kind == "measure" else problem_or_404)(
        request.user, pk
    )}  # fmt: skip
    made = draft_publication(by=request.user, language=_language(), **about)
    toast(request, _("Drafted from what is known. Say it in words that customers use."))
    return redirect("analytics:edit_publication", made.pk)


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def edit_publication(request: SignedInRequest, pk: int) -> HttpResponse:
    one = changeable_or_404(request.user, pk)
    form = PublicationForm(request.POST or None, instance=changeable_or_404(request.user, pk))
    status = 422
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            save_publication(one.pk, by=request.user, version=version, **form.words)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            status = 409 if isinstance(refusal, PublicationHasChanged) else 422
        else:
            toast(request, _("Saved."))
            return redirect(one)
    context = {"form": form, "publication": one, "title": _("Change the publication")}
    status = status if form.is_bound else 200
    return render(request, "analytics/publication/edit.html", context, status=status)


_STEPS: dict[str, tuple[str, Callable[..., Any], Callable[[], str]]] = {
    "check": (CHECK, check_publication, lambda: _("Checked. It can be published now.")),
    "back": (WRITE, take_publication_back, lambda: _("It can be written in again.")),
    "publish": (PUBLISH, publish, lambda: _("Published. Everybody can read it now.")),
    "withdraw": (PUBLISH, withdraw, lambda: _("Withdrawn. Its page says so.")),
}


@staff_with(READ)
@require_POST
def change_publication(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """check, back, publish, withdraw."""
    if what not in _STEPS:
        raise Http404
    permission, step, words = _STEPS[what]
    one = changeable_or_404(request.user, pk)
    if not request.user.has_perm(permission):
        raise PermissionDenied
    about = {"why": request.POST.get("why", "")[:500]} if what == "withdraw" else {}
    try:
        step(one.pk, by=request.user, **about)
    except DomainError as refusal:
        toast(request, refusal.message)
    else:
        toast(request, words())
    return redirect(one)


@staff_with(CHECK)
@require_POST
def allow(request: SignedInRequest, pk: int) -> HttpResponse:
    """A false alarm of the search for personal data."""
    one = changeable_or_404(request.user, pk)
    form = AllowForm(request.POST)
    if not form.is_valid():
        toast(request, _("Say why it may stand there."))
        return redirect(f"{one.get_absolute_url()}#personal")
    try:
        allow_finding(one.pk, form.cleaned_data["key"], by=request.user,
                      why=form.cleaned_data["why"])  # fmt: skip
    except DomainError as refusal:
        toast(request, refusal.message)
    return redirect(f"{one.get_absolute_url()}#personal")


@staff_with(REMOVE)
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    one = changeable_or_404(request.user, pk)
    if remove_publication(one.pk):
        toast(request, _("Deleted."))
        return redirect("analytics:publications")
    toast(request, _("It was published once and stays: its address says that it was withdrawn."))
    return redirect(one)


def publication_or_404(user: User, pk: int) -> Publication:
    """For reading; what is behind it only where it says `sees_behind`."""
    return _get_or_404(Publication.objects.visible_to(user).with_sight_of(user), pk)


def changeable_or_404(user: User, pk: int) -> Publication:
    """For whatever changes it, or reaches the customers behind it."""
    return _get_or_404(Publication.objects.changeable_by(user), pk)


def _get_or_404(found: QuerySet[Publication], pk: int) -> Publication:
    try:
        return found.select_related("problem", "measure", "created_by").get(pk=pk)
    except (Publication.DoesNotExist, OverflowError) as gone:
        raise Http404 from gone


def _language() -> str:
    return "en" if get_language() == "en" else "zh-hans"


def _this_quarter() -> dict[str, int]:
    year, quarter = quarter_of(timezone.localdate())
    return {"year": year, "quarter": quarter}


def _table(found: QuerySet[Publication]) -> tuple[list[str], Iterator[list[Any]]]:
    names = [str(PublicationForm.base_fields[name].label) for name in WORDS]
    head = [
        pgettext("of a publication", "Number"),
        _("Kind"),
        _("Year"),
        _("Quarter"),
        pgettext("of a publication", "State"),
        *names,
        _("Problem"),
        _("Measure"),
        pgettext("a publication", "Published"),
        _("Votes"),
    ]  # fmt: skip

    def lines() -> Iterator[list[Any]]:
        for one in found:
            sees: bool = one.sees_behind  # type: ignore[attr-defined]
            yield [
                one.pk,
                one.get_kind_display(),
                one.year,
                one.quarter,
                one.get_state_display(),
                *(getattr(one, name) for name in WORDS),
                one.problem.reference if sees and one.problem else "",
                one.measure.reference if sees and one.measure else "",
                one.published_at,
                one.votes_of_all,  # type: ignore[attr-defined]
            ]

    return head, lines()
