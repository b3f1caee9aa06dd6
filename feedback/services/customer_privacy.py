"""What records keep about a customer: exported, and forgotten. Category, scores, dates and the
numbers that figures are made of stay."""

import io
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q

from accounts.enums import OutgoingKind
from accounts.models import OutgoingMessage, WebhookDelivery
from accounts.rules.masking import GONE
from accounts.services.customer_privacy import empty_mails
from accounts.services.privacy_keepers import Exported, Keeper, Person
from config.kernel.live import tell_pages
from feedback.enums import Direction, InboundState
from feedback.models import (
    Assessment,
    Attachment,
    AutomationRun,
    BulkItem,
    BulkJob,
    ChecklistItem,
    Commitment,
    CustomerEntry,
    Draft,
    Feedback,
    InboundMail,
    LegalHold,
    ListExport,
    MailReference,
    Message,
    NegativePoint,
    Notification,
    QualityTrace,
    SavedView,
    SearchEntry,
    Tag,
    Task,
    TimelineEntry,
    Upload,
)
from feedback.services.assessing import forget_reading
from feedback.services.attachments import safe_name
from feedback.services.record_words import (
    TAG_HISTORY,
    VIEW_HISTORY,
    WORDS,
    forget_lists,
    forget_notices,
    forget_tags,
    forget_words,
)


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
                        "subject": one.subject,
                        "text": one.text,
                        "whole_text": one.full_text,
                        "files": [_file(record, file, files) for file in one.attachments.all()],
                    }
                    for one in messages
                ],
            }
        )
    keys = [record.pk for record in records]
    data = {"records": told, **_decided(keys), "mails": _mails(person, keys, files)}
    return Exported(data, files)


def _decided(keys: list[int]) -> dict[str, Any]:
    """What we bound ourselves to, planned, did and found out about their matters. Notes are of
    colleagues for colleagues, and stay inside."""
    number = "feedback__number"
    promised = Commitment.objects.filter(feedback__in=keys).order_by("pk")
    tasks = Task.objects.filter(feedback__in=keys).order_by("pk")
    steps = ChecklistItem.objects.filter(task__feedback__in=keys).order_by("pk")
    points = NegativePoint.objects.filter(case__feedback__in=keys).order_by("pk")
    traces = QualityTrace.objects.filter(feedback__in=keys).order_by("pk")
    runs = AutomationRun.objects.filter(feedback__in=keys).order_by("pk")
    return {
        "commitments": list(
            promised.values(
                number, "kind", "state", "decision", "offer", "amount", "goods", "due_on",
                "staff_text", "customer_text", "outcome", "created_at", "settled_at",
            )
        ),
        "tasks": list(
            tasks.values(number, "kind", "title", "reason", "due_at", "done_at", "outcome")
        ),
        "checklists": list(steps.values("task", "text", "done_at")),
        "done_about_negative_feedback": list(
            points.values("case__feedback__number", "kind", "text", "done_at")
        ),
        "quality_traces": list(
            traces.values(
                number, "batch", "order_number", "defect", "cause", "measure", "started_at"
            )
        ),
        "rules": list(runs.values(number, "event", "did", "at")),
    }  # fmt: skip


def _mails(person: Person, keys: list[int], files: list[Any]) -> list[dict[str, Any]]:
    """Their mails as they arrived, those of others on their records not among them."""
    came = InboundMail.objects.filter(filed_as__feedback__in=keys, sender__in=person.addresses)
    told = []
    for one in came.defer("raw").order_by("pk"):
        told.append({"from": one.sender, "subject": one.subject, "at": one.received_at})
        files.append((f"mails/{one.pk}.eml", partial(_raw, one.pk)))
    return told


def _raw(pk: int) -> io.BytesIO:
    raw = InboundMail.objects.values_list("raw", flat=True).get(pk=pk)
    return io.BytesIO(bytes(raw))


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
    forget_words(keys, person.redact, contents=person.contents)
    forget_tags(keys, person.names_them)
    forget_lists(person.names_them)
    forget_notices(person.redact)
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
    forget_reading(keys)
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
    Message.objects.filter(forwarded__address__in=person.addresses).update(forwarded={})
    changed = []
    for message in Message.objects.filter(feedback__in=keys):
        message.text = GONE if person.contents else person.redact(message.text)
        message.full_text = message.html = message.author_address = message.subject = ""
        message.submission_key, message.forwarded = None, {}
        if message.direction == Direction.IN:
            message.author_name = ""
        changed.append(message)
    fields = [
        "text", "full_text", "html", "subject", "author_address", "author_name",
        "submission_key", "forwarded",
    ]  # fmt: skip
    Message.objects.bulk_update(changed, fields, batch_size=200)
    return len(changed)


def _held(ids: Sequence[int]) -> list[str]:
    """Records that must be kept as they are: whoever wrote them cannot be forgotten meanwhile."""
    held = LegalHold.objects.filter(feedback__customer__in=ids).order_by("feedback__number")
    return [f"#{number}" for number in held.values_list("feedback__number", flat=True)]


_WRITTEN = {model: fields for model, (_whose, fields) in WORDS.items()}
_RECORD = ("subject", "order_number", "place", "custom")

FEEDBACK = Keeper(
    "feedback",
    _export,
    _forget,
    forgets={
        **_WRITTEN,
        Feedback: (*_RECORD, "submission_key"),
        Message: (
            "author_name", "author_address", "text", "full_text", "html", "subject",
            "submission_key", "forwarded",
        ),
        Attachment: ("file", "name", "content_id"),
        InboundMail: ("raw", "subject", "sender", "reason"),
        MailReference: ("message_id", "sender"),
        Draft: ("text",),
        Upload: ("file", "name"),
        TimelineEntry: ("actor_name", "note", "data"),
        AutomationRun: ("error", "did"),
        BulkItem: ("sentence", "before"),
        BulkJob: ("list_query", "params"),
        ListExport: ("list_query", "file"),
        SavedView: ("filters",),
        VIEW_HISTORY: ("filters",),
        Tag: ("name",),
        TAG_HISTORY: ("name",),
        SearchEntry: ("tokens", "folded"),
        Assessment: ("keywords", "tags", "reasons", "personal"),
        CustomerEntry: ("tokens", "folded"),
        Notification: ("about",),
    },
    exports={
        Feedback: _RECORD,
        Message: ("text", "full_text", "subject"),
        Attachment: ("file", "name"),
        InboundMail: ("raw", "subject", "sender"),
        Commitment: _WRITTEN[Commitment],
        Task: _WRITTEN[Task],
        ChecklistItem: ("text",),
        NegativePoint: ("text",),
        QualityTrace: _WRITTEN[QualityTrace],
        AutomationRun: ("did",),
    },
    held=_held,
)  # fmt: skip
