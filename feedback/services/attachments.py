"""Files that come with a message: checked by what they are, stored under a random name."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import filetype
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from feedback.errors import FileRefused, TooManyUploads, UploadGone
from feedback.models import Attachment, Message, Upload

MAX_FILES = 20
MAX_BYTES = 20 * 1024 * 1024
MAX_WAITING = 100  # uploads of one person that no message has taken yet
MAX_TOGETHER = 45 * 1024 * 1024  # below settings.MAX_REQUEST_BYTES, so that the form can say so
_BAD = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it arrived: the name that the sender gave, and its bytes."""

    name: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


GivenFile = IncomingFile | Upload  # its bytes, or what was uploaded before


def safe_name(name: str) -> str:
    """A file name that no system stumbles over: NFC, no path, no control or direction
    characters, 150 characters at most with the ending kept."""
    name = _BAD.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or "file"
    if len(name) <= 150:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 149 - len(ending)]}.{ending}" if dot and len(ending) < 12 else name[:150]


def store_files(message: Message, files: Sequence[GivenFile]) -> list[Attachment]:
    """Keep the files of a message; what was uploaded before is taken over as it lies there.
    Raises FileRefused for too many files or one too big, UploadGone."""
    if len(files) > MAX_FILES:
        raise FileRefused(_("At most %(n)d files can be sent at once.") % {"n": MAX_FILES})
    return [
        _take_over(one, message) if isinstance(one, Upload) else _store(one, message)
        for one in files
    ]


def _store(one: IncomingFile, message: Message) -> Attachment:
    attachment = Attachment(
        message=message,
        content_id=one.content_id[:255],
        is_inline=one.is_inline,
        **_examined(one),
    )
    attachment.file.save("", ContentFile(one.content), save=False)
    attachment.save()
    return attachment


def _take_over(one: Upload, message: Message) -> Attachment:
    upload = Upload.objects.select_for_update().filter(pk=one.pk).first()
    if upload is None:
        raise UploadGone(one.key)
    attachment = Attachment.objects.create(
        message=message,
        key=upload.key,
        file=upload.file.name,
        name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
    )
    upload.delete()
    return attachment


def _examined(one: IncomingFile) -> dict[str, Any]:
    """What we say about a file: found out by looking at it. Raises FileRefused."""
    if len(one.content) > MAX_BYTES:
        raise FileRefused(
            _("“%(name)s” is larger than %(mb)d MB.")
            % {"name": safe_name(one.name), "mb": MAX_BYTES // 1024 // 1024}
        )
    guess = filetype.guess(one.content)
    return {
        "name": safe_name(one.name),
        "content_type": guess.mime if guess else "",
        "size": len(one.content),
        "sha256": hashlib.sha256(one.content).hexdigest(),
    }


@transaction.atomic
def keep_upload(file: IncomingFile, *, by: User | None) -> Upload:
    """Keep a file that a program sends ahead of the message it belongs to; for a day, unless
    `store_files` gets it. What customers send (`by` nobody) is limited by whoever takes it in.
    Raises FileRefused, TooManyUploads."""
    if by is not None and Upload.objects.filter(uploaded_by=by).count() >= MAX_WAITING:
        raise TooManyUploads(MAX_WAITING)
    upload = Upload(uploaded_by=by, **_examined(file))
    upload.file.save("", ContentFile(file.content), save=False)
    upload.save()
    return upload


def remove_unclaimed_uploads() -> int:
    """Delete the uploads that waited too long, their files once that is committed; how many.
    One that a message takes over at this moment is left to it."""
    with transaction.atomic():
        old = Upload.objects.unclaimed_since(timezone.now()).select_for_update(skip_locked=True)
        names = {upload.pk: str(upload.file.name) for upload in old}
        Upload.objects.filter(pk__in=names).delete()
        for name in names.values():
            transaction.on_commit(partial(default_storage.delete, name))
    return len(names)
