from django.db import transaction

from accounts.errors import StillInUse
from accounts.models import Organisation
from config.kernel.archiving import is_referred_to


@transaction.atomic
def save_organisation(organisation: Organisation) -> Organisation:
    organisation.domain = organisation.domain.strip().lower().removeprefix("@")
    organisation.save()
    return organisation


@transaction.atomic
def remove_organisation(organisation: Organisation) -> None:
    """Raises StillInUse while a customer belongs to it."""
    if is_referred_to(organisation):
        raise StillInUse
    organisation.delete()
