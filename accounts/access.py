"""Who gets through the door. Which rows they then see is a queryset's `visible_to`.

Every view carries one of these decorators; it leaves its mark in `view.access`, which the
architecture test and the documentation read.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.request import Request

from accounts.models import User
from accounts.selectors.personal_data import Covers, covers_for
from config.kernel.http import is_htmx, typed_text

View = Callable[..., Any]

PUBLIC = "public"
SIGNED_IN = "signed in"


def covers_of(request: Any) -> Covers:
    """What of personal data is covered for whoever asks; looked up once in a request. Without one
    nobody knows who asks: as for somebody without an account."""
    if request is None:
        return covers_for(None)
    if not hasattr(request, "covers"):
        request.covers = covers_for(getattr(request, "user", None))
    found: Covers = request.covers
    return found


class SignedInRequest(HttpRequest):
    """What a view behind `staff_only` or `staff_with` receives."""

    user: User


class SignedInApiRequest(Request):
    """The same for API views: a person signed in, or the owner of a token."""

    user: User


def public(view: View) -> View:
    """Anybody, without signing in."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def staff_only(view: View) -> View:
    """Everybody who works here and has signed in."""
    return _guarded(view, (), SIGNED_IN)


def staff_with(*permissions: str) -> Callable[[View], View]:
    """Signed-in people who hold all of `permissions` ("feedback.change_feedback"); others get
    the 403 page."""

    def decorate(view: View) -> View:
        return _guarded(view, permissions, " + ".join(permissions))

    return decorate


def _guarded(view: View, permissions: Sequence[str], mark: str) -> View:
    if iscoroutinefunction(view):

        @wraps(view)
        async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = await request.auser()
            refusal = await sync_to_async(_refusal)(request, user, permissions)
            return refusal or await view(request, *args, **kwargs)

    else:

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _refusal(request, request.user, permissions) or view(request, *args, **kwargs)

    guarded.access = mark  # type: ignore[attr-defined]
    return guarded


def _refusal(request: HttpRequest, user: Any, permissions: Sequence[str]) -> HttpResponse | None:
    """What to answer instead of the page; None when the person may enter.
    Raises PermissionDenied for people who are signed in but lack a permission."""
    if not user.is_authenticated:
        return _ask_to_sign_in(request)
    if not user.has_perms(permissions):
        raise PermissionDenied
    return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    # A session may end while somebody writes: never answer a text with an empty login page.
    if is_htmx(request):
        return among_the_toasts(render(request, "accounts/_session_ended.html", status=401))
    if request.method not in {"GET", "HEAD"}:
        kept = {"typed": typed_text(request.POST)}
        return render(request, "accounts/session_ended.html", kept, status=401)
    return redirect_to_login(request.get_full_path())


def among_the_toasts(response: HttpResponse) -> HttpResponse:
    """An answer to htmx that says something and leaves the page as it is."""
    response["HX-Retarget"] = "#toasts"
    response["HX-Reswap"] = "beforeend"
    return response
