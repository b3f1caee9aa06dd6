"""Files that come with a message: checked by what they are, stored under a random name."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import filetype
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from feedback.errors import FileRefused
from feedback.models import Attachment, Message

MAX_FILES = 20
MAX_BYTES = 20 * 1024 * 1024
MAX_TOGETHER = 45 * 1024 * 1024  # below settings.MAX_REQUEST_BYTES, so that the form can say so
_BAD = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it arrived: the name that the sender gave, and its bytes."""

    name: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


def safe_name(name: str) -> str:
    """A file name that no system stumbles over: NFC, no path, no control or direction
    characters, 150 characters at most with the ending kept."""
    name = _BAD.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or "file"
    if len(name) <= 150:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 149 - len(ending)]}.{ending}" if dot and len(ending) < 12 else name[:150]


def store_files(message: Message, files: Sequence[IncomingFile]) -> list[Attachment]:
    """Keep the files of a message. Raises FileRefused for too many files or one too big."""
    if len(files) > MAX_FILES:
        raise FileRefused(_("At most %(n)d files can be sent at once.") % {"n": MAX_FILES})
    stored = []
    for one in files:
        if len(one.content) > MAX_BYTES:
            raise FileRefused(
                _("“%(name)s” is larger than %(mb)d MB.")
                % {"name": safe_name(one.name), "mb": MAX_BYTES // 1024 // 1024}
            )
        guess = filetype.guess(one.content)
        attachment = Attachment(
            message=message,
            name=safe_name(one.name),
            content_type=guess.mime if guess else "",
            size=len(one.content),
            sha256=hashlib.sha256(one.content).hexdigest(),
            content_id=one.content_id[:255],
            is_inline=one.is_inline,
        )
        attachment.file.save("", ContentFile(one.content), save=False)
        attachment.save()
        stored.append(attachment)
    return stored
