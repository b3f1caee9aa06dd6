"""A file that somebody hands in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from config.kernel.punctuation import listed
from surveys.enums import DataType
from surveys.questions.base import Element, Misfit, QuestionType, Value
from surveys.questions.reading import is_nothing

MOST_MEGABYTES = 20  # as for attachments
USUAL_MEGABYTES = 10
USUAL_KINDS = ("picture", "document")
ENDINGS = {
    "picture": ("jpg", "jpeg", "png", "gif", "webp", "heic", "heif"),
    "document": ("pdf", "doc", "docx", "odt", "rtf", "txt", "xls", "xlsx", "ods", "csv", "ppt",
                 "pptx", "odp"),
    "audio": ("mp3", "m4a", "wav", "ogg", "amr", "aac"),
    "video": ("mp4", "mov", "webm", "avi", "mkv", "3gp"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that we hold already and that no response has taken yet."""

    key: str
    name: str
    path: str  # in the storage
    size: int  # bytes
    content_type: str = ""  # what the bytes are; "" = unknown


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that did not fit, with the sentence that says why."""

    message: str


class File(QuestionType):
    """Raw: a KeptFile, which services.answer_files puts in the place of its key."""

    name = "file"
    data_type = DataType.FILE
    can_be_preset = False
    settings = {"kinds": "some_of:picture,document,audio,video", "megabytes": "number"}

    def faults(self, element: Element) -> Iterator[str]:
        if not self.kinds(element):
            yield _("“kinds” must name at least one.")
        if self.megabytes(element) > MOST_MEGABYTES:
            yield _("“megabytes” must be at most %(most)s.") % {"most": MOST_MEGABYTES}

    @staticmethod
    def kinds(element: Element) -> tuple[str, ...]:
        wanted = element.settings.get("kinds", USUAL_KINDS)
        return tuple(kind for kind in ENDINGS if kind in wanted)

    @staticmethod
    def megabytes(element: Element) -> int:
        return int(element.settings.get("megabytes", USUAL_MEGABYTES))

    def endings(self, element: Element) -> list[str]:
        return [one for kind in self.kinds(element) for one in ENDINGS[kind]]

    def ensure_fits(self, element: Element, name: str, size: int) -> None:
        """Raises Misfit for a file of another kind or too big a one."""
        if size > self.megabytes(element) * 1024 * 1024:
            raise Misfit(
                _("“%(name)s” is larger than %(mb)d MB.")
                % {"name": name, "mb": self.megabytes(element)}
            )
        endings = self.endings(element)
        if name.rpartition(".")[2].lower() not in endings:
            raise Misfit(
                _("Please choose a file of one of these kinds: %(kinds)s.")
                % {"kinds": listed(endings)}
            )

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        if isinstance(raw, RefusedFile):
            raise Misfit(raw.message)
        if not isinstance(raw, KeptFile):
            raise Misfit(_("Please choose the file again; it is not here any more."))
        self.ensure_fits(element, raw.name, raw.size)
        return (Value(element.code, text=raw.name, file=raw.path),)

    def missing(self, element: Element) -> str:
        return _("Please choose a file.")
