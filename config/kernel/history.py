from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware as UserAndAddress

from config.kernel.logs import current_request_id


class HistoryMiddleware(UserAndAddress):
    """Beside every change stand its author and the id by which the logs know the request. Not
    the address: that of a customer's page is the key to it and must not lie in a table."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        return {"user": context["user"], "request": current_request_id()}
