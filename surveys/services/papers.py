"""Surveys on paper: forms with numbers, what is keyed in from them, and the second entry that
catches what the first one got wrong. Only what is decided becomes a response."""

from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import User
from config.kernel.tokens import digest
from surveys.enums import PaperState
from surveys.errors import (
    FieldsRefused,
    FormIsEntered,
    NeedsAnother,
    NoSuchForm,
    NotToDecide,
)
from surveys.flow.definition import parse
from surveys.flow.keying import Keyed, differences, read_keyed
from surveys.flow.paper import Form, without_demands
from surveys.flow.walk import read_answers
from surveys.models import PaperBatch, PaperEntry, PaperForm, Survey
from surveys.models.paper import MOST_FORMS
from surveys.selectors.circumstances import circumstances_of
from surveys.services.answering import submit_response, version_to_answer
from surveys.services.defaults import paper_collector

_CHANCE = SystemRandom()
_NUMBERS = "surveys.paper-numbers"


@transaction.atomic
def make_batch(batch: PaperBatch, *, count: int, by: User | None) -> PaperBatch:
    """Number `count` forms (0 to MOST_FORMS) of the version that is asked now. Raises NotOpen
    when nothing was published."""
    count = max(0, min(count, MOST_FORMS))
    batch.version = version_to_answer(paper_collector(batch.survey))
    batch.made_by = by
    batch.save()
    first = _next_number()
    twice = set(_CHANCE.sample(range(count), round(count * batch.twice_percent / 100)))
    PaperForm.objects.bulk_create(
        PaperForm(batch=batch, serial=first + at, is_twice=at in twice) for at in range(count)
    )
    return batch


@transaction.atomic
def enter_form(
    survey_id: int,
    *,
    serial: int | None,
    fields: Mapping[str, str],
    language: str,
    by: User,
    batch_id: int | None = None,
    key: str | None = None,
) -> PaperForm:
    """What `by` read on the form with this number; one without a number belongs to `batch_id`
    (default: the newest) and gets a number. It counts at once, or once a second person has
    entered the same; else the differences wait for decide_form. The same once more with the same
    `key` is one entry.

    Raises NoSuchForm, FormIsEntered, NeedsAnother, FieldsRefused, NotOpen."""
    if key:  # of another form, or with something else in it, it is another entry
        key = digest(repr((key, survey_id, by.pk, serial, batch_id, sorted(fields.items()))))
    known = PaperEntry.objects.select_related("form").filter(key=key).first() if key else None
    if known is not None:
        return known.form
    form = _form(survey_id, serial, batch_id, by=by)
    entries = list(form.entries.select_related("by"))
    _ensure_entry(form, entries, by)
    keyed = read_fields(form, fields, language)
    PaperEntry.objects.create(
        form=form,
        place=len(entries) + 1,
        fields=keyed.fields,
        by=by,
        language=language,
        key=key,
    )
    if not form.is_twice:
        return _count(form, keyed, language=language, by=by)
    if not entries:
        return _to(form, PaperState.ONCE)
    (first,) = entries
    differing = differences(first.fields, keyed.fields)
    form.compared = len(dict.fromkeys((*first.fields, *keyed.fields)))
    form.differing = len(differing)
    form.save(update_fields=["compared", "differing"])
    if differing:
        return _to(form, PaperState.DIFFERS)
    return _count(form, keyed, language=first.language, by=first.by or by)


@transaction.atomic
def decide_form(form_id: int, *, fields: Mapping[str, str], by: User) -> PaperForm:
    """Say what stands in the fields in which two entries differ ({field: as keyed in}); then the
    form counts. Raises NotToDecide, FieldsRefused."""
    form = _locked().get(pk=form_id)
    if form.state != PaperState.DIFFERS:
        raise NotToDecide
    first, second = form.entries.select_related("by")
    wanted = dict(first.fields)
    for name in differences(first.fields, second.fields):
        wanted[name] = fields.get(name, wanted.get(name, ""))
    keyed = read_fields(form, wanted, first.language)
    form.decided_by = by
    form.save(update_fields=["decided_by"])
    return _count(form, keyed, language=first.language, by=first.by or by)


def read_fields(form: PaperForm, fields: Mapping[str, str], language: str) -> Keyed:
    """What was keyed in as answers. Raises FieldsRefused."""
    definition = parse(form.batch.version.definition)
    paper = Form(definition, [language])
    keyed = read_keyed(paper, fields)
    walk = read_answers(
        without_demands(definition), keyed.answers, circumstances_of(None, language)
    )
    errors = dict(keyed.errors)
    for question in paper.questions:
        sentence = walk.errors.get(question.element.code)
        if sentence and question.blanks:
            errors.setdefault(question.blanks[0].name, sentence)
    if errors:
        raise FieldsRefused(errors)
    return keyed


def _form(survey_id: int, serial: int | None, batch_id: int | None, *, by: User) -> PaperForm:
    if serial is not None:
        form = _locked().filter(serial=serial, batch__survey=survey_id).first()
        if form is None:
            raise NoSuchForm
        return form
    batches = PaperBatch.objects.select_related("survey", "version").filter(survey=survey_id)
    batch = batches.filter(pk=batch_id).first() if batch_id else batches.first()
    if batch is None:
        survey = Survey.objects.get(pk=survey_id)
        batch = make_batch(PaperBatch(survey=survey), count=0, by=by)
    is_twice = _CHANCE.random() * 100 < batch.twice_percent
    return PaperForm.objects.create(
        batch=batch, serial=_next_number(), is_extra=True, is_twice=is_twice
    )


def _locked() -> QuerySet[PaperForm]:
    rows = PaperForm.objects.select_for_update(of=["self"])
    return rows.select_related("batch__survey", "batch__version")


def _ensure_entry(form: PaperForm, entries: list[PaperEntry], by: User) -> None:
    if form.state in {PaperState.DONE, PaperState.DIFFERS}:
        raise FormIsEntered(entries[-1].by.name if entries and entries[-1].by else "")
    if entries and entries[0].by_id == by.pk:
        raise NeedsAnother


def _count(form: PaperForm, keyed: Keyed, *, language: str, by: User) -> PaperForm:
    """The form becomes a response."""
    source: dict[str, object] = {"mode": "paper", "form": form.serial}
    if keyed.unreadable:
        source["unreadable"] = keyed.unreadable
    form.response = submit_response(
        paper_collector(form.batch.survey).pk,
        answers=keyed.answers,
        language=language,
        version_number=form.batch.version.number,
        idempotency_key=f"paper:{form.serial}",
        source=source,
        entered_by=by,
        is_on_paper=True,
    ).response
    form.save(update_fields=["response"])
    form.entries.update(fields={})
    return _to(form, PaperState.DONE)


def _to(form: PaperForm, state: PaperState, at: datetime | None = None) -> PaperForm:
    form.state, form.changed_at = state, at or timezone.now()
    form.save(update_fields=["state", "changed_at"])
    return form


def _next_number() -> int:
    """Nobody else numbers forms until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_NUMBERS])
    last = PaperForm.objects.aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1
