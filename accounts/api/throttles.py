from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import ApiToken
from config.kernel.ratelimit import Limit, client_address, count_once_more


class TokenThrottle(SimpleRateThrottle):
    """So many requests a minute for each token; a signed-in person is counted by user."""

    scope = "token"
    num_requests: int
    duration: int
    left: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        """Counted by our own counter: the cache would carry the time of each request."""
        key = self.get_cache_key(request, view) if self.rate is not None else None
        if key is None:
            return True
        limit = Limit(key, self.num_requests, self.duration)
        count, self.left = count_once_more(limit)[limit.key]
        return count <= limit.at_most

    def wait(self) -> float | None:
        return self.left

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
