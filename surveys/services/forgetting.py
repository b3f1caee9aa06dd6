"""When a record was anonymised: the answers about it stay in the figures, not who gave them."""

from django.db import transaction
from django.db.models import Q

from accounts.rules.masking import GONE
from accounts.services.outbox import blank_mail
from surveys.enums import ResponseStatus
from surveys.models import (
    Answer,
    AnswerCorrection,
    GatheringNote,
    Invitation,
    QualityCheck,
    QualityDecision,
    Response,
)


@transaction.atomic
def forget_who_answered(feedback_id: int) -> None:
    """Safe to run twice. Scores and choices stay, what was written freely goes; links stop."""
    Response.objects.filter(feedback=feedback_id, status=ResponseStatus.DRAFT).delete()
    responses = Response.objects.filter(feedback=feedback_id)
    Answer.objects.filter(response__in=responses, text__isnull=False).update(text="")
    QualityCheck.objects.filter(response__in=responses).update(traces=[])
    QualityDecision.objects.filter(response__in=responses).update(reason="")
    AnswerCorrection.objects.filter(response__in=responses).update(before="", after="", reason="")
    responses.update(customer=None, source={}, typed=None)
    GatheringNote.objects.filter(feedback=feedback_id).update(text=GONE, booking=None)
    invitations = Invitation.objects.filter(feedback=feedback_id)
    mails = list(invitations.filter(outgoing__isnull=False).values_list("outgoing", flat=True))
    if mails:
        blank_mail(Q(pk__in=mails))
    for invitation in invitations.select_for_update():
        invitation.customer, invitation.address, invitation.merge_data = None, "", {}
        invitation.link_epoch += 1
        invitation.save(update_fields=["customer", "address", "merge_data", "link_epoch"])
