from dataclasses import dataclass

from django.conf import settings

from accounts.enums import Role
from accounts.models import User
from accounts.rules.demo_logins import DEMO_LOGINS, DEMO_PASSWORD


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A login that is offered to everybody who tries the product out."""

    role: Role
    name: str
    email: str
    password: str


def demo_logins() -> list[OpenDoor]:
    """The four well-known logins, as long as they open anything: with settings.DEBUG, while the
    demo company is there. In production always empty."""
    if not settings.DEBUG:
        return []
    there = User.objects.filter(
        is_demo=True, is_active=True, email__in=[one.email for one in DEMO_LOGINS]
    )
    open_to_all = {user.email for user in there if user.has_usable_password()}
    return [
        OpenDoor(one.role, one.name, one.email, DEMO_PASSWORD)
        for one in DEMO_LOGINS
        if one.email in open_to_all
    ]
