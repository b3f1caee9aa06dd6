"""Settings: who was shown personal data that is covered in messages."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from feedback.selectors.reveals import in_words, reveals_of
from feedback.views.records import READ

OFFICER = "accounts.view_privacyrequest"
A_PAGE = 50


@staff_with(READ, OFFICER)
@require_GET
def reveals(request: SignedInRequest) -> HttpResponse:
    """The newest first, narrowed by the name of who saw it."""
    by = request.GET.get("by", "").strip()[:100]
    page = Paginator(reveals_of(request.user, by=by), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": in_words(list(page)), "by": by}
    return render(request, "feedback/reveals.html", context)
