"""Who takes new work at the moment, said by themselves."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Availability
from accounts.models import User
from config.kernel.errors import DomainError


class AvailabilityRefused(DomainError):
    code = "availability_refused"


@transaction.atomic
def set_availability(
    user_id: int,
    *,
    availability: Availability,
    available_again_at: datetime | None = None,
    substitute: User | None = None,
) -> User:
    """Say whether somebody takes new work, until when not, and who stands in for them (out of
    office only). Raises AvailabilityRefused."""
    user = User.objects.select_for_update(of=["self"]).get(pk=user_id)
    if availability == Availability.AVAILABLE:
        available_again_at = None
    if availability != Availability.OUT:
        substitute = None
    if available_again_at is not None and available_again_at <= timezone.now():
        raise AvailabilityRefused(_("That moment has passed already."))
    if substitute is not None and substitute.pk == user.pk:
        raise AvailabilityRefused(_("Nobody can stand in for themselves."))
    if substitute is not None and not substitute.is_active:
        raise AvailabilityRefused(_("This person no longer works here."))
    user.availability = availability
    user.available_again_at = available_again_at
    user.substitute = substitute
    user.save(update_fields=["availability", "available_again_at", "substitute"])
    return user
