"""What records keep about a customer: exported, and forgotten. Category, scores, dates and the
numbers that figures are made of stay."""

from functools import partial
from typing import Any

import pgtrigger
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q

from accounts.enums import OutgoingKind
from accounts.models import OutgoingMessage, WebhookDelivery
from accounts.rules.redaction import GONE
from accounts.services.customer_privacy import empty_mails
from accounts.services.privacy_keepers import Exported, Keeper, Person
from config.kernel.live import tell_pages
from feedback.enums import Direction, InboundState, TimelineKind
from feedback.models import (
    Attachment,
    Commitment,
    CustomerEntry,
    Draft,
    Feedback,
    InboundMail,
    MailReference,
    Message,
    SearchEntry,
    Task,
    TimelineEntry,
    Upload,
)
from feedback.services.attachments import safe_name

APPEND_ONLY = "feedback.TimelineEntry:a_timeline_is_append_only"


def _export(person: Person) -> Exported:
    records = Feedback.objects.filter(customer__in=person.ids).select_related("status", "category")
    files: list[Any] = []
    told = []
    for record in records.order_by("pk"):
        messages = record.messages.for_customer()
        told.append(
            {
                "number": record.number,
                "channel": record.channel,
                "subject": record.subject,
                "status": str(record.status),
                "category": str(record.category or ""),
                "order_number": record.order_number,
                "place": record.place,
                "fields": record.custom,
                "received_at": record.received_at,
                "resolved_at": record.resolved_at,
                "satisfaction": record.satisfaction,
                "messages": [
                    {
                        "from": "us" if one.direction == Direction.OUT else "customer",
                        "at": one.created_at,
                        "channel": one.channel,
                        "text": one.full_text or one.text,
                        "files": [_file(record, file, files) for file in one.attachments.all()],
                    }
                    for one in messages
                ],
            }
        )
    return Exported({"records": told}, files)


def _file(record: Feedback, file: Attachment, files: list[Any]) -> str:
    name = f"{record.number}/{file.pk}-{safe_name(file.name)}"
    files.append((name, partial(file.file.open, "rb")))
    return name


def _forget(person: Person) -> dict[str, int]:
    records = Feedback.objects.filter(customer__in=person.ids)
    keys = list(records.select_for_update().order_by("pk").values_list("pk", flat=True))
    counts = {"records": len(keys), "files": _forget_files(keys)}
    _forget_mail(person, keys)
    counts["messages"] = _forget_messages(person, keys)
    _forget_story(person, keys)
    for record in Feedback.objects.filter(pk__in=keys).only("pk", "subject", "place"):
        record.subject = GONE if person.contents else person.redact(record.subject)
        record.place = "" if person.contents else person.redact(record.place)
        record.save(update_fields=["subject", "place"])
    Feedback.objects.filter(pk__in=keys).update(
        order_number="",
        custom={},
        submission_key=None,
        link_epoch=F("link_epoch") + 1,
        version=F("version") + 1,
    )
    SearchEntry.objects.filter(pk__in=keys).delete()
    CustomerEntry.objects.filter(pk__in=person.ids).delete()
    tell_pages("feedback")
    return counts


def _forget_files(keys: list[int]) -> int:
    drafts = Draft.objects.filter(feedback__in=keys)
    uploads = Upload.objects.filter(draft__in=drafts)
    attachments = Attachment.objects.filter(message__feedback__in=keys)
    names = [*uploads.values_list("file", flat=True), *attachments.values_list("file", flat=True)]
    uploads.delete()
    drafts.delete()
    attachments.delete()
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))
    return len(names)


def _forget_mail(person: Person, keys: list[int]) -> None:
    """What came stays known by its digests only: fetched once more, it is recognised and left."""
    theirs = Q(filed_as__feedback__in=keys) | Q(sender__in=person.addresses)
    read = InboundMail.objects.filter(theirs).exclude(state=InboundState.RECEIVED)
    read.update(raw=b"", subject=GONE, sender="", reason="")
    MailReference.objects.filter(feedback__in=keys).delete()
    MailReference.objects.filter(sender__in=person.addresses).update(sender="")
    numbers = list(Feedback.objects.filter(pk__in=keys).values_list("number", flat=True))
    WebhookDelivery.objects.filter(about__in=[f"#{number}" for number in numbers]).delete()
    notices = Q()
    for number in numbers:
        notices |= Q(body_text__contains=f"#{number} ") | Q(subject__contains=f"#{number} ")
    if notices:
        to_staff = OutgoingMessage.objects.filter(kind=OutgoingKind.NOTIFICATION)
        empty_mails(to_staff.filter(notices))
    answers = Message.objects.filter(feedback__in=keys, outgoing__isnull=False)
    empty_mails(OutgoingMessage.objects.filter(pk__in=answers.values("outgoing")))


def _forget_messages(person: Person, keys: list[int]) -> int:
    """Also what they wrote into records of others: their name and address there."""
    elsewhere = Message.objects.filter(author_address__in=person.addresses)
    elsewhere.exclude(feedback__in=keys).update(author_name="", author_address="")
    changed = []
    for message in Message.objects.filter(feedback__in=keys):
        message.text = GONE if person.contents else person.redact(message.text)
        message.full_text = message.html = message.author_address = ""
        message.submission_key = None
        if message.direction == Direction.IN:
            message.author_name = ""
        changed.append(message)
    fields = ["text", "full_text", "html", "author_address", "author_name", "submission_key"]
    Message.objects.bulk_update(changed, fields, batch_size=200)
    return len(changed)


def _forget_story(person: Person, keys: list[int]) -> None:
    changed = []
    for entry in TimelineEntry.objects.filter(feedback__in=keys):
        entry.note = "" if person.contents else person.redact(entry.note)
        if entry.actor_id is None:
            entry.actor_name = ""
        if entry.kind == TimelineKind.FIELDS:  # which fields, not what stood in them
            entry.data = {"changes": [[one[0], None, None] for one in entry.data["changes"]]}
        changed.append(entry)
    with pgtrigger.ignore(APPEND_ONLY):
        fields = ["note", "actor_name", "data"]
        TimelineEntry.objects.bulk_update(changed, fields, batch_size=200)
    _forget_texts(Task, ["outcome"], person, keys)
    _forget_texts(Commitment, ["staff_text", "customer_text", "goods", "outcome"], person, keys)


def _forget_texts(model: Any, fields: list[str], person: Person, keys: list[int]) -> None:
    """Free words in a table that belongs to records; what is empty stays so."""
    changed = []
    for row in model.objects.filter(feedback__in=keys):
        for name in fields:
            text = getattr(row, name)
            setattr(row, name, (GONE if person.contents else person.redact(text)) if text else "")
        changed.append(row)
    model.objects.bulk_update(changed, fields, batch_size=200)


FEEDBACK = Keeper("feedback", _export, _forget)
