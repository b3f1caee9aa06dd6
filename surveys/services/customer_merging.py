"""What follows in the surveys when two customers turn out to be one."""

from django.db import transaction

from surveys.models import ContactEvent, Invitation, Response


@transaction.atomic
def take_over_answers(*, kept_id: int, gone_id: int) -> None:
    """Invitations, answers and what counts for the contact rules. Safe to run twice."""
    for model in (Invitation, Response, ContactEvent):
        model.objects.filter(customer=gone_id).update(customer=kept_id)
