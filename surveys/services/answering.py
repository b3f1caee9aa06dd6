"""The one door by which answers come in: page, phone, API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Customer, Team, User
from accounts.services.webhook_events import note_event
from config.kernel.events import announce
from config.kernel.live import tell_pages
from feedback.models import Feedback
from surveys.enums import InvitationState, QualityPolicy, ResponseStatus, VersionState
from surveys.errors import AnswersRefused, LinkExpired, NotOpen
from surveys.events import ResponseSubmitted
from surveys.flow.definition import Definition
from surveys.flow.order import seed_of
from surveys.flow.paper import without_demands
from surveys.flow.walk import Walk, read_answers
from surveys.models import Answer, Collector, Invitation, Response, Survey, SurveyVersion
from surveys.selectors.asked import Dictionary, definition_of, dictionary_of
from surveys.selectors.circumstances import circumstances_of
from surveys.selectors.doors import Door, entry_by
from surveys.selectors.webhook_events import RESPONSE
from surveys.services.answer_files import take_over_files, with_files
from surveys.services.inviting import take_back_mail
from surveys.services.judging import judge_solution
from surveys.services.quality_checking import look_at_new
from surveys.services.quotas import take_places
from surveys.services.rewarding import settle_reward

LONGEST_SITTING = timedelta(hours=24)
LONGEST_TRAIL = 500  # pages sent, with all visits
LONGEST_ON_A_PAGE = 3_600_000  # milliseconds; more was not spent with it
TRAPPED = {"trap": True}


@dataclass(frozen=True, slots=True)
class Submission:
    """What came of handing in answers. `is_new` is false when they had been handed in before,
    in which case nothing was changed."""

    response: Response
    is_new: bool


@transaction.atomic
def submit_response(
    collector_id: int,
    *,
    answers: Mapping[str, Any],
    language: str,
    version_number: int | None = None,
    invitation_id: int | None = None,
    feedback: Feedback | None = None,
    customer: Customer | None = None,
    idempotency_key: str | None = None,
    started_at: datetime | None = None,
    source: Mapping[str, Any] | None = None,
    entered_by: User | None = None,
    is_counted: bool = True,
    draft_id: int | None = None,
    seed: int | None = None,
    page: str = "",
    is_on_paper: bool = False,
) -> Submission:
    """Store a whole response: `answers` is {question code: value}, the value as docs/surveys.md
    has it for each kind of question (a file by the key of its upload). One invitation, or one
    `idempotency_key` of a collector, gives one response, however often and however parallel it
    is handed in. What was begun (by the invitation, under the key, or as `draft_id`) becomes the
    response; `answers` are then all of them, not only those of the last page.

    `version_number` is the version that was on the page (default: the published one);
    `feedback` the matter, `customer` the person, where no invitation names them; `seed` what the
    page was shuffled by (default: that of the key); `page` the code of the page that was sent
    last. With `is_counted` off (a program filled in the trap) they are held back until somebody
    decides. Of what `is_on_paper` nothing can be asked again: answers that are required may be
    missing. Raises AnswersRefused with a sentence for each question, NotOpen, LinkExpired.
    """
    invitation = locked_invitation(invitation_id)
    key = key_of(collector_id, idempotency_key) if idempotency_key else None
    begun = begun_so_far(invitation, key, draft_id)
    collector = collector_of(begun, collector_id)
    begun = _enter(collector, invitation, key, begun, is_on_paper=is_on_paper)
    if begun is not None and begun.is_over:
        return Submission(begun, is_new=False)
    now = timezone.now()
    version = _version(begun, collector, version_number)
    definition = _asked_by(version, is_on_paper=is_on_paper)
    about = about_whom(collector, invitation, feedback, customer)
    walk = read_answers(
        definition,
        with_files(definition, answers, by=entered_by),
        circumstances_of(about.get("customer"), language),
    )
    if walk.errors:
        raise AnswersRefused(walk.errors)
    started_at = plausible_start(started_at, now)
    response = begun or Response(
        started_at=started_at,
        active_ms=int((now - started_at).total_seconds() * 1000),
        seed=seed if seed is not None else seed_of(idempotency_key or ""),
        idempotency_key=key,
    )
    was_part = response.status == ResponseStatus.PARTIAL
    spent = int((now - started_at).total_seconds() * 1000)
    if begun is not None:
        response.active_ms += spent
    note_page(response, page, spent)
    given = {
        "survey": collector.survey,
        "version": version,
        "collector": collector,
        "invitation": invitation,
        **about,
        "last_seen_at": now,
        "language": language,
        "shown": walk.shown,
        "source": dict(source or {}) | ({} if is_counted and response.is_counted else TRAPPED),
        "entered_by": entered_by,
        "is_counted": is_counted and response.is_counted,
        "typed": None,
    }
    for name, value in given.items():
        setattr(response, name, value)
    if begun is not None:  # locked since it was read: nobody else hands it in
        _end(response, definition, walk, now)
        response.save(update_fields=[*given, "status", "completed_at", "active_ms", "trail"])
    else:
        try:
            with transaction.atomic():  # Places of quotas are given back with it.
                _end(response, definition, walk, now)
                response.save(force_insert=True)
        except IntegrityError:
            # Handed in at the same moment in another process: its response is the one.
            known = begun_so_far(invitation, key, None)
            if known is None:
                raise
            return Submission(known, is_new=False)
    if was_part:
        response.answers.all().delete()
    store_answers(response, walk)
    take_over_files(walk.values)
    _settle(response, walk)
    return Submission(response, is_new=True)


def _version(begun: Response | None, collector: Collector, number: int | None) -> SurveyVersion:
    """The one that was on the page; that of a draft is at hand. Raises NotOpen."""
    if begun is not None and begun.version.number == number:
        return begun.version
    return version_to_answer(collector, number)


def version_to_answer(collector: Collector, number: int | None = None) -> SurveyVersion:
    """The version that somebody began, as far as it was ever published; else the present one.
    Raises NotOpen when nothing was published."""
    every = SurveyVersion.objects.filter(survey=collector.survey_id).defer("definition")
    published = every.exclude(state=VersionState.DRAFT)
    begun = published.filter(number=number).first() if number is not None else None
    version = begun or published.filter(state=VersionState.PUBLISHED).first()
    if version is None:
        raise NotOpen
    return version


def was_handed_in(collector_id: int, idempotency_key: str) -> bool:
    """Whether the answers of this page are stored already."""
    key = key_of(collector_id, idempotency_key)
    return Response.objects.filter(idempotency_key=key).over().exists()


def key_of(collector_id: int, idempotency_key: str) -> str:
    return f"{collector_id}:{idempotency_key}"


def locked_invitation(invitation_id: int | None) -> Invitation | None:
    if invitation_id is None:
        return None
    return (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("customer", "feedback", "team", "agent")
        .get(pk=invitation_id)
    )


def begun_so_far(
    invitation: Invitation | None, key: str | None, draft_id: int | None
) -> Response | None:
    """What is there already, locked: begun or handed in; with its version and its collector."""
    found = (
        Response.objects.select_for_update(of=["self"])
        .select_related("collector__survey", "version")
        .defer("version__definition")
        .order_by()
    )
    if invitation is not None:
        found = found.filter(invitation=invitation)
    elif draft_id is not None:
        found = found.filter(pk=draft_id)
    elif key is not None and Response.objects.filter(idempotency_key=key).exists():
        found = found.filter(idempotency_key=key)
    else:
        return None
    return next(iter(found), None)


def collector_of(begun: Response | None, collector_id: int) -> Collector:
    """With its survey; that of what was begun by it is at hand."""
    if begun is not None and begun.collector_id == collector_id:
        return begun.collector
    return Collector.objects.select_related("survey").get(pk=collector_id)


def _asked_by(version: SurveyVersion, *, is_on_paper: bool) -> Definition:
    definition = definition_of(version)
    return without_demands(definition) if is_on_paper else definition


def _enter(
    collector: Collector,
    invitation: Invitation | None,
    key: str | None,
    begun: Response | None,
    *,
    is_on_paper: bool,
) -> Response | None:
    """What is there already, and the door is open unless it is over. Sheets that were filled in
    are entered after the survey was closed, too. Raises NotOpen, LinkExpired."""
    if is_on_paper or (begun is not None and begun.is_over):
        return begun
    try:
        ensure_open(collector, invitation)
    except NotOpen:
        # A double click on the last place: the first press got it while this one waited.
        known = begun_so_far(invitation, key, begun.pk if begun else None)
        if known is None or not known.is_over:
            raise
        return known
    return begun


def ensure_open(collector: Collector, invitation: Invitation | None) -> None:
    """Raises NotOpen, LinkExpired."""
    if collector.response_limit is not None:
        # Locked, so that two people do not both get the last place.
        Collector.objects.select_for_update(no_key=True).get(pk=collector.pk)
    door = entry_by(collector, invitation).door
    if door == Door.EXPIRED:
        raise LinkExpired
    if door != Door.OPEN:
        raise NotOpen


def about_whom(
    collector: Collector,
    invitation: Invitation | None,
    feedback: Feedback | None,
    customer: Customer | None = None,
) -> dict[str, Any]:
    """Whose answers these are, and whose work they judge."""
    if invitation is not None:
        return {
            "customer": invitation.customer,
            "feedback": invitation.feedback,
            "team": invitation.team,
            "agent": invitation.agent,
        }
    if feedback is None:
        whose = {"customer": customer} if customer else {}
        return {"team_id": collector.survey.team_id, **whose}
    team: Team | None = feedback.resolved_team or feedback.team
    return {
        "customer": feedback.customer,
        "feedback": feedback,
        "team": team,
        "agent": feedback.resolved_by or feedback.assignee,
    }


def plausible_start(started_at: datetime | None, now: datetime) -> datetime:
    """Telemetry is a guess, never a reason to refuse: clamped to the last 24 hours."""
    return now if started_at is None else min(max(started_at, now - LONGEST_SITTING), now)


def note_page(response: Response, page: str, milliseconds: int) -> None:
    """A page was sent that was served so long ago. Nothing is known of a response that was begun
    before this was kept, nor of one that came another way."""
    is_new = response.pk is None
    if page and (is_new or response.trail is not None):
        spent = min(milliseconds, LONGEST_ON_A_PAGE)
        response.trail = [*(response.trail or []), [page, spent]][:LONGEST_TRAIL]


def _end(response: Response, definition: Definition, walk: Walk, now: datetime) -> None:
    """How it ends: complete, not in the target group, or too late for a quota. Which end and
    which quota it was is kept."""
    end = walk.end
    response.status = ResponseStatus.COMPLETE
    if end is not None and end.outcome == "screened_out":
        response.status = ResponseStatus.SCREENED_OUT
    elif response.is_counted and not response.is_test:
        full = take_places(response.survey_id, definition, walk.quotas)
        if full is not None:
            response.status = ResponseStatus.QUOTA_FULL
            response.source |= {"quota": full.code}
            end = definition.end(full.end)
        elif walk.quotas:
            response.source |= {"quotas": walk.quotas}
    if end is not None:
        response.source |= {"end": end.code}
    response.completed_at = now if response.status == ResponseStatus.COMPLETE else None


def store_answers(response: Response, walk: Walk) -> None:
    """The rows of what was read."""
    dictionary = dictionary_of(response.version)
    Answer.objects.bulk_create(answers_of(response, walk, dictionary))


def answers_of(response: Response, walk: Walk, dictionary: Dictionary) -> Iterator[Answer]:
    """The rows of one response, not stored yet."""
    for values in walk.values.values():
        for value in values:
            question = dictionary.questions[value.leaf]
            yield Answer(
                response=response,
                question_id=question,
                choice_id=dictionary.choices[question, value.choice] if value.choice else None,
                number=value.number,
                text=value.text,
                date=value.date,
                file=value.file,
            )


def _settle(response: Response, walk: Walk) -> None:
    """Everything that follows from a new response, in the same transaction."""
    if response.invitation is not None:
        response.invitation.state = InvitationState.COMPLETED
        response.invitation.save(update_fields=["state"])
        take_back_mail(response.invitation)
    if response.status != ResponseStatus.COMPLETE:
        return
    if response.feedback is not None:
        judge_solution(response, walk)
    policy, reward = (
        Survey.objects.filter(pk=response.survey_id)
        .values_list("quality_rules__policy", "reward__pk")
        .get()
    )
    look_at_new(response, holds_back=policy == QualityPolicy.HOLD)
    if reward is not None:
        settle_reward(response.pk)
    announce(ResponseSubmitted(response_id=response.pk))
    tell_pages("response", id=response.survey_id)
    note_event(RESPONSE, response.pk)
