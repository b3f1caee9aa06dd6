"""What accounts keeps about a customer: exported, and forgotten."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import OutgoingState
from accounts.models import (
    CaughtMail,
    Consent,
    ContactPoint,
    Customer,
    CustomerMerge,
    CustomerNote,
    OutgoingMessage,
    PrivacyRequest,
    WebhookDelivery,
)
from accounts.models.outgoing import WAITING
from accounts.rules.redaction import GONE
from accounts.services.forgotten import forget_contacts
from accounts.services.privacy_keepers import Exported, Keeper, Person
from config.kernel.models import IdempotencyRecord


def _export(person: Person) -> Exported:
    rows = Customer.objects.filter(pk__in=person.ids).select_related("organisation", "owner")
    points = ContactPoint.objects.filter(customer__in=person.ids).order_by("pk")
    consents = Consent.objects.filter(customer__in=person.ids).order_by("at", "pk")
    mails = OutgoingMessage.objects.filter(customer__in=person.ids).order_by("pk")
    data: dict[str, Any] = {
        "customers": [
            {
                "id": one.pk,
                "name": one.name,
                "organisation": one.organisation.name if one.organisation else "",
                "language": one.language,
                "tier": one.tier,
                "preferred_channel": one.preferred_channel,
                "note": one.note,
                "fields": one.custom,
                "known_since": one.created_at,
                "do_not_contact_since": one.do_not_contact_at,
                "tags": [tag.name for tag in one.tags.all()],
            }
            for one in rows.prefetch_related("tags")
        ],
        "contacts": list(points.values("kind", "value", "verified_at", "suppressed_at")),
        "consents": list(consents.values("purpose", "given", "channel", "text_version", "at")),
        "mails_to_them": list(
            mails.values("to_address", "subject", "body_text", "state", "created_at", "sent_at")
        ),
    }
    return Exported(data)


def _forget(person: Person) -> dict[str, int]:
    points = ContactPoint.objects.filter(customer__in=person.ids)
    contacts = list(points.values_list("kind", "value"))
    forget_contacts(contacts)
    mails = OutgoingMessage.objects.filter(
        Q(customer__in=person.ids) | Q(to_address__in=person.addresses)
    )
    counts = {
        "contacts": len(contacts),
        "notes": CustomerNote.objects.filter(customer__in=person.ids).delete()[0],
        "mails": empty_mails(mails),
    }
    tagged: Any = Customer.tags.through
    tagged.objects.filter(customer__in=person.ids).delete()
    points.delete()
    Customer.objects.filter(pk__in=person.ids).update(
        name="",
        note="",
        custom={},
        organisation=None,
        owner=None,
        preferred_channel="",
        erased_at=timezone.now(),
    )
    counts["history"] = _forget_history(person)
    _forget_traces(person)
    return counts


def empty_mails(mails: QuerySet[OutgoingMessage]) -> int:
    """Nothing of the letters stays but that they were written and what became of them; those
    that wait are not sent any more. Gives how many."""
    mails.filter(state__in=WAITING).update(state=OutgoingState.CANCELLED)
    return mails.update(
        to_address="",
        to_name="",
        subject=GONE,
        body_text="",
        body_html="",
        reply_to="",
        in_reply_to="",
        references="",
        headers={},
        attachments=[],
        answer="",
    )


def _forget_history(person: Person) -> int:
    """What the history of rows remembers of before, and who they once were in a merge."""
    events = 0
    for model, which in (
        (Customer, Q(pgh_obj_id__in=person.ids)),
        (ContactPoint, Q(customer_id__in=person.ids)),
    ):
        tracked: Any = model
        events += tracked.pgh_event_model.objects.filter(which).delete()[0]
    merges = Q(kept__in=person.ids) | Q(gone__in=person.ids)
    CustomerMerge.objects.filter(merges).update(changed={})
    logged = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Customer),
        object_id__in=[str(pk) for pk in person.ids],
    )
    logged.update(object_repr=GONE, change_message="")
    return events


def _forget_traces(person: Person) -> None:
    for request in PrivacyRequest.objects.filter(customer__in=person.ids):
        request.reason = person.redact(request.reason)
        request.save(update_fields=["reason"])
    for address in person.addresses:
        IdempotencyRecord.objects.filter(body__icontains=address).delete()
        WebhookDelivery.objects.filter(body__icontains=address).delete()
        CaughtMail.objects.filter(Q(sender=address) | Q(recipients__contains=[address])).delete()


ACCOUNTS = Keeper("accounts", _export, _forget)
