"""What accounts keeps about a customer: exported, and forgotten."""

from json import dumps
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
    CustomerTag,
    Organisation,
    OutgoingMessage,
    PrivacyRequest,
    WebhookDelivery,
)
from accounts.models.outgoing import WAITING
from accounts.rules.masking import GONE
from accounts.selectors.webhook_events import CUSTOMER
from accounts.services.forgotten import forget_contacts
from accounts.services.privacy_keepers import Exported, Keeper, Person
from config.kernel.models import IdempotencyRecord

# What rows were before (django-pghistory).
CUSTOMER_HISTORY: Any = Customer.pgh_event_model  # type: ignore[attr-defined]
CONTACT_HISTORY: Any = ContactPoint.pgh_event_model  # type: ignore[attr-defined]
COMPANY_HISTORY: Any = Organisation.pgh_event_model  # type: ignore[attr-defined]
TAG_HISTORY: Any = CustomerTag.pgh_event_model  # type: ignore[attr-defined]


def _export(person: Person) -> Exported:
    rows = Customer.objects.filter(pk__in=person.ids).select_related("organisation", "owner")
    points = ContactPoint.objects.filter(customer__in=person.ids).order_by("pk")
    consents = Consent.objects.filter(customer__in=person.ids).order_by("at", "pk")
    mails = OutgoingMessage.objects.filter(customer__in=person.ids).order_by("pk")
    earlier = CUSTOMER_HISTORY.objects.filter(pgh_obj_id__in=person.ids)
    earlier_contacts = CONTACT_HISTORY.objects.filter(customer_id__in=person.ids)
    merges = CustomerMerge.objects.filter(_merges_of(person)).order_by("pk")
    told = WebhookDelivery.objects.filter(_told_of(person)).order_by("pk")
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
        "contacts": list(
            points.values("kind", "value", "verified_at", "suppressed_at", "suppressed_note")
        ),
        "consents": list(consents.values("purpose", "given", "channel", "text_version", "at")),
        "mails_to_them": list(
            mails.values(
                "to_address", "to_name", "subject", "body_text", "state", "created_at", "sent_at"
            )
        ),
        "earlier": list(
            earlier.order_by("pgh_id").values(
                "pgh_created_at", "name", "language", "tier", "preferred_channel", "note", "custom"
            )
        ),
        "earlier_contacts": list(
            earlier_contacts.order_by("pgh_id").values("pgh_created_at", "kind", "value")
        ),
        "merged": list(merges.values("at", "undone_at", "changed")),
        "told_by_webhook": list(told.values("endpoint__name", "event", "created_at", "body")),
    }
    return Exported(data)


def _merges_of(person: Person) -> Q:
    return Q(kept__in=person.ids) | Q(gone__in=person.ids)


def _told_of(person: Person) -> Q:
    return Q(about__in=[f"{CUSTOMER} {pk}" for pk in person.ids])


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
    # A tag that nobody else has was made for them, and may be called after them.
    for tag in CustomerTag.objects.filter(customers=None):
        if person.names_them(tag.name):
            TAG_HISTORY.objects.filter(pgh_obj_id=tag.pk).delete()
            tag.delete()
    for company in Organisation.objects.filter(customers__in=person.ids):
        Organisation.objects.filter(pk=company.pk).update(note=person.redact(company.note))
        for version in COMPANY_HISTORY.objects.filter(pgh_obj_id=company.pk).exclude(note=""):
            version.note = person.redact(version.note)
            version.save(update_fields=["note"])
    points.delete()
    Customer.objects.filter(pk__in=person.ids).update(
        name="",
        note="",
        hold_reason="",
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
    for history, which in (
        (CUSTOMER_HISTORY, Q(pgh_obj_id__in=person.ids)),
        (CONTACT_HISTORY, Q(customer_id__in=person.ids)),
    ):
        events += history.objects.filter(which).delete()[0]
    CustomerMerge.objects.filter(_merges_of(person)).update(changed={})
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
    WebhookDelivery.objects.filter(_told_of(person)).delete()
    answers = IdempotencyRecord.objects.exclude(body=None).order_by("pk")
    named = [
        one.pk
        for one in answers.iterator()
        if person.names_them(dumps(one.body, ensure_ascii=False))
    ]
    IdempotencyRecord.objects.filter(pk__in=named).delete()
    for address in person.addresses:
        said = Q(body__icontains=address) | Q(response__icontains=address)
        WebhookDelivery.objects.filter(said).delete()
        theirs = Q(sender__iexact=address) | Q(envelope_from__iexact=address)
        CaughtMail.objects.filter(theirs | Q(recipients__icontains=address)).delete()


_LETTER = (
    "to_address", "to_name", "subject", "body_text", "body_html", "reply_to", "in_reply_to",
    "references", "headers", "attachments", "answer",
)  # fmt: skip
_ABOUT = ("name", "note", "custom")

ACCOUNTS = Keeper(
    "accounts",
    _export,
    _forget,
    forgets={
        Customer: (*_ABOUT, "hold_reason"),
        CUSTOMER_HISTORY: (*_ABOUT, "hold_reason"),
        ContactPoint: ("value", "suppressed_note"),
        CONTACT_HISTORY: ("value", "suppressed_note"),
        CustomerMerge: ("changed",),
        CustomerNote: ("text",),
        CustomerTag: ("name",),
        TAG_HISTORY: ("name",),
        Organisation: ("note",),
        COMPANY_HISTORY: ("note",),
        OutgoingMessage: _LETTER,
        PrivacyRequest: ("reason", "file"),
        WebhookDelivery: ("body", "response"),
        IdempotencyRecord: ("body",),
        CaughtMail: ("envelope_from", "recipients", "sender", "subject", "raw"),
    },
    exports={
        Customer: _ABOUT,
        CUSTOMER_HISTORY: _ABOUT,
        ContactPoint: ("value",),
        CONTACT_HISTORY: ("value",),
        CustomerMerge: ("changed",),
        CustomerTag: ("name",),
        OutgoingMessage: ("to_address", "to_name", "subject", "body_text"),
        WebhookDelivery: ("body",),
    },
)
