from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_only
from accounts.forms.tokens import TokenForm
from accounts.services.api_tokens import issue_token, revoke_token
from config.kernel.http import toast


@staff_only
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    form, secret = TokenForm(request.POST or None), ""
    if form.is_valid():
        # Shown in this very answer and never again: we do not know it afterwards.
        _token, secret = issue_token(user=request.user, **form.cleaned_data)
        form = TokenForm()
    found = {
        "form": form,
        "secret": secret,
        "tokens": request.user.api_tokens.order_by("-pk"),
        "now": timezone.now(),
    }
    return render(request, "accounts/tokens.html", found, status=422 if form.errors else 200)


@staff_only
@require_POST
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.api_tokens, pk=pk)
    revoke_token(token.pk)
    toast(request, _("The token no longer works."))
    return redirect("accounts:tokens")
