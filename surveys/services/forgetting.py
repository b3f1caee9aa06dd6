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
    PhoneCall,
    PointsEntry,
    QualityCheck,
    QualityDecision,
    Response,
    RewardGrant,
)
from surveys.services.answer_files import forget_files, forget_held_files


@transaction.atomic
def forget_who_answered(feedback_id: int) -> None:
    """Safe to run twice. Scores and choices stay, what was written freely goes, and so do files
    and whatever else joins the responses to a person; links stop."""
    responses = Response.objects.filter(feedback=feedback_id)
    PhoneCall.objects.filter(
        Q(response__in=responses) | Q(invitation__feedback=feedback_id)
    ).update(customer=None, note="")
    drafts = responses.filter(status=ResponseStatus.DRAFT)
    forget_held_files(drafts)
    drafts.delete()
    forget_files(list(responses.values_list("pk", flat=True)))
    # The points stay in their owner's account; what they were given for is told no more.
    PointsEntry.objects.filter(grant__response__in=responses).update(grant=None)
    RewardGrant.objects.filter(response__in=responses).update(customer=None)
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
