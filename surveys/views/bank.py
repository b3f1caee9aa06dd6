"""The question bank: looked through, renamed, cleared out."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import toast
from surveys.forms.bank import BankItemForm
from surveys.models import QuestionBankItem
from surveys.questions.words import KINDS
from surveys.selectors.bank import bank_items
from surveys.services.bank import remove_from_bank, save_bank_item
from surveys.views.building import CHANGE

PAGE_SIZE = 50


@staff_with(CHANGE)
@require_GET
def bank(request: SignedInRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    page = Paginator(bank_items(words), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(item, KINDS.get(item.element.get("type"))) for item in page.object_list]
    context = {"page": page, "rows": rows, "q": words}
    return render(request, "surveys/bank.html", context)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_item(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(QuestionBankItem, pk=pk)
    form = BankItemForm(request.POST or None, instance=item)
    if form.is_valid():
        save_bank_item(form.instance)
        toast(request, _("Saved."))
        return redirect("surveys:bank")
    context = {"form": form, "item": item, "kind": KINDS.get(item.element.get("type"))}
    return render(request, "surveys/bank_item.html", context, status=422 if form.errors else 200)


@staff_with(CHANGE)
@require_POST
def remove_item(request: SignedInRequest, pk: int) -> HttpResponse:
    remove_from_bank(get_object_or_404(QuestionBankItem, pk=pk).pk)
    toast(request, _("Out of the bank. Surveys that took it keep theirs."))
    return redirect("surveys:bank")
