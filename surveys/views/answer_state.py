"""What somebody has answered so far, ready to be shown: out of the draft, or of nothing yet."""

from collections.abc import Mapping
from typing import Any

from surveys.enums import ResponseStatus
from surveys.flow.definition import Definition
from surveys.forms.paging import Paging
from surveys.forms.sheet import Sheet, Stamp
from surveys.models import Response, SurveyVersion
from surveys.selectors.answers import stored_answers, with_answers
from surveys.selectors.asked import definition_of
from surveys.selectors.circumstances import circumstances_of
from surveys.services.answer_files import with_files, with_parked_files
from surveys.views.answer_ways import Way
from surveys.views.language import chosen_language


def before(way: Way, definition: Definition) -> dict[str, Any]:
    """What the draft holds."""
    draft = way.draft
    if draft is None:
        return {}
    if draft.status == ResponseStatus.PARTIAL and draft.typed is None:
        given_up = with_answers(Response.objects.filter(pk=draft.pk)).get()
        return with_parked_files(stored_answers(given_up, definition))
    return dict(draft.typed or {})


def typed_before(way: Way) -> list[str]:
    """The texts of a draft that cannot go on."""
    if way.draft is None or way.draft.is_over:
        return []
    texts = (raw for raw in (way.draft.typed or {}).values() if isinstance(raw, str))
    return sorted((text for text in texts if len(text.strip()) > 12), key=len, reverse=True)


def sheet_of(way: Way, definition: Definition, answers: Mapping[str, Any], stamp: Stamp) -> Sheet:
    """A sheet for whoever came by `way`, in the language of this page."""
    language = chosen_language()
    customer = way.invitation.customer if way.invitation else None
    return Sheet(
        definition,
        language,
        answers,
        {},
        stamp,
        circumstances_of(customer, language),
        way.draft.seed if way.draft else None,
    )


def sheet_begun(way: Way, version: SurveyVersion) -> Sheet:
    """With all that the draft holds."""
    definition = definition_of(version)
    answers = with_files(definition, before(way, definition))
    return sheet_of(way, definition, answers, Stamp.new(version.number))


def paging_of(way: Way, sheet: Sheet, at: str = "") -> Paging:
    """With the page `at` open, or the furthest."""
    reached = way.draft.page_no if way.draft else 0
    return Paging(sheet, at, reached, is_begun=way.draft is not None)
