from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import ApiToken
from config.kernel.ratelimit import client_address


class TokenThrottle(SimpleRateThrottle):
    """So many requests a minute for each token; a signed-in person is counted by user."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if isinstance(request.auth, ApiToken):
            return f"throttle:token:{request.auth.pk}"
        if request.user is not None and request.user.is_authenticated:
            return f"throttle:user:{request.user.pk}"
        return f"throttle:ip:{client_address(request)}"


class UploadThrottle(TokenThrottle):
    """Files are dear: fewer of them, counted beside the requests."""

    scope = "upload"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        key = super().get_cache_key(request, view)
        return f"{key}:upload" if key else None
