from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_only
from accounts.forms.profile import ProfileForm
from accounts.services.profile import change_profile
from accounts.views.language import forget_language, remember_language
from config.kernel.http import toast


@staff_only
@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm.of(request.user, request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/profile.html", {"form": form}, status=status)
    user = change_profile(request.user.pk, **form.cleaned_data)
    response = redirect("accounts:profile")
    if user.language:
        remember_language(response, user.language)
    else:
        forget_language(response)
    with translation.override(user.language or translation.get_language()):
        toast(request, _("Saved."))
    return response
