"""Everybody we know: the list of customers, its files and its columns."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.models import Customer
from feedback.forms.columns import ColumnsForm
from feedback.forms.customers import CustomerFilterForm
from feedback.selectors.customer_columns import (
    KEY,
    OF_THE_LIST,
    USUAL,
    chosen_columns,
    find_customer_columns,
)
from feedback.selectors.customers import (
    PAGE_SIZE,
    CustomerQuery,
    customers_for_list,
    customers_table,
    with_numbers,
)
from feedback.selectors.queue import CAP
from feedback.services.saved_views import keep_columns
from feedback.views.customer_tabs import tabs_of
from feedback.views.customers import READ
from feedback.views.exports import table_as_file
from feedback.views.queue import WIDE


class CappedPaginator(Paginator):
    """Counts no further than anybody leafs."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Customer]", self.object_list)
        return rows[:CAP].count()


@staff_with(READ)
@require_GET
def customers(request: SignedInRequest) -> HttpResponseBase:
    """Everybody we know, as the address narrows it; 400 with the reason for what is no filter."""
    form = CustomerFilterForm(request.GET)
    is_usable = form.is_valid()
    query = form.wanted if is_usable else CustomerQuery()
    chosen = chosen_columns(query.columns, request.user)
    if is_usable and (
        file := table_as_file(
            request, _("Customers"), *customers_table(query, request.user, chosen)
        )
    ):
        return file
    found = customers_for_list(query, request.user) if is_usable else Customer.objects.none()
    rows = found.for_list().prefetch_related("tags")
    page = CappedPaginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    columns = chosen or find_customer_columns(USUAL)
    context = {
        "page": page,
        "rows": with_numbers(list(page.object_list), request.user),
        "columns": columns,
        "is_wide": len(columns) > WIDE,
        "form": form,
        "query": query,
        "tabs": tabs_of("customers"),
        "is_narrowed": bool(query.words or query.narrows),
    }
    return render(request, "feedback/customers.html", context, status=200 if is_usable else 400)


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def columns_of_customers(request: SignedInRequest) -> HttpResponse:
    """Choose the columns of the list of customers; `usual` forgets the choice. `list` is the
    query of the list that is returned to."""
    given = request.POST if request.method == "POST" else request.GET
    asked = QueryDict(given.get("list", "")[:5000], mutable=True)
    names = [one for one in asked.get("columns", "").split(",") if one]
    for name in ("columns", "page", "export"):
        asked.pop(name, None)
    back: dict[str, Any] = {"query": asked.urlencode()}
    back["url"] = f"{reverse('feedback:customers')}?{back['query']}".removesuffix("?")
    if request.method == "POST" and "usual" in request.POST:
        keep_columns(KEY, [], by=request.user)
        return redirect(back["url"])
    shown = chosen_columns(names, request.user) or find_customer_columns(USUAL)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        names=[one.name for one in shown],
        offer=OF_THE_LIST,
    )
    if form.is_valid():
        keep_columns(KEY, form.cleaned_data["columns"], by=request.user, offer=OF_THE_LIST)
        return redirect(back["url"])
    context = {
        "form": form,
        "state": back,
        "columns_url": request.path,
        "list_name": _("Customers"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "feedback/columns.html", context, status=status)
