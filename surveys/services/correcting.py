"""Staff correct answers that were handed in: what a customer said on the phone since, a slip of
whoever typed a paper. What was there before stays in the history, with the reason."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation

from accounts.models import User
from accounts.services.webhook_events import note_event
from config.kernel.events import announce
from surveys.enums import ResponseStatus
from surveys.errors import AnswersRefused, CorrectedSince, NothingToCorrect, ReasonNeeded
from surveys.events import ResponseCorrected
from surveys.flow.definition import Definition, parse
from surveys.flow.walk import Walk, read_answers
from surveys.models import Answer, AnswerCorrection, Response
from surveys.questions.files import File
from surveys.questions.unasked import Hidden
from surveys.selectors.answers import said_in, stored_answers, with_answers
from surveys.selectors.circumstances import circumstances_of
from surveys.selectors.webhook_events import RESPONSE
from surveys.services.answering import store_answers
from surveys.services.counting import quotas_of
from surveys.services.quality_checking import check_response
from surveys.services.quotas import give_back_places, take_places_again

LONGEST_REASON = 500


@transaction.atomic
def correct_response(
    response_id: int,
    *,
    answers: Mapping[str, Any],
    reason: str,
    by: User,
    seen: int | None = None,
) -> list[AnswerCorrection]:
    """Put other answers in the place of those that `answers` names ({code: raw answer, None for
    none}); the rest stays, files and what came with the link too. What follows from an answer
    follows again: questions that it hides lose theirs, values are worked out anew, places of
    quotas move, the quality is looked at again. How the response ended stays as it was.

    `seen`: key of the newest correction that `by` knew of (0: there was none; None: is not asked).

    The corrections that were made; none where nothing is different. Raises CorrectedSince,
    AnswersRefused with a sentence for each question, ReasonNeeded, NothingToCorrect for one that
    is not complete.
    """
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise ReasonNeeded
    response = _locked(response_id)
    if seen is not None and newest_correction(response_id) != seen:
        raise CorrectedSince
    definition = parse(response.version.definition)
    stored = stored_answers(response, definition)
    old, new = _walks(response, definition, stored, answers)
    if new.errors:
        raise AnswersRefused(new.errors)
    changed = {
        code
        for code in {*old.values, *new.values}
        if old.values.get(code, ()) != new.values.get(code, ())
    }
    if not changed:
        return []
    before, quotas = _words(response), quotas_of(response)
    _store(response, new, changed, definition)
    after = _words(_locked(response_id))
    _move_places(response, quotas, new.quotas)
    made = _note(response, before, after, reason=reason, by=by)
    check_response(response.pk)
    note_event(RESPONSE, response.pk, what="corrected")
    announce(ResponseCorrected(response_id=response.pk))
    return made


def newest_correction(response_id: int) -> int:
    """Its key; 0 when nothing was corrected."""
    rows = AnswerCorrection.objects.filter(response=response_id)
    return rows.aggregate(newest=Max("pk"))["newest"] or 0


def _locked(response_id: int) -> Response:
    rows = with_answers(
        Response.objects.select_for_update(of=["self"])
        .select_related("version", "customer")
        .filter(pk=response_id, status=ResponseStatus.COMPLETE)
    )
    found = rows.first()
    if found is None:
        raise NothingToCorrect
    return found


def _walks(
    response: Response,
    definition: Definition,
    stored: Mapping[str, Any],
    answers: Mapping[str, Any],
) -> tuple[Walk, Walk]:
    fixed = {e.code for e in definition.elements() if e.type in {File.name, Hidden.name}}
    wanted = dict(stored)
    for code, raw in answers.items():
        if code in fixed:
            continue
        wanted.pop(code, None)
        if raw is not None:
            wanted[code] = raw
    around = circumstances_of(response.customer, response.language)
    return read_answers(definition, stored, around), read_answers(definition, wanted, around)


def _store(response: Response, walk: Walk, changed: set[str], definition: Definition) -> None:
    """Only what is different: the rows of everything else stay as they are."""
    leaves = [leaf.code for leaf in definition.leaves() if (leaf.part_of or leaf.code) in changed]
    Answer.objects.filter(response=response, question__code__in=leaves).delete()
    values = {code: walk.values[code] for code in changed if code in walk.values}
    store_answers(response, replace(walk, values=values))
    response.shown = walk.shown
    response.save(update_fields=["shown"])


def _move_places(response: Response, before: list[str], after: list[str]) -> None:
    if response.is_test or response.imported_id is not None or set(before) == set(after):
        return
    if response.is_counted:
        give_back_places(response.survey_id, sorted(set(before) - set(after)))
        take_places_again(response.survey_id, sorted(set(after) - set(before)))
    response.source |= {"quotas": after}
    response.save(update_fields=["source"])


def _words(response: Response) -> dict[int, str]:
    """{question: what was answered, as people read it}, in the language of the response."""
    with translation.override(response.language):
        return {said.question.pk: said.text for said in said_in(response)}


def _note(
    response: Response,
    before: dict[int, str],
    after: dict[int, str],
    *,
    reason: str,
    by: User,
) -> list[AnswerCorrection]:
    at = timezone.now()
    return AnswerCorrection.objects.bulk_create(
        AnswerCorrection(
            response=response,
            question_id=question,
            before=before.get(question, ""),
            after=after.get(question, ""),
            reason=reason,
            by=by,
            at=at,
        )
        for question in dict.fromkeys([*before, *after])
        if before.get(question, "") != after.get(question, "")
    )
