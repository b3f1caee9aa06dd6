"""What colleagues should learn, in one place for everybody who works here."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, covers_of, staff_with
from accounts.selectors.personal_data import tells_covered
from analytics.selectors.training_notes import training_notes
from analytics.views.improvement import READ
from analytics.views.listing import menu, unknown
from config.kernel.numbers import row_id
from feedback.errors import FilterNotKnown
from feedback.models import Category

PAGE_SIZE = 25


@staff_with(READ)
@require_GET
def notes(request: SignedInRequest) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").split())[:200]
    chosen = request.GET.get("category", "").strip()[:20]
    categories = list(Category.objects.active())
    category = next((one for one in categories if one.pk == row_id(chosen)), None)
    if chosen and category is None:
        return unknown(request, FilterNotKnown("category", chosen), "training_notes")
    cover = covers_of(request).in_lists
    looked_for = "" if tells_covered(request.user, words) else words
    found = training_notes(request.user, cover, words=looked_for, category=category)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    given = {name: value for name, value in (("q", words), ("category", chosen)) if value}
    choices = [("", _("Any")), *((str(one.pk), one.name) for one in categories)]
    context = {
        "page": page,
        "words": words,
        "chosen": chosen,
        "is_narrowed": bool(given),
        "menus": [menu("category", _("Category"), "folder-tree", choices, given)],
    }
    return render(request, "analytics/improvement/training_notes.html", context)
