"""How a draft becomes what is asked: checked, frozen, its codes entered into the dictionary."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from surveys.enums import QuestionRole, SurveyStatus, VersionState
from surveys.errors import CannotPublish, VersionIsFrozen
from surveys.flow.checks import find_faults
from surveys.flow.definition import parse, text_in
from surveys.models import Choice, Question, Survey, SurveyVersion
from surveys.questions.base import Leaf, Texts

MOST_STEPS = 50  # changes of a draft that can be undone
SAME_CHANGE = timedelta(minutes=1)  # typing that saves itself is one change


@transaction.atomic
def save_draft(
    survey_id: int,
    *,
    definition: Any,
    note: str | None = None,
    by: User | None = None,
    said: str = "all",
    place: str = "",
) -> SurveyVersion:
    """Keep `definition` as the survey's one draft, whatever faults it still has. What it was
    before can be brought back (services.building.undo_change); `said` and `place` tell people
    which change that would take back. `note` None keeps the note."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    draft = survey.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        latest = survey.versions.order_by("-number").first()
        number = latest.number + 1 if latest else 1
        return survey.versions.create(number=number, definition=definition, note=note or "")
    if note is not None and note != draft.note:
        draft.note = note
        draft.save(update_fields=["note"])
    if definition != draft.definition:
        _note_step(draft, by, said, place)
        draft.definition, draft.revision = definition, draft.revision + 1
        draft.save(update_fields=["definition", "revision"])
    return draft


def _note_step(draft: SurveyVersion, by: User | None, said: str, place: str) -> None:
    now, latest = timezone.now(), draft.steps.first()
    if latest is not None and now - latest.made_at < SAME_CHANGE and said == "question":
        same = (latest.said, latest.place, latest.made_by_id) == (said, place, by and by.pk)
        if same:
            return
    draft.steps.create(
        definition=draft.definition, said=said, place=place, made_by=by, made_at=now
    )
    kept = draft.steps.values("pk")[:MOST_STEPS]
    draft.steps.exclude(pk__in=[one["pk"] for one in kept]).delete()


@transaction.atomic
def publish_version(version_id: int, *, by: User | None = None) -> SurveyVersion:
    """Make a draft the version that is asked from now on; who has begun an older one finishes
    it. Raises CannotPublish with every fault in plain words, VersionIsFrozen for what has been
    published before."""
    survey_id = SurveyVersion.objects.values_list("survey", flat=True).get(pk=version_id)
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    version = SurveyVersion.objects.select_for_update().get(pk=version_id)
    if version.state != VersionState.DRAFT:
        raise VersionIsFrozen
    faults = faults_of(version)
    if faults:
        raise CannotPublish(faults)
    survey.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.RETIRED)
    version.state = VersionState.PUBLISHED
    version.checksum = checksum(version.definition)
    version.published_at, version.published_by = timezone.now(), by
    version.save(update_fields=["state", "checksum", "published_at", "published_by"])
    version.steps.all().delete()
    _enter_into_dictionary(version)
    if survey.status == SurveyStatus.DRAFT:
        survey.status = SurveyStatus.RUNNING
        survey.save(update_fields=["status"])
    return version


def faults_of(version: SurveyVersion) -> list[str]:
    """What keeps this version from being published, in the language of whoever asks."""
    faults = find_faults(version.definition, known_languages=dict(settings.LANGUAGES))
    return faults or list(_changed_meanings(version))


def checksum(definition: Any) -> str:
    """SHA-256 over the definition written with sorted keys and without white space."""
    written = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _changed_meanings(version: SurveyVersion) -> Iterator[str]:
    """A code keeps its meaning for ever, because the answers of all versions pool by it."""
    known = {
        question.code.lower(): question
        for question in version.survey.questions.prefetch_related("choices")
    }
    for leaf in parse(version.definition).dictionary():
        question = known.get(leaf.code.lower())
        if question is None:
            continue
        if question.code != leaf.code:
            yield _("Question “%(code)s” was written “%(known)s” before; keep it so.") % {
                "code": leaf.code,
                "known": question.code,
            }
        yield from _changes_of(question, leaf)


def _changes_of(question: Question, leaf: Leaf) -> Iterator[str]:
    named = {"code": leaf.code}
    if question.retired_in is not None:
        yield _(
            "Question “%(code)s” was taken out in version %(number)s. Give the new question a "
            "new code, so that its answers are not mixed with the old ones."
        ) % {**named, "number": question.retired_in}
        return
    if question.data_type != leaf.data_type:
        yield _(
            "Question “%(code)s” held “%(before)s” and would now hold “%(after)s”. Give it a new "
            "code."
        ) % {
            **named,
            "before": question.get_data_type_display(),
            "after": leaf.data_type.label,
        }
    elif (question.minimum, question.maximum) != (leaf.minimum, leaf.maximum):
        yield _("The scale of question “%(code)s” has changed. Give it a new code.") % named
    if question.role not in {QuestionRole.NONE, leaf.role}:
        yield _("Question “%(code)s” measured “%(role)s” before. Give it a new code.") % {
            **named,
            "role": question.get_role_display(),
        }
    wanted = {choice.code.lower() for choice in leaf.choices}
    for choice in question.choices.all():
        if choice.retired_in is not None and choice.code.lower() in wanted:
            yield _(
                "Question “%(code)s”: the choice “%(choice)s” was taken out in version "
                "%(number)s. Give the new choice a new code."
            ) % {**named, "choice": choice.code, "number": choice.retired_in}


def _enter_into_dictionary(version: SurveyVersion) -> None:
    kept: dict[str, Question] = {}
    for order, leaf in enumerate(parse(version.definition).dictionary()):
        text_zh, text_en = _both(leaf.text)
        wording = {
            "data_type": leaf.data_type,
            "role": leaf.role,
            "minimum": leaf.minimum,
            "maximum": leaf.maximum,
            "text_zh": text_zh,
            "text_en": text_en,
            "order": order,
            "parent": kept.get(leaf.part_of),
        }
        question, _is_new = Question.objects.update_or_create(
            survey=version.survey,
            code=leaf.code,
            defaults=wording,
            create_defaults={**wording, "first_version": version.number},
        )
        kept[leaf.code] = question
        _enter_choices(question, leaf, version)
    gone = version.survey.questions.filter(retired_in=None).exclude(code__in=kept)
    gone.update(retired_in=version.number)


def _enter_choices(question: Question, leaf: Leaf, version: SurveyVersion) -> None:
    for order, option in enumerate(leaf.choices):
        text_zh, text_en = _both(option.text)
        Choice.objects.update_or_create(
            question=question,
            code=option.code,
            defaults={
                "score": option.score,
                "text_zh": text_zh,
                "text_en": text_en,
                "is_other": option.is_other,
                "is_exclusive": option.is_exclusive,
                "is_missing": option.is_missing,
                "order": order,
            },
        )
    kept = [option.code for option in leaf.choices]
    gone = question.choices.filter(retired_in=None).exclude(code__in=kept)
    gone.update(retired_in=version.number)


def _both(texts: Texts) -> tuple[str, str]:
    return text_in(texts, "zh-hans"), text_in(texts, "en")
