"""What somebody is writing, kept on the server: per person and record, with its files.

Only its author changes or throws away a draft; colleagues may take over a copy.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from feedback.enums import DraftKind
from feedback.errors import DraftStale, FileRefused
from feedback.models import Attachment, Commitment, Draft, Message, Upload
from feedback.models.draft import DraftQuerySet
from feedback.services.attachments import (
    MAX_FILES,
    MAX_TOGETHER,
    GivenFile,
    IncomingFile,
    keep_upload,
)

# Of a draft's commitment: it stays which it is.
AS_IT_WAS = 0

# A copy of the editor's text that was still on its way when the text was sent.
LATE = timedelta(minutes=1)


@transaction.atomic
def save_draft(
    feedback_id: int,
    *,
    by: User,
    kind: str,
    text: str,
    version: int | None = None,
    commitment: int | None = AS_IT_WAS,
) -> Draft | None:
    """Keep the text of the editor. None when nothing is left to keep.

    `commitment`: the id of the one that the text tells; None = it tells of none.

    `version` is that of the draft which the writer has in front of them, 0 = none; None = they
    did not look, what they wrote last counts. Raises DraftStale when another window has saved,
    sent or discarded it since.
    """
    draft = _own(feedback_id, by).select_for_update().first()
    if version is not None and version != (draft.version if draft else 0):
        raise DraftStale(draft.version if draft else 0, draft.text if draft else "")
    if not text.strip() and (draft is None or not draft.files.exists()):
        if draft is not None:
            draft.delete()
        return None
    if draft is None:
        if _just_sent(feedback_id, by, text):
            return None
        begun = {"kind": kind, "text": text, "commitment_id": commitment or None}
        draft, is_new = Draft.objects.get_or_create(
            feedback_id=feedback_id, user=by, send_at=None, defaults=begun
        )
        if not is_new:
            raise DraftStale(draft.version, draft.text)
        return draft
    told = draft.commitment_id if commitment == AS_IT_WAS else commitment
    if (draft.kind, draft.text, draft.commitment_id) != (kind, text, told):
        draft.kind, draft.text, draft.commitment_id = kind, text, told
        draft.version, draft.saved_at = draft.version + 1, timezone.now()
        draft.save(update_fields=["kind", "text", "version", "saved_at", "commitment"])
    return draft


@transaction.atomic
def keep_files(feedback_id: int, *, by: User, files: Sequence[GivenFile]) -> Draft:
    """Put files beside the text in the editor, new ones and such as were uploaded. Raises
    FileRefused, TooManyUploads."""
    draft = _get_or_begin(feedback_id, by)
    put_files(draft, files, by=by)
    return draft


def put_files(draft: Draft, files: Sequence[GivenFile], *, by: User) -> None:
    """Inside another service: lay files beside a text, new ones and such as were uploaded."""
    for one in files:
        upload = one if isinstance(one, Upload) else keep_upload(one, by=by)
        upload.draft = draft
        upload.save(update_fields=["draft"])
    sizes = list(draft.files.values_list("size", flat=True))
    if len(sizes) > MAX_FILES:
        raise FileRefused(_("At most %(n)d files can be sent at once.") % {"n": MAX_FILES})
    if sum(sizes) > MAX_TOGETHER:
        raise FileRefused(
            _("Together they are larger than %(mb)d MB. Please send them in parts.")
            % {"mb": MAX_TOGETHER // 1024 // 1024}
        )


@transaction.atomic
def discard_draft(feedback_id: int, *, by: User) -> None:
    """Throw one's own text away, or note that it was sent. Files that no message took are
    removed with the other unclaimed ones."""
    _own(feedback_id, by).delete()


@transaction.atomic
def take_over_draft(draft_id: int, *, by: User) -> Draft:
    """A copy of a colleague's text with its files, in one's own editor; theirs stays theirs.
    Raises Draft.DoesNotExist when it was sent or discarded meanwhile."""
    theirs = Draft.objects.in_editor().get(pk=draft_id)
    if theirs.user_id == by.pk:
        return theirs
    mine = put_into_editor(
        theirs.feedback_id,
        by=by,
        kind=theirs.kind,
        text=theirs.text,
        commitment=theirs.commitment_id,
    )
    _copy_files(mine, theirs.files.all(), by=by)
    return mine


@transaction.atomic
def put_into_editor(
    feedback_id: int, *, by: User, kind: str, text: str, commitment: int | None = None
) -> Draft:
    """Add a text to what stands in somebody's editor: before it, with a line between.
    `commitment`: the id of the one that the text tells."""
    draft = _get_or_begin(feedback_id, by)
    rest = draft.text.strip()
    draft.text = f"{text.strip()}\n\n{rest}" if rest and rest != text.strip() else text.strip()
    draft.kind, draft.version, draft.saved_at = kind, draft.version + 1, timezone.now()
    draft.commitment_id = commitment or draft.commitment_id
    draft.save(update_fields=["kind", "text", "version", "saved_at", "commitment"])
    return draft


def back_into_editor(message: Message, *, by: User) -> Draft:
    """Inside another service: an answer that was taken back can be gone on with."""
    draft = put_into_editor(
        message.feedback_id,
        by=by,
        kind=DraftKind.REPLY,
        text=message.text,
        commitment=Commitment.objects.filter(told_in=message).values_list("pk", flat=True).first(),
    )
    _copy_files(draft, message.attachments.all(), by=by)
    return draft


@transaction.atomic
def move_drafts(from_id: int, to_id: int) -> None:
    """When one record becomes part of another: unsent texts go along, scheduled ones too."""
    for draft in Draft.objects.in_editor().filter(feedback_id=from_id).select_for_update():
        there = Draft.objects.in_editor().filter(feedback_id=to_id, user_id=draft.user_id).first()
        if there is None:
            draft.feedback_id = to_id
            draft.save(update_fields=["feedback"])
            continue
        put_into_editor(
            to_id,
            by=draft.user,
            kind=there.kind,
            text=draft.text,
            commitment=there.commitment_id or draft.commitment_id,
        )
        draft.files.update(draft=there)
        draft.delete()
    Draft.objects.scheduled().filter(feedback_id=from_id).update(feedback_id=to_id)


def _own(feedback_id: int, by: User) -> DraftQuerySet:
    return Draft.objects.in_editor().filter(feedback_id=feedback_id, user=by)


def _get_or_begin(feedback_id: int, by: User) -> Draft:
    draft, _is_new = Draft.objects.select_for_update().get_or_create(
        feedback_id=feedback_id, user=by, send_at=None
    )
    return draft


def _just_sent(feedback_id: int, by: User, text: str) -> bool:
    return Message.objects.filter(
        feedback_id=feedback_id,
        author=by,
        text=text.strip(),
        is_recalled=False,
        created_at__gt=timezone.now() - LATE,
    ).exists()


def _copy_files(draft: Draft, files: Iterable[Attachment | Upload], *, by: User) -> None:
    for one in files:
        with one.file.open("rb") as stored:
            upload = keep_upload(IncomingFile(name=one.name, content=stored.read()), by=by)
        upload.draft = draft
        upload.save(update_fields=["draft"])
