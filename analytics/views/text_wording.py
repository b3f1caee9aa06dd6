"""Which words count in texts: stop words, synonyms, words of one's own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.forms.text_wording import TextWordingForm
from analytics.selectors.text_wording import pieces_of, text_wording
from analytics.services.text_wording import read_lately_said_again, save_text_wording

CHANGE = "analytics.change_textwording"
PAGE = "analytics:text_wording"


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def wording(request: SignedInRequest) -> HttpResponse:
    """Saves the words, or tries them with a sentence and saves nothing."""
    form = TextWordingForm(request.POST or None, instance=text_wording())
    pieces = None
    if form.is_valid():
        typed = form.save(commit=False)
        if request.POST.get("do") != "try":
            save_text_wording(typed)
            messages.success(request, _("Saved."))
            return redirect(PAGE)
        pieces = pieces_of(form.cleaned_data["sentence"], typed)
    status = 422 if form.is_bound and pieces is None else 200
    context = {"form": form, "pieces": pieces}
    return render(request, "analytics/text/wording.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def read_again(request: SignedInRequest) -> HttpResponse:
    number = read_lately_said_again()
    said = ngettext(
        "%(n)s text is read again in the background.",
        "%(n)s texts are read again in the background.",
        number,
    )
    messages.success(request, said % {"n": number})
    return redirect(PAGE)
