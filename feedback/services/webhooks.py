"""Telling a webhook of a record because a rule says so."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import WebhookNotUsable
from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.services.webhook_events import queue_delivery
from feedback.models import Feedback
from feedback.selectors.webhook_events import feedback_data


@transaction.atomic
def call_webhook(
    endpoint: WebhookEndpoint,
    record: Feedback,
    event: str = "automation.called",
    *,
    dedupe_key: str | None = None,
    **why: object,
) -> WebhookDelivery:
    """Inside a rule: tell one endpoint of one record, whatever events it asked for and whatever
    its condition says. `event` is the type that the receiver sees ("automation.called"); `why`
    goes into the data beside the record: ids and codes. With a `dedupe_key` (e.g.
    "run:17:action:2") a repeat tells nothing twice. Raises WebhookNotUsable for a paused one."""
    if not endpoint.is_active:
        raise WebhookNotUsable(_("Nothing is sent while it is paused."))
    return queue_delivery(
        endpoint,
        event,
        {"feedback": feedback_data(record), "change": dict(why)},
        about=f"#{record.number}",
        dedupe_key=dedupe_key,
    )
