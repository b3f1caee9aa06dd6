from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken


class ScopedPermission(BasePermission):
    """A view names `read_scope`, `write_scope` and the permission that its user must hold
    (`read_permission`, `write_permission`). A token needs the scope as well; a signed-in
    person needs the permission only."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if user is None or not user.is_authenticated:
            return False
        kind = "read" if request.method in SAFE_METHODS else "write"
        permission = getattr(view, f"{kind}_permission", None)
        if permission is None or not user.has_perm(permission):
            return False
        if isinstance(request.auth, ApiToken):
            return getattr(view, f"{kind}_scope", None) in request.auth.scopes
        return True
