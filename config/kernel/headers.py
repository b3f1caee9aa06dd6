"""What an answer says about itself beside the policy of django-csp and Django's own headers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

View = Callable[..., Any]


class NotKeptMiddleware:
    """A page that does not say how long it may be kept is not kept: nearly all of ours show what
    customers wrote, and the next person at the machine can press "back"."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_async:
            return self._acall(request)  # type: ignore[return-value]
        return _not_kept(self.get_response(request))

    async def _acall(self, request: HttpRequest) -> HttpResponse:
        return _not_kept(await self.get_response(request))  # type: ignore[misc]


def _not_kept(response: HttpResponse) -> HttpResponse:
    response.headers.setdefault("Cache-Control", "private, no-store")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response


def secret_address(view: View) -> View:
    """For pages whose address is the key to them: nobody keeps them, no link on them tells the
    address to another site, and no search engine lists them."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response

    return never_cache(guarded)
