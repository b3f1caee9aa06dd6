"""Writing a draft step by step: every change is one function that takes the draft as it is,
changes it under a lock, and remembers what it was before."""

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.db import transaction

from accounts.models import User
from surveys.enums import QuestionRole, VersionState
from surveys.errors import DraftHasChanged, NothingToChange
from surveys.flow import editing
from surveys.flow.editing import NotThere, Raw, elements_of
from surveys.models import Survey, SurveyComment, SurveyVersion
from surveys.questions.registry import TYPES
from surveys.services.editing import EMPTY, begin_draft
from surveys.services.publishing import save_draft

Change = Callable[[Raw], Any]
FRAME = (
    "languages",
    "texts",
    "ends",
    "quotas",
    "shuffle_pages",
)  # what stands around the questions


def mark_of(thing: Any) -> str:
    """What a form remembers of the thing it changes: another mark later means that somebody
    else has changed it meanwhile."""
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def change_draft(survey_id: int, change: Change, *, by: User, said: str, place: str = "") -> Any:
    """Give `change` the definition of the draft (begun if there is none) and keep what it made
    of it. Returns what `change` returns. Raises NothingToChange for a page or question that is
    not there any more."""
    Survey.objects.select_for_update().get(pk=survey_id)
    draft = begin_draft(survey_id)
    definition = deepcopy(draft.definition)
    if not editing.is_outline(definition):
        raise NothingToChange
    try:
        found = change(definition)
    except NotThere as gone:
        raise NothingToChange from gone
    save_draft(survey_id, definition=definition, by=by, said=said, place=place or str(found or ""))
    return found


# --- questions --------------------------------------------------------------------------------


def add_question(survey_id: int, *, kind: str, page: str, by: User) -> str:
    """A new question at the end of a page; gives its code."""

    def change(raw: Raw) -> str:
        code = editing.new_code("q", taken_codes(survey_id, raw))
        usual = TYPES[kind].usual_role
        has_role = usual != QuestionRole.NONE and usual in roles_of(raw)
        element = editing.fresh_element(kind, code, raw["languages"], has_role=has_role)
        editing.add_element(raw, element, page)
        return code

    return str(change_draft(survey_id, change, by=by, said="added"))


@transaction.atomic
def save_question(
    survey_id: int, code: str, *, element: Raw, seen: str | None, by: User
) -> SurveyVersion:
    """Keep one question as `element` has it. Raises DraftHasChanged when it is not the one that
    `seen` is the mark of (None: whatever it is)."""

    def change(raw: Raw) -> None:
        now = editing.element_of(raw, code)
        if seen is not None and mark_of(now) != seen and now != element:
            raise DraftHasChanged
        editing.replace_element(raw, code, element)

    change_draft(survey_id, change, by=by, said="question", place=element["code"])
    if element["code"] != code:  # what was said about it stays with it
        SurveyComment.objects.filter(survey=survey_id, element=code).update(
            element=element["code"]
        )
    return draft_of(survey_id)


def copy_question(survey_id: int, code: str, *, by: User) -> str:
    def change(raw: Raw) -> str:
        return editing.copy_element(raw, code, taken_codes(survey_id, raw))

    return str(change_draft(survey_id, change, by=by, said="copied"))


def move_question(survey_id: int, code: str, *, page: str, before: str = "", by: User) -> None:
    """To another place: in front of the question `before`, or to the end of the page."""
    change_draft(
        survey_id,
        lambda raw: editing.move_element(raw, code, page, before),
        by=by,
        said="moved",
        place=code,
    )


def nudge_question(survey_id: int, code: str, step: int, *, by: User) -> None:
    """One place up (-1) or down (1)."""
    change_draft(
        survey_id,
        lambda raw: editing.nudge_element(raw, code, step),
        by=by,
        said="moved",
        place=code,
    )


def remove_question(survey_id: int, code: str, *, by: User) -> None:
    change_draft(
        survey_id,
        lambda raw: editing.remove_element(raw, code),
        by=by,
        said="removed",
        place=code,
    )


# --- pages and the whole ----------------------------------------------------------------------


def add_page(survey_id: int, *, by: User) -> str:
    return str(change_draft(survey_id, editing.add_page, by=by, said="page_added"))


def move_page(survey_id: int, code: str, step: int, *, by: User) -> None:
    change_draft(
        survey_id,
        lambda raw: editing.move_page(raw, code, step),
        by=by,
        said="page_moved",
        place=code,
    )


def remove_page(survey_id: int, code: str, *, by: User) -> None:
    """With its questions."""
    change_draft(
        survey_id,
        lambda raw: editing.remove_page(raw, code),
        by=by,
        said="page_removed",
        place=code,
    )


def save_page(survey_id: int, code: str, *, settings: Raw, seen: str | None, by: User) -> None:
    """Title, condition and jumps of a page; its questions stay. Raises DraftHasChanged."""

    def change(raw: Raw) -> None:
        page = editing.page_of(raw, code)
        kept = {"code": page["code"], "elements": page["elements"]}
        if seen is not None and mark_of(settings_of_page(page)) != seen:
            raise DraftHasChanged
        page.clear()
        page |= {"code": kept["code"], **settings, "elements": kept["elements"]}

    change_draft(survey_id, change, by=by, said="page", place=code)


def settings_of_page(page: Raw) -> Raw:
    return {name: page[name] for name in ("title", "when", "jumps") if page.get(name)}


def save_frame(survey_id: int, *, frame: Raw, seen: str | None, by: User) -> None:
    """What stands around the questions: languages, texts, ends, quotas, pages that change places.
    Raises DraftHasChanged."""

    def change(raw: Raw) -> None:
        if seen is not None and mark_of(frame_of(raw)) != seen:
            raise DraftHasChanged
        for name in FRAME:
            raw.pop(name, None)
        raw |= frame

    change_draft(survey_id, change, by=by, said="frame")


def frame_of(raw: Raw) -> Raw:
    return {name: raw[name] for name in FRAME if raw.get(name)}


def start_from(survey_id: int, definition: Raw, *, by: User) -> None:
    """Take over a ready template. Raises NothingToChange when there are questions already."""

    def change(raw: Raw) -> None:
        if any(elements_of(raw)):
            raise NothingToChange
        raw.clear()
        raw |= deepcopy(definition)

    change_draft(survey_id, change, by=by, said="template")


@transaction.atomic
def replace_draft(
    survey_id: int, definition: Any, *, by: User, revision: int | None = None
) -> SurveyVersion:
    """The whole draft at once. Raises DraftHasChanged when it is not at `revision`."""
    Survey.objects.select_for_update().get(pk=survey_id)
    draft = begin_draft(survey_id)
    if revision is not None and draft.revision != revision:
        raise DraftHasChanged
    return save_draft(survey_id, definition=definition, by=by)


# --- back -------------------------------------------------------------------------------------


@transaction.atomic
def undo_change(survey_id: int, step_id: int) -> None:
    """Bring back what the draft was before the latest change. Raises DraftHasChanged when
    `step_id` is not the latest one: somebody has changed something since."""
    Survey.objects.select_for_update().get(pk=survey_id)
    draft = SurveyVersion.objects.filter(survey=survey_id, state=VersionState.DRAFT).first()
    latest = draft.steps.first() if draft is not None else None
    if draft is None or latest is None or latest.pk != step_id:
        raise DraftHasChanged
    draft.definition, draft.revision = latest.definition, draft.revision + 1
    draft.save(update_fields=["definition", "revision"])
    latest.delete()


@transaction.atomic
def discard_draft(survey_id: int) -> bool:
    """Throw the draft away; what is published stays. False when there is none, or when nothing
    was published yet, so that the draft is all there is."""
    Survey.objects.select_for_update().get(pk=survey_id)
    versions = SurveyVersion.objects.filter(survey=survey_id)
    if not versions.exclude(state=VersionState.DRAFT).exists():
        return False
    return bool(versions.filter(state=VersionState.DRAFT).delete()[0])


# --- what is there ----------------------------------------------------------------------------


def draft_of(survey_id: int) -> SurveyVersion:
    """Raises SurveyVersion.DoesNotExist."""
    return SurveyVersion.objects.get(survey=survey_id, state=VersionState.DRAFT)


def current_version(survey_id: int) -> SurveyVersion:
    """What is being written: the draft, else what is published, else an empty one."""
    versions = SurveyVersion.objects.filter(
        survey=survey_id, state__in=[VersionState.DRAFT, VersionState.PUBLISHED]
    )
    found = {version.state: version for version in versions}
    return (
        found.get(VersionState.DRAFT)
        or found.get(VersionState.PUBLISHED)
        or SurveyVersion(survey_id=survey_id, number=1, definition=deepcopy(EMPTY))
    )


def taken_codes(survey_id: int, raw: Raw) -> set[str]:
    """Codes that a new question cannot have: those of the draft, and of all questions and parts
    that were ever published."""
    known = Survey.objects.get(pk=survey_id).questions.values_list("code", flat=True)
    return editing.codes_of(raw) | {code.lower() for code in known}


def roles_of(raw: Raw) -> set[str]:
    return {
        str(element.get("role", TYPES[element["type"]].usual_role)) for element in elements_of(raw)
    }
