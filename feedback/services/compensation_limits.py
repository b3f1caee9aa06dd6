"""Up to what each role grants compensation by itself."""

from django.db import transaction

from accounts.enums import Role
from feedback.models import CompensationLimit

# Of a fresh installation, in its currency; None = without limit.
LIMITS = {Role.AGENT: 200, Role.LEAD: 1000, Role.ADMIN: None}


@transaction.atomic
def ensure_limits() -> None:
    """Only where there are none at all: what an admin removed stays removed."""
    if CompensationLimit.objects.exists():
        return
    for role, most in LIMITS.items():
        CompensationLimit.objects.create(role=role, most=most)


@transaction.atomic
def save_limit(limit: CompensationLimit) -> CompensationLimit:
    limit.save()
    return limit


@transaction.atomic
def remove_limit(limit: CompensationLimit) -> bool:
    """That role may grant nothing any more; always True: nothing points at it."""
    limit.delete()
    return True
