"""Taking out of one record who it was about, or everything that was said.

The row stays, with its times, states, category and scores: figures stay right. Used by retention
and by whoever erases a customer.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pgtrigger
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.rules.masking import masker
from accounts.services.nobody import make_nobody
from accounts.services.outbox import blank_mail
from config.kernel.events import announce
from feedback.enums import OPEN_STATES, Channel, Direction, NoticeKind, TimelineKind
from feedback.errors import StillOpen
from feedback.events import FeedbackAnonymised
from feedback.models import (
    Attachment,
    Draft,
    Feedback,
    InboundMail,
    MailReference,
    Message,
    Notification,
    SearchEntry,
    Suggestion,
    TimelineEntry,
    Upload,
)
from feedback.services.assessing import forget_reading
from feedback.services.holds import ensure_not_held
from feedback.services.record_words import APPEND_ONLY, forget_words
from feedback.services.records import lock, save_change, tell

_FIELDS = (
    "customer", "subject", "order_number", "place", "submission_key", "custom", "link_epoch",
    "anonymised_at", "contents_deleted_at",
)  # fmt: skip


@transaction.atomic
def anonymise_record(
    feedback_id: int,
    *,
    by: User | None = None,
    delete_texts: bool = False,
    keep_customer: bool = False,
    even_open: bool = False,
    **why: Any,
) -> Feedback:
    """Remove from a record who it was about, for good: names, addresses, numbers and links in
    its texts, files, raw mail, the customer, drafts, notes of its timeline, what it is found
    by, mails about it, links for the customer. With `delete_texts` the texts go as a whole.

    `keep_customer`: the record stays with its customer, from whom the caller takes the data
    (erasing a person). `why` goes into the timeline (codes and ids). Doing it again removes what
    came since. Announces FeedbackAnonymised. Raises RecordHeld, and StillOpen unless `even_open`.
    """
    feedback = lock(feedback_id)
    ensure_not_held(feedback)
    if feedback.state in OPEN_STATES and not even_open:
        raise StillOpen(feedback.number)
    mask = masker(_names_in(feedback))
    _forget_mails(feedback)
    _forget_messages(feedback, mask, delete_texts=delete_texts)
    forget_words([feedback.pk], mask, contents=delete_texts)
    _forget_drafts(feedback)
    # The worker builds it anew from what is left; until then nobody finds it by what is gone.
    SearchEntry.objects.filter(pk=feedback.pk).delete()
    forget_reading([feedback.pk])
    if feedback.channel == Channel.STAFF:
        _forget_author(feedback)
    now = timezone.now()
    feedback.subject = "–" if delete_texts else mask(feedback.subject)[:255]
    feedback.order_number = feedback.place = ""
    feedback.submission_key, feedback.custom = None, {}
    feedback.link_epoch += 1
    feedback.anonymised_at = feedback.anonymised_at or now
    if delete_texts:
        feedback.contents_deleted_at = feedback.contents_deleted_at or now
    if not keep_customer:
        feedback.customer = make_nobody(like=feedback.customer)
    save_change(feedback, *_FIELDS)
    tell(feedback, TimelineKind.CLEARED, by=by, texts=delete_texts, **why)
    announce(FeedbackAnonymised(feedback_id=feedback.pk))
    return feedback


def _names_in(feedback: Feedback) -> list[str]:
    """Everything we know that could name the customer in a text."""
    customer = feedback.customer
    names = [customer.name, feedback.order_number, feedback.place]
    names += list(customer.contact_points.values_list("value", flat=True))
    said = feedback.messages.filter(direction=Direction.IN)
    for name, address in said.values_list("author_name", "author_address"):
        names += [name, address]
    return names


def _forget_mails(feedback: Feedback) -> None:
    ours = MailReference.objects.filter(feedback=feedback, is_ours=True).values("message_id")
    sent = feedback.messages.filter(outgoing__isnull=False).values("outgoing")
    told = Notification.objects.filter(Q(feedback=feedback) | _to_author(feedback))
    notices = [f"notice:{pk}" for pk in told.values_list("pk", flat=True)]
    blank_mail(Q(message_id__in=ours) | Q(pk__in=sent) | Q(dedupe_key__in=notices))
    MailReference.objects.filter(feedback=feedback).delete()
    InboundMail.objects.filter(filed_as__feedback=feedback).update(
        raw=b"", subject="", sender="", reason=""
    )


def _to_author(feedback: Feedback) -> Q:
    """Notifications that told the author of a suggestion what became of it."""
    page = reverse("feedback:suggestion", args=[feedback.number])
    return Q(kind=NoticeKind.SUGGESTION, feedback=None, about__page=page)


def _forget_author(feedback: Feedback) -> None:
    """Who handed in a suggestion: with it, in its story, and what they were told of it."""
    Suggestion.objects.filter(feedback=feedback).update(author=None)
    with pgtrigger.ignore(APPEND_ONLY):
        TimelineEntry.objects.filter(feedback=feedback, kind=TimelineKind.RECEIVED).update(
            actor=None, actor_name=""
        )
    Notification.objects.filter(_to_author(feedback)).delete()


def _forget_messages(
    feedback: Feedback, mask: Callable[[str], str], *, delete_texts: bool
) -> None:
    _delete_files(Attachment.objects.filter(message__feedback=feedback))
    rows = list(feedback.messages.select_for_update())
    for message in rows:
        message.text = "" if delete_texts else mask(message.text)
        message.full_text = message.html = message.author_address = message.subject = ""
        message.submission_key, message.forwarded = None, {}
        if message.direction == Direction.IN:
            message.author_name = ""
    Message.objects.bulk_update(
        rows,
        [
            "text", "full_text", "html", "subject", "author_address", "author_name",
            "submission_key", "forwarded",
        ],
        batch_size=200,
    )  # fmt: skip


def _forget_drafts(feedback: Feedback) -> None:
    drafts = Draft.objects.filter(feedback=feedback)
    _delete_files(Upload.objects.filter(draft__in=drafts))
    drafts.delete()


def _delete_files(rows: Any) -> None:
    """The rows now, the files once that is committed."""
    found = {row.pk: str(row.file.name) for row in rows}
    rows.model.objects.filter(pk__in=found).delete()
    for name in found.values():
        transaction.on_commit(partial(default_storage.delete, name))
