"""Settings: what of personal data is covered in texts, and where."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.forms.personal_data import PersonalDataRulesForm, TryForm
from accounts.selectors.personal_data import covers, stored_rules
from accounts.services.personal_data import save_personal_data_rules
from config.kernel.http import toast

CHANGE = "accounts.change_personaldatarules"


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def rules(request: SignedInRequest) -> HttpResponse:
    """The rules, and a text to try them with."""
    if "try-text" in request.POST:
        return _page(request, PersonalDataRulesForm(instance=stored_rules()), trying=True)
    form = PersonalDataRulesForm(request.POST or None, instance=stored_rules())
    if form.is_valid():
        try:
            save_personal_data_rules(form.save(commit=False))
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            toast(request, _("Saved."))
            return redirect("accounts:personal_data")
    return _page(request, form)


def _page(
    request: SignedInRequest, form: PersonalDataRulesForm, *, trying: bool = False
) -> HttpResponse:
    text = TryForm(request.POST if trying else None)
    context: dict[str, Any] = {"form": form, "trying": text}
    if trying and text.is_valid():
        typed = text.cleaned_data["text"]
        context |= {
            "tried": covers().in_lists.over(typed),
            "tried_inside": covers().in_conversations.over(typed),
        }
    status = 422 if form.errors or (trying and text.errors) else 200
    return render(request, "accounts/personal_data.html", context, status=status)
