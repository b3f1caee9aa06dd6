"""Looking at a complete response: what is found is kept beside it, and whether it is held back
follows from the rules of its survey. Nothing is ever thrown away."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from accounts.services.webhook_events import note_event
from surveys.enums import DuplicatePolicy, QualityFlag, ResponseStatus, Verdict
from surveys.models import Answer, AnswerTimes, QualityCheck, QualityRules, Response
from surveys.rules.alike import Earlier, Traces, marks_against, traces_of
from surveys.rules.quality import Found, Others, Subject, Thresholds, marks_of_one
from surveys.selectors.answers import with_answers
from surveys.selectors.stored_walk import walk_of
from surveys.selectors.webhook_events import RESPONSE
from surveys.services.counting import set_counted

MOST_ALIKE = 200  # earlier responses that one is compared with


def rules_of(survey_id: int) -> QualityRules:
    """Those of the survey, or the defaults (not stored)."""
    found = QualityRules.objects.filter(survey=survey_id).first()
    return found or QualityRules(survey_id=survey_id)


def look_at_new(response: Response, *, holds_back: bool) -> None:
    """Inside the service that hands in: at once where a flag may hold it back, because a reward
    that was shown cannot be taken back. Whether one may is said by the rules of the survey. Every
    other one is looked at by who listens to surveys.ResponseSubmitted."""
    if response.is_test:
        return
    if not response.is_counted or holds_back:
        check_response(response.pk)
        response.refresh_from_db(fields=["is_counted"])


@transaction.atomic
def check_response(response_id: int) -> QualityCheck | None:
    """Look at a complete response (again); None for any other. A decision of staff stands. The
    number of queries does not depend on how many responses there are."""
    locked = Response.objects.select_for_update(of=["self"]).filter(
        pk=response_id, status=ResponseStatus.COMPLETE, is_test=False
    )
    rows = locked.select_related(
        "version__times", "customer", "collector", "invitation", "imported"
    )
    response = with_answers(rows).first()
    if response is None:
        return None
    check = QualityCheck.objects.filter(response=response).first()
    is_new = check is None
    check = check or QualityCheck(response=response, survey_id=response.survey_id)
    rules = rules_of(response.survey_id)
    found, traces = _found(response, check, rules.thresholds, is_new=is_new)
    was_flagged, was_held = bool(check.flags), check.is_held
    check.found = [asdict(one) for one in found]
    check.flags = sorted({one.flag for one in found})
    check.score = sum(one.weight for one in found)
    check.traces = traces
    check.checked_at = timezone.now()
    if check.verdict == Verdict.OPEN:
        check.is_held = is_held(check, rules)
    check.save(force_insert=is_new)
    is_first = is_new and response.imported_id is None
    if check.verdict == Verdict.OPEN and (is_first or check.is_held != was_held):
        set_counted(response, counts_by_itself(response, check))
    if check.flags and not was_flagged:
        note_event(RESPONSE, response.pk, what="flagged")
    return check


def is_held(check: QualityCheck, rules: QualityRules) -> bool:
    """Whether it waits for a decision: by the policy, and whenever a program gave itself away."""
    by_policy = rules.holds_back and check.score >= rules.hold_from
    return by_policy or QualityFlag.TRAP in check.flags


def counts_by_itself(response: Response, check: QualityCheck) -> bool:
    """Whether a response counts as long as nobody decided about it: unless it is held, or came in
    with a table that does not."""
    return not check.is_held and (response.imported is None or response.imported.counts)


def _found(
    response: Response, check: QualityCheck, rules: Thresholds, *, is_new: bool
) -> tuple[list[Found], list[int]]:
    _definition, walk = walk_of(response)
    subject = Subject(
        walk,
        response.language,
        trail=None if response.trail is None else [(c, ms) for c, ms in response.trail],
        is_by_staff=response.entered_by_id is not None,
        is_trapped=(
            bool(response.source.get("trap"))
            or QualityFlag.TRAP in check.flags
            or (is_new and not response.is_counted and response.imported_id is None)
        ),
    )
    mine = traces_of(
        walk, rules, of=str(response.survey_id), visitor=str(response.source.get("visitor") or "")
    )
    found = marks_of_one(subject, rules, _others(response))
    found += marks_against(walk, mine, _earlier(response, mine), rules)
    if QualityFlag.SAME_PERSON not in rules.off:
        found += _same_person(response)
    return found, mine.every()


def _others(response: Response) -> Others:
    try:
        times = response.version.times
    except AnswerTimes.DoesNotExist:
        return Others()
    return Others(
        {code: (n, ms) for code, (n, ms) in times.pages.items()},
        {code: (n, share) for code, (n, share) in times.straight.items()},
    )


def _earlier(response: Response, mine: Traces) -> Sequence[Earlier]:
    """Those that came before and share a trace, newest first. Not sorted by the database, which
    would rather read along the keys than look into the index of traces."""
    traces = mine.every()
    if not traces:
        return []
    rows = QualityCheck.objects.filter(
        survey=response.survey_id, traces__overlap=traces, response__lt=response.pk
    ).values_list("response", "response__key", "traces")[:MOST_ALIKE]
    found = sorted(rows, reverse=True)
    texts: dict[int, dict[str, str]] = {}
    if found and mine.similar:
        written = Answer.objects.filter(
            response__in=[pk for pk, _key, _traces in found],
            question__code__in=list(mine.similar),
            text__isnull=False,
        )
        for pk, code, text in written.values_list("response", "question__code", "text"):
            texts.setdefault(pk, {})[code] = text or ""
    return [
        Earlier(Response(key=key).reference, frozenset(theirs), texts.get(pk, {}))
        for pk, key, theirs in found
    ]


def _same_person(response: Response) -> list[Found]:
    """A customer who answered before, where one answer each was wanted: not about another record,
    and not in another wave."""
    by_link = response.invitation is None
    if response.customer_id is None or (
        by_link and response.collector.duplicates == DuplicatePolicy.NONE
    ):
        return []
    wave = response.invitation.wave_id if response.invitation else None
    before = Response.objects.filter(
        survey=response.survey_id,
        customer=response.customer_id,
        feedback=response.feedback_id,
        invitation__wave=wave,
        status=ResponseStatus.COMPLETE,
        is_test=False,
        pk__lt=response.pk,
    ).order_by("-pk")[:5]
    names = [one.reference for one in before]
    if not names:
        return []
    return [Found(QualityFlag.SAME_PERSON, 3, (), {"n": len(names), "like": names})]
