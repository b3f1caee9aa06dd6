"""Telling a customer that what they wrote has arrived, on the channel it came by."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from accounts.enums import OutgoingKind
from accounts.models import OutgoingMessage
from accounts.services.outbox import queue_mail
from feedback.enums import TimelineKind
from feedback.models import Feedback, MailReference
from feedback.rules.placeholders import fill_quietly
from feedback.selectors.kept_settings import acknowledgement
from feedback.services.correspondence import envelope
from feedback.services.records import tell
from feedback.services.template_values import template_values, without_their_words


def status_url(feedback: Feedback) -> str:
    """The page on which the customer follows this record, without logging in."""
    return settings.SITE_URL + reverse("feedback:status_page", args=[feedback.status_token])


def acknowledge_feedback(
    feedback: Feedback, *, known: Sequence[MailReference] | None = None
) -> OutgoingMessage | None:
    """Once per record, in the customer's language. None when there is no address to write to
    or no acknowledgement template is active. `known`: as in `envelope`, from whoever
    has just made the record and sees to it that nobody else acknowledges it."""
    address = feedback.customer.email
    template = acknowledgement()
    if not address or template is None:
        return None
    # What a stranger typed is not echoed: an acknowledgement must not carry other people's words.
    values = without_their_words(feedback, template_values(feedback))
    values |= {"status_link": status_url(feedback)}
    text = fill_quietly(template.body_in(feedback.language), values)
    outgoing = queue_mail(
        kind=OutgoingKind.ACKNOWLEDGEMENT,
        tag=f"t{feedback.pk}",
        to_address=address,
        to_name=values["customer.name"],
        customer=feedback.customer,
        subject=f"{template.name_in(feedback.language)} [#{feedback.number}]",
        body_text=text,
        language=feedback.language,
        dedupe_key=f"ack:{feedback.pk}",
        is_first=known is not None,
        **envelope(feedback, known=known),
    )
    ours = MailReference(feedback=feedback, message_id=outgoing.message_id, is_ours=True)
    MailReference.objects.bulk_create([ours], ignore_conflicts=True)
    tell(feedback, TimelineKind.ACKNOWLEDGED, outgoing=outgoing.pk, state=outgoing.state)
    return outgoing
