"""A forwarded mail of which nothing proved who passed it on: a person says whose matter it is."""

from typing import Any

from django.db import transaction

from accounts.enums import ContactKind
from accounts.models import User
from accounts.services.customers import find_or_create_customer
from feedback.enums import TimelineKind
from feedback.errors import NothingForwarded, WrittenElsewhere
from feedback.models import Feedback, Message
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_clocks import settle_clocks


@transaction.atomic
def make_author_customer(message_id: int, *, by: User) -> Feedback:
    """Give the record to whoever wrote the mail that this message forwards; the message stays,
    as one of somebody who is not the customer. Nothing is sent. Raises NothingForwarded (also
    when it was done before), WrittenElsewhere for a record that was merged."""
    feedback = lock(Message.objects.values_list("feedback_id", flat=True).get(pk=message_id))
    if feedback.merged_into is not None:
        raise WrittenElsewhere(feedback.number, feedback.merged_into.number)
    message = Message.objects.get(pk=message_id)
    if not message.forwarded:
        raise NothingForwarded
    customer = find_or_create_customer(
        kind=ContactKind.EMAIL,
        value=message.forwarded["address"],
        name=message.forwarded["name"],
        language=feedback.language,
    )
    before, feedback.customer = feedback.customer_id, customer
    message.forwarded, message.is_third_party = {}, True
    message.save(update_fields=["forwarded", "is_third_party"])
    moved = settle_clocks(feedback, why="about")
    save_change(feedback, "customer", "reply_due_at")
    about: dict[str, Any] = {"fields": ["customer"], "before": before, "after": customer.pk}
    tell(feedback, TimelineKind.ABOUT, by=by, **about, **moved)
    return feedback
