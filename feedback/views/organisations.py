"""Organisations: the list, one of them, its people, and what staff may change about it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import Customer, Organisation
from accounts.services import organisations as services
from config.kernel.errors import DomainError
from config.kernel.numbers import row_id
from feedback.forms.organisations import OrganisationFilterForm, OrganisationForm
from feedback.selectors.customer_story import story_of_customers
from feedback.selectors.customers import PAGE_SIZE, found_by, with_numbers
from feedback.selectors.organisations import (
    OrganisationQuery,
    of_its_domain,
    organisations_for_list,
    organisations_table,
    with_people,
)
from feedback.views.customer_tabs import tabs_of
from feedback.views.customers import CHANGE as CHANGE_PEOPLE
from feedback.views.customers import READ, moment_of
from feedback.views.exports import table_as_file

ADD, CHANGE = "accounts.add_organisation", "accounts.change_organisation"
PEOPLE_AT_MOST = 500  # whose story its page tells; who are added from its domain at once
MATCHES = 8


@staff_with(READ)
@require_GET
def organisations(request: SignedInRequest) -> HttpResponseBase:
    form = OrganisationFilterForm(request.GET)
    is_usable = form.is_valid()
    query = form.wanted if is_usable else OrganisationQuery()
    if is_usable and (
        file := table_as_file(
            request, _("Organisations"), *organisations_table(query, request.user)
        )
    ):
        return file
    found = organisations_for_list(query, request.user)
    page = Paginator(found if is_usable else found.none(), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": with_people(list(page.object_list), request.user),
        "form": form,
        "query": query,
        "tabs": tabs_of("organisations"),
        "is_narrowed": bool(query.words or query.manager or query.tier),
        "may_add": request.user.has_perm(ADD),
    }
    status = 200 if is_usable else 400
    return render(request, "feedback/organisations.html", context, status=status)


@staff_with(READ)
@require_GET
def organisation(request: SignedInRequest, pk: int) -> HttpResponse:
    """A company or household: its people, and everything that happened with any of them."""
    one = get_object_or_404(Organisation.objects.select_related("owner"), pk=pk)
    people = Customer.objects.known().filter(organisation=one)
    ids = list(people.order_by("-pk").values_list("pk", flat=True)[:PEOPLE_AT_MOST])
    page = Paginator(people.for_list().order_by("name", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    before = moment_of(request.GET.get("before", ""))
    who = request.GET.get("who", "").strip()[:100]
    found = found_by(who).exclude(organisation=one).for_list().order_by("name", "pk")
    context = {
        "organisation": one,
        "page": page,
        "rows": with_numbers(list(page.object_list), request.user),
        "names": dict(people.filter(pk__in=ids).values_list("pk", "name")),
        "story": story_of_customers(ids, request.user, before=before),
        "is_older": before is not None,
        "may_change": request.user.has_perm(CHANGE),
        "may_change_people": request.user.has_perm(CHANGE_PEOPLE),
        "who": who,
        "matches": list(found[:MATCHES]) if who else [],
        "of_domain": of_its_domain(one)[: PEOPLE_AT_MOST + 1].count(),
    }
    return render(request, "feedback/organisation.html", context)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_organisation(request: SignedInRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.save_organisation(form.save(commit=False))
        except DomainError as refusal:
            form.add_error("name", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("feedback:organisation", pk=made.pk)
    return _form(request, form, None)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_organisation(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Organisation, pk=pk)
    form = OrganisationForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            services.change_organisation(pk, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("name", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("feedback:organisation", pk=pk)
    return _form(request, form, Organisation.objects.get(pk=pk))


def _form(
    request: SignedInRequest, form: OrganisationForm, one: Organisation | None
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "organisation": one}
    return render(request, "feedback/organisation_edit.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def use_organisation(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """`archive` it, or `use` it again."""
    one = get_object_or_404(Organisation, pk=pk)
    if what not in {"archive", "use"}:
        raise Http404
    if what == "archive":
        if services.archive_organisation(one):
            messages.success(request, _("Nobody belonged to it: it was deleted."))
            return redirect("feedback:organisations")
        messages.success(request, _("Archived. Its people and their story stay."))
        return redirect("feedback:organisation", pk=pk)
    try:
        services.bring_back_organisation(one)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("In use again."))
    return redirect("feedback:organisation", pk=pk)


@staff_with(CHANGE_PEOPLE)
@require_POST
def organisation_people(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take somebody in (`add`), everybody who writes from its domain (`domain`), or let somebody
    go (`remove`)."""
    one = get_object_or_404(Organisation, pk=pk)
    added, removed = row_id(request.POST.get("add", "")), row_id(request.POST.get("remove", ""))
    if removed:
        if services.remove_person(pk, removed):
            messages.success(request, _("They belong to it no longer."))
    elif added or "domain" in request.POST:
        some = of_its_domain(one).values_list("pk", flat=True)[:PEOPLE_AT_MOST]
        number = services.add_people(pk, [added] if added else list(some))
        words = ngettext("%(n)d person was added.", "%(n)d people were added.", number)
        messages.success(request, words % {"n": number})
    return redirect("feedback:organisation", pk=pk)
