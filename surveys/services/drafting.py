"""What somebody has typed so far, kept on the server page by page: nothing is lost by a closed
window, and nothing of it counts before it is handed in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Customer, User
from surveys.enums import InvitationState, ResponseStatus
from surveys.flow.walk import read_answers
from surveys.models import Invitation, Response, SurveyVersion
from surveys.questions.files import KeptFile
from surveys.selectors.asked import definition_of
from surveys.selectors.circumstances import circumstances_of
from surveys.services.answer_files import hold_files, park_files, unpark_files, with_files
from surveys.services.answering import (
    about_whom,
    begun_so_far,
    collector_of,
    ensure_open,
    key_of,
    locked_invitation,
    note_page,
    plausible_start,
    store_answers,
)

LONGEST_PAGE = timedelta(hours=1)  # more was not spent with the page
LONGEST_TEXT = 20_000  # characters of one raw answer that are kept
_AT_A_TIME = 100

Changes = Mapping[str, Any]  # code → raw answer, None where it was taken back


def with_changes(typed: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """What is typed after a page was sent: other pages stay as they were."""
    after = dict(typed) | dict(changes)
    return {code: raw for code, raw in after.items() if raw is not None}


@transaction.atomic
def keep_draft(
    collector_id: int,
    *,
    version: SurveyVersion,
    changes: Changes,
    language: str,
    page_no: int,
    seed: int,
    served_at: datetime,
    invitation_id: int | None = None,
    idempotency_key: str | None = None,
    draft_id: int | None = None,
    is_counted: bool = True,
    customer: Customer | None = None,
    entered_by: User | None = None,
    sent: str = "",
) -> Response:
    """Keep what one page brought, as a draft: that of the invitation, that with `draft_id`, or a
    new one under `idempotency_key` of the collector (the same page sent twice begins one).

    `customer` is whose answers they are where no invitation says it, `entered_by` who takes them
    down.

    `page_no` is the place of the page that is shown next; the draft keeps the furthest. `sent` is
    the code of the page that was sent, whose time is kept. One that was handed in already comes
    back untouched (`is_over`). Raises NotOpen, LinkExpired.
    """
    invitation = locked_invitation(invitation_id)
    key = key_of(collector_id, idempotency_key) if idempotency_key and not invitation else None
    draft = begun_so_far(invitation, key, draft_id)
    if draft is not None and draft.is_over:
        return draft
    collector = collector_of(draft, collector_id)
    ensure_open(collector, invitation)
    now = timezone.now()
    if draft is None:
        draft = Response(
            survey=collector.survey,
            version=version,
            collector=collector,
            invitation=invitation,
            **about_whom(collector, invitation, None, customer),
            entered_by=entered_by,
            idempotency_key=key,
            seed=seed,
            started_at=plausible_start(served_at, now),
            is_counted=is_counted,
        )
    if draft.status == ResponseStatus.PARTIAL:
        unpark_files(draft)
        draft.answers.all().delete()  # they are typed again from here on
    draft.status = ResponseStatus.DRAFT
    draft.typed = with_changes(draft.typed or {}, _storable(changes))
    hold_files(definition_of(version), draft.typed)
    draft.language = language
    draft.page_no = max(draft.page_no, page_no)
    draft.last_seen_at = now
    spent = min(max(now - served_at, timedelta()), LONGEST_PAGE)
    draft.active_ms += int(spent.total_seconds() * 1000)
    note_page(draft, sent, int(spent.total_seconds() * 1000))
    draft.is_counted = draft.is_counted and is_counted
    if draft.pk is not None:
        draft.save(update_fields=["status", "typed", "language", "page_no", "last_seen_at",
                                  "active_ms", "is_counted", "trail"])  # fmt: skip
        return draft
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        # Begun at the same moment in another process, by the same page.
        return Response.objects.get(idempotency_key=key)
    _note_start(invitation)
    return draft


def _note_start(invitation: Invitation | None) -> None:
    if invitation and invitation.state in {InvitationState.SENT, InvitationState.OPENED}:
        invitation.state = InvitationState.STARTED
        invitation.save(update_fields=["state"])


def _storable(changes: Changes) -> dict[str, Any]:
    """As JSON can hold it: a file by its key; one that was refused is not here."""
    return {code: _plain(raw) for code, raw in changes.items()}


def _plain(raw: Any) -> Any:
    match raw:
        case KeptFile():
            return raw.key or None
        case str():
            return raw.replace("\x00", "")[:LONGEST_TEXT]
        case Mapping():
            return {str(name): _plain(one) for name, one in raw.items()}
        case list() | tuple():
            return [_plain(one) for one in raw]
        case bool() | int() | float():
            return raw
    return None


def give_up_old_drafts() -> int:
    """Drafts that nobody has touched for settings.DRAFT_DAYS become responses in part, with what
    can be read of them as answers; the number of them. Their links still lead on."""
    before = timezone.now() - timedelta(days=settings.DRAFT_DAYS)
    done = 0
    while keys := _give_up_some(before):
        done += keys
    return done


@transaction.atomic
def _give_up_some(before: datetime) -> int:
    old = (
        Response.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("version", "customer")
        .filter(status=ResponseStatus.DRAFT, last_seen_at__lt=before)
        .order_by("pk")[:_AT_A_TIME]
    )
    drafts = list(old)
    for draft in drafts:
        definition = definition_of(draft.version)
        walk = read_answers(
            definition,
            with_files(definition, draft.typed or {}),
            circumstances_of(draft.customer, draft.language),
        )
        # What was typed is all that was seen: nobody knows of the rest.
        seen = {value.leaf for values in walk.values.values() for value in values}
        draft.shown = [code for code in walk.shown if code in seen]
        draft.status = ResponseStatus.PARTIAL
        draft.typed = None
        draft.save(update_fields=["status", "typed", "shown"])
        store_answers(draft, walk)
        park_files(walk.values)
    return len(drafts)
