"""Files that come as answers: kept when they arrive, taken by the response that names them."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from feedback.errors import FileRefused
from feedback.models import Upload
from feedback.services.attachments import IncomingFile, keep_upload, safe_name
from surveys.flow.definition import Definition, parse
from surveys.flow.walk import Read
from surveys.models import Answer, Response
from surveys.questions.base import Element, Misfit
from surveys.questions.files import File, KeptFile, RefusedFile

PARKED = timedelta(days=36_500)
FIELD = "{code}.file"  # of a form; CODE itself is the key of a file that is here already


def take_in_files(
    definition: Definition,
    files: Mapping[str, UploadedFile],
    answers: Mapping[str, Any],
    *,
    may_keep: bool = True,
) -> dict[str, Any]:
    """`answers` with what was uploaded with a form: a KeptFile (kept for a day unless a response
    takes it), or a RefusedFile, which the walk turns into its sentence. Without `may_keep` nothing
    is stored, and the sentence asks for the file again."""
    found = with_files(definition, answers)
    for element in file_questions(definition):
        upload = files.get(FIELD.format(code=element.code))
        if upload is not None:
            found[element.code] = _keep(element, upload) if may_keep else _asked_again()
    return found


def with_files(
    definition: Definition, answers: Mapping[str, Any], by: User | None = None
) -> dict[str, Any]:
    """`answers` with a KeptFile in the place of each key. `by` is the member of staff or the
    program that uploaded the files; None for the form of the answer page."""
    found = dict(answers)
    for element in file_questions(definition):
        key = found.get(element.code)
        if isinstance(key, str) and key.strip():
            found[element.code] = _kept(key.strip(), by) or key
    return found


def file_questions(definition: Definition) -> list[Element]:
    return [element for element in definition.elements() if element.type == File.name]


def take_over_files(read: Read) -> None:
    """A response has them now: they do not wait any more."""
    paths = [value.file for values in read.values() for value in values if value.file]
    if paths:
        Upload.objects.filter(file__in=paths).delete()


def hold_files(definition: Definition, typed: Mapping[str, Any]) -> None:
    """The files that a draft names wait as long as the draft does, and not for a day only."""
    keys = [_key_in(typed.get(element.code)) for element in file_questions(definition)]
    held = [key for key in keys if key is not None]
    if held:
        longer = timedelta(days=settings.DRAFT_DAYS)
        Upload.objects.filter(key__in=held, uploaded_by=None, draft=None).update(
            created_at=timezone.now() + longer
        )


def park_files(read: Read) -> None:
    """A part response has them now, and keeps them until it is taken up again: whoever goes on
    names them by the same keys."""
    paths = [value.file for values in read.values() for value in values if value.file]
    Upload.objects.filter(file__in=paths).update(created_at=timezone.now() + PARKED)


def unpark_files(response: Response) -> None:
    """A part response was taken up again: its files are held by the draft that names them, and
    go in a day if it does not."""
    given = response.answers.exclude(file=None).exclude(file="")
    paths = [path for path in given.values_list("file", flat=True) if path]
    Upload.objects.filter(file__in=paths).update(created_at=timezone.now())


def with_parked_files(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The stored answers of a part response with the keys by which its files are named."""
    paths = [raw.path for raw in answers.values() if isinstance(raw, KeptFile)]
    if not paths:
        return dict(answers)
    parked = {str(one.file.name): one for one in Upload.objects.filter(file__in=paths)}
    return {
        code: _as_kept(parked[raw.path])
        if isinstance(raw, KeptFile) and raw.path in parked
        else raw
        for code, raw in answers.items()
    }


def forget_files(keys: Collection[int]) -> None:
    """The files of these responses (by id) go, also those that wait for a part response."""
    given = Answer.objects.filter(response__in=keys).exclude(file=None).exclude(file="")
    paths = [path for path in given.values_list("file", flat=True) if path]
    for path in paths:
        transaction.on_commit(partial(default_storage.delete, path))
    Upload.objects.filter(file__in=paths).delete()
    given.update(file="")


def forget_held_files(drafts: QuerySet[Response]) -> None:
    """The files that drafts name go with them: else they would wait as long as the drafts had."""
    keys = [
        key
        for draft in drafts.select_related("version")
        for element in file_questions(parse(draft.version.definition))
        if (key := _key_in((draft.typed or {}).get(element.code))) is not None
    ]
    held = Upload.objects.filter(key__in=keys, uploaded_by=None, draft=None)
    for path in held.values_list("file", flat=True):
        transaction.on_commit(partial(default_storage.delete, path))
    held.delete()


def _key_in(raw: Any) -> UUID | None:
    try:
        return UUID(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _keep(element: Element, upload: UploadedFile) -> KeptFile | RefusedFile:
    name = safe_name(upload.name or "")
    try:
        File().ensure_fits(element, name, upload.size or 0)
        kept = keep_upload(IncomingFile(name, upload.read()), by=None)
    except (Misfit, FileRefused) as refusal:
        return RefusedFile(str(refusal.message))
    return _as_kept(kept)


def _asked_again() -> RefusedFile:
    return RefusedFile(_("Please choose the file again; it is not here any more."))


def _kept(written: str, by: User | None) -> KeptFile | None:
    key = _key_in(written)
    if key is None:
        return None
    upload = Upload.objects.filter(key=key, uploaded_by=by, draft=None).first()
    return _as_kept(upload) if upload else None


def _as_kept(upload: Upload) -> KeptFile:
    return KeptFile(
        key=upload.key.hex,
        name=upload.name,
        path=str(upload.file.name),
        size=upload.size,
        content_type=upload.content_type,
    )
