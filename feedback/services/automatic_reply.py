"""An answer that a rule sends: not what a person promised, and never to a machine."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.enums import NotSent, OutgoingKind, OutgoingState
from accounts.services.outbox import queue_mail
from feedback.enums import Channel, Direction, TimelineKind
from feedback.models import Feedback, InboundMail, MailReference, Message, ReplyTemplate
from feedback.rules.placeholders import fill_quietly
from feedback.services.acknowledgement import status_url
from feedback.services.correspondence import envelope
from feedback.services.records import lock, save_change, tell
from feedback.services.template_values import template_values, without_their_words

# The same template twice within a day says nothing new.
AGAIN_AFTER = timedelta(hours=24)


@transaction.atomic
def send_automatic_reply(feedback_id: int, *, template: ReplyTemplate, dedupe_key: str) -> str:
    """Send what the template says, as a mail that says of itself that it is automatic. Gives "",
    or why nothing was sent.

    It is no answer: clocks run on, the status stays, and it is not the first response. What
    an automatic mail may not do holds for it too (accounts.services.outbox): no suppressed
    address, no-reply address or own mailbox, and no more than so many a day.
    """
    feedback = lock(feedback_id)
    address = feedback.customer.email
    if not address:
        return _("The customer has no e-mail address.")
    if _a_machine_wrote(feedback):
        return _("The last message is automatic: machines are not answered.")
    if _was_sent(feedback, template):
        return _("The same text was sent within the last day.")
    values = template_values(feedback)
    subject = f"Re: {feedback.subject[:110]} [#{feedback.number}]"
    if not _is_theirs(feedback, address):
        values = without_their_words(feedback, values)
        with translation.override(feedback.language):
            subject = f"{_('Your feedback')} [#{feedback.number}]"
    values |= {"status_link": status_url(feedback)}
    text = fill_quietly(template.body_in(feedback.language), values)
    if not text.strip():
        return _("The template has no text.")
    outgoing = queue_mail(
        kind=OutgoingKind.AUTOMATIC,
        tag=f"t{feedback.pk}",
        to_address=address,
        to_name=values["customer.name"],
        customer=feedback.customer,
        subject=subject,
        body_text=text,
        language=feedback.language,
        dedupe_key=dedupe_key,
        **envelope(feedback),
    )
    if outgoing.state == OutgoingState.SUPPRESSED:
        return str(NotSent(outgoing.answer).label)
    message = Message.objects.create(
        feedback=feedback,
        direction=Direction.OUT,
        channel=Channel.EMAIL,
        text=text,
        is_automatic=True,
        outgoing=outgoing,
        created_at=timezone.now(),
    )
    message.templates.set([template])
    ours = MailReference(feedback=feedback, message_id=outgoing.message_id, is_ours=True)
    MailReference.objects.bulk_create([ours], ignore_conflicts=True)
    save_change(feedback)
    tell(feedback, TimelineKind.AUTOMATED, what="replied", message=message.pk)
    return ""


def _is_theirs(feedback: Feedback, address: str) -> bool:
    """Whether something proves that the address is the customer's: a colleague says so, or they
    have answered what we sent there."""
    answered, wrote = feedback.first_response_at, feedback.last_customer_message_at
    if answered is not None and wrote is not None and wrote > answered:
        return True
    known = feedback.customer.contact_points.filter(value=address, verified_at__isnull=False)
    return known.exists()


def _a_machine_wrote(feedback: Feedback) -> bool:
    """Whether the last thing that came in was written by nobody. A mail that began a record says
    so in the mail itself."""
    last = feedback.messages.filter(direction=Direction.IN).order_by("-created_at", "-pk").first()
    if last is None:
        return False
    if last.is_automatic:
        return True
    return InboundMail.objects.filter(filed_as=last).exclude(reason="").exists()


def _was_sent(feedback: Feedback, template: ReplyTemplate) -> bool:
    return feedback.messages.filter(
        direction=Direction.OUT,
        is_automatic=True,
        templates=template,
        created_at__gt=timezone.now() - AGAIN_AFTER,
    ).exists()
