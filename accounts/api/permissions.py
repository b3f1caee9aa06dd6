from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.access import SIGNED_IN
from accounts.enums import Scope
from accounts.models import ApiToken


class ScopedPermission(BasePermission):
    """A view names `read_scope`, `write_scope` and the permission that its user must hold
    (`read_permission`, `write_permission`; for single actions `permission_by_action`);
    SIGNED_IN: everybody who works here. A token needs the scope as well; a signed-in person
    needs the permission only."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if user is None or not user.is_authenticated:
            return False
        if request.method not in view.allowed_methods:
            return True  # it is the method that is wrong: 405
        kind = "read" if request.method in SAFE_METHODS else "write"
        by_action = getattr(view, "permission_by_action", {})
        permission = by_action.get(getattr(view, "action", None)) or getattr(
            view, f"{kind}_permission", None
        )
        if permission is None or not (permission == SIGNED_IN or user.has_perm(permission)):
            self.message = _("The person this acts for may not do that.")
            return False
        if isinstance(request.auth, ApiToken):
            scope = getattr(view, f"{kind}_scope", None)
            self.message = _("This token lacks the scope “%(scope)s”.") % {"scope": scope}
            return scope in request.auth.scopes
        return True


def may_see_customers(request: Request) -> bool:
    """Whether an answer to this request may name people, and whether it may ask about them (each
    answer would give a bit of it): the permission, and for a token its scope."""
    allowed = request.user is not None and request.user.has_perm("accounts.view_customer")
    if isinstance(request.auth, ApiToken):
        return allowed and Scope.CUSTOMERS_READ in request.auth.scopes
    return allowed


def needs_a_scope(what: str) -> str:
    return _("Questions about “%(what)s” need a scope that this token lacks.") % {"what": what}


def may_name_customers(context: Any) -> bool:
    """`may_see_customers` for a serializer's `context`, looked up once for all rows."""
    if "may_name_customers" not in context:
        context["may_name_customers"] = may_see_customers(context["request"])
    return bool(context["may_name_customers"])
