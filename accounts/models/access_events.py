"""How people came to see what they see: written by triggers, so that no way round the services
goes unseen. The rows themselves are gone when somebody left, so nothing points at them."""

from typing import Any

import pghistory
from django.utils.translation import gettext_lazy as _

from accounts.models.team import Membership
from accounts.models.user import User

_JOINED: Any = pghistory.create_event_model(
    Membership,
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    obj_field=None,
)


_Grant: Any = User.groups.through


class RoleGrant(_Grant):
    """The rows between staff and their roles, under a name to which triggers can be given."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")


_ROLES: Any = pghistory.create_event_model(
    RoleGrant, pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None
)


class MembershipEvent(_JOINED):
    """Somebody joined a team, left it, or began or ceased to lead it."""

    class Meta:
        verbose_name = _("change of a membership")
        verbose_name_plural = _("changes of memberships")


class RoleEvent(_ROLES):
    """Somebody got a role, or lost it."""

    class Meta:
        verbose_name = _("change of a role")
        verbose_name_plural = _("changes of roles")
