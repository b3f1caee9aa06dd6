"""Words about a customer in what belongs to records besides the conversation: what was promised,
planned and found out, and what the machine remembers of it. Taken out when a record is anonymised
and when its customer is forgotten; who did what and when stays, so that figures stay right."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote_plus

import pgtrigger
from django.core.files.storage import default_storage
from django.db import models, transaction

from accounts.models import WebhookDelivery
from accounts.rules.masking import GONE
from feedback.enums import TimelineKind
from feedback.models import (
    AutomationRun,
    BulkItem,
    BulkJob,
    ChecklistItem,
    Commitment,
    Feedback,
    ListExport,
    NegativeCase,
    NegativePoint,
    Notification,
    QualityTrace,
    SavedView,
    Tag,
    Task,
    TimelineEntry,
)

VIEW_HISTORY: Any = SavedView.pgh_event_model  # type: ignore[attr-defined]
TAG_HISTORY: Any = Tag.pgh_event_model  # type: ignore[attr-defined]
Words = Callable[[str], str]

APPEND_ONLY = "feedback.TimelineEntry:a_timeline_is_append_only"
# Notes of the timeline that are codes of ours, and say nothing about anybody.
CODES = frozenset({"", "customer", "not_solved", "woke", "age", "retention"})
# Why something is to be done: a code of ours, or what somebody wrote.
_CODE = re.compile(r"[a-z_]*")
# Where the record stands, seen from the row, and which of its fields hold words.
WORDS: Mapping[type[models.Model], tuple[str, tuple[str, ...]]] = {
    Task: ("feedback", ("title", "reason", "outcome")),
    ChecklistItem: ("task__feedback", ("text",)),
    Commitment: ("feedback", ("staff_text", "customer_text", "goods", "outcome")),
    NegativeCase: ("feedback", ("excuse",)),
    NegativePoint: ("case__feedback", ("text",)),
    QualityTrace: ("feedback", ("batch", "order_number", "defect", "cause", "measure")),
    AutomationRun: ("feedback", ("error",)),
    BulkItem: ("feedback", ("sentence",)),
}


def forget_words(keys: Sequence[int], mask: Words, *, contents: bool = False) -> None:
    """Of the records `keys`: every free text masked, or gone as a whole with `contents`; in what
    is kept as data (names of tags, values of fields, names of files) what `mask` finds."""
    said = (lambda text: GONE if text else "") if contents else mask
    for model, (whose, fields) in WORDS.items():
        changed = list(model._default_manager.filter(**{f"{whose}__in": keys}))
        for row in changed:
            for name in fields:
                text = getattr(row, name)
                if name != "reason" or not _CODE.fullmatch(text):
                    setattr(row, name, _fitting(row, name, said(text)))
        model._default_manager.bulk_update(changed, fields, batch_size=200)
    _forget_story(keys, mask, said)
    runs = list(AutomationRun.objects.filter(feedback__in=keys).exclude(did=[]))
    for run in runs:
        run.did = in_data(run.did, mask)
    AutomationRun.objects.bulk_update(runs, ["did"], batch_size=200)
    # What was done to the record before cannot be taken back now: it has another version.
    BulkItem.objects.filter(feedback__in=keys).update(before=None)
    _forget_deliveries(keys)


def forget_notices(mask: Words) -> None:
    """What colleagues were told of pages: what they wrote to each other, suggestions, alerts."""
    changed = []
    for notice in Notification.objects.filter(feedback=None).exclude(about={}).iterator():
        masked = in_data(notice.about, mask)
        if masked != notice.about:
            notice.about = masked
            changed.append(notice)
    Notification.objects.bulk_update(changed, ["about"], batch_size=200)


def forget_lists(names_them: Callable[[str], bool]) -> None:
    """Wherever somebody looked for the person; and all files of lists: which of them hold a row
    about the person nobody knows, and they can be ordered again."""
    for job in BulkJob.objects.exclude(list_query="", params={}):
        if names_them(unquote_plus(job.list_query)) or _hold(job.params, names_them):
            job.list_query, job.params = "", _without(job.params, names_them)
            job.save(update_fields=["list_query", "params"])
    exports = ListExport.objects.all()
    files = [str(name) for name in exports.exclude(file="").values_list("file", flat=True)]
    exports.delete()
    for name in files:
        transaction.on_commit(partial(default_storage.delete, name))
    for view in SavedView.objects.exclude(filters={}):
        if _hold(view.filters, names_them):
            view.filters = _without(view.filters, names_them)
            view.save(update_fields=["filters"])
    for version in VIEW_HISTORY.objects.exclude(filters={}).only("pk", "filters"):
        if _hold(version.filters, names_them):
            VIEW_HISTORY.objects.filter(pk=version.pk).delete()


def forget_tags(keys: Sequence[int], names_them: Callable[[str], bool]) -> None:
    """Words on the records that name the person; a word that no other record has goes."""
    worn: Any = Feedback.tags.through.objects
    for tag in Tag.objects.filter(pk__in=worn.filter(feedback__in=keys).values("tag")):
        if names_them(tag.name):
            worn.filter(feedback__in=keys, tag=tag).delete()
            if not worn.filter(tag=tag).exists():
                TAG_HISTORY.objects.filter(pgh_obj_id=tag.pk).delete()
                tag.delete()


def in_data(value: Any, words: Words) -> Any:
    """JSON with `words` applied to every text in it, except moments, which look like numbers."""
    if isinstance(value, str):
        return value if _is_moment(value) else words(value)
    if isinstance(value, list):
        return [in_data(one, words) for one in value]
    if isinstance(value, dict):
        return {name: in_data(one, words) for name, one in value.items()}
    return value


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "-" in text  # "20261122" is one too, and may be anybody's number


def _fitting(row: models.Model, name: str, text: str) -> str:
    field: Any = row._meta.get_field(name)
    return text[: field.max_length] if field.max_length else text


def _forget_story(keys: Sequence[int], mask: Words, said: Words) -> None:
    changed = []
    for entry in TimelineEntry.objects.filter(feedback__in=keys):
        if entry.note not in CODES:
            entry.note = said(entry.note)
        if entry.actor_id is None:
            entry.actor_name = ""
        if entry.kind == TimelineKind.FIELDS:  # which fields, not what stood in them
            entry.data |= {"changes": [[one[0], None, None] for one in entry.data["changes"]]}
        entry.data = in_data(entry.data, mask)
        if entry.kind == TimelineKind.TASK and not _CODE.fullmatch(entry.data.get("reason") or ""):
            entry.data["reason"] = said(entry.data["reason"])  # the title that somebody gave it
        changed.append(entry)
    with pgtrigger.ignore(APPEND_ONLY):
        fields = ["note", "actor_name", "data"]
        TimelineEntry.objects.bulk_update(changed, fields, batch_size=200)


def _forget_deliveries(keys: Sequence[int]) -> None:
    """What webhooks were told, or are about to be, about the records."""
    numbers = list(Feedback.objects.filter(pk__in=keys).values_list("number", flat=True))
    WebhookDelivery.objects.filter(about__in=[f"#{number}" for number in numbers]).delete()


def _hold(data: Any, names_them: Callable[[str], bool]) -> bool:
    return bool(data != _without(data, names_them))


def _without(data: Any, names_them: Callable[[str], bool]) -> Any:
    return in_data(data, lambda text: GONE if names_them(text) else text)
