"""Rows of a table as responses: read as the page would read them, looked up, stored in bundles.

What was answered elsewhere pays no reward, takes no place of a quota, is told to nobody and is
marked (`Response.imported`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import ContactPoint, Customer
from accounts.rules.contact import normalise_contact
from feedback.models import Feedback
from surveys.enums import ResponseStatus, VersionState
from surveys.errors import NothingPublished
from surveys.flow.definition import parse, text_in
from surveys.flow.order import seed_of
from surveys.flow.walk import Walk
from surveys.importing.responses.rows import (
    Problem,
    Reading,
    ReadRow,
    Version,
    read_row,
    version_said,
    walk_of,
)
from surveys.importing.responses.tables import UploadedTable, read_table
from surveys.importing.responses.targets import Target, targets_of
from surveys.models import (
    Answer,
    Choice,
    Collector,
    Question,
    Response,
    ResponseImport,
    Survey,
    SurveyVersion,
)
from surveys.questions.base import Value
from surveys.selectors.asked import Dictionary
from surveys.selectors.circumstances import circumstances_of
from surveys.services.answering import LONGEST_SITTING, about_whom, answers_of
from surveys.services.defaults import import_collector

SEES_CUSTOMERS = "accounts.view_customer"
_EARLIEST = 1990  # nobody has older answers in a file; a year 202 is a mistake


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """A row that is recognised when it comes again: by its own number, or by all it says."""

    number: int
    cells: list[str]
    key: str
    repeats: int = 0  # the row of the same number further up; 0 = none


@dataclass
class Sheet:
    """A table with everything that its rows need."""

    one: ResponseImport
    table: UploadedTable
    reading: Reading
    versions: dict[int, tuple[SurveyVersion, Version]]
    current: int  # number of the version that reads rows without one
    questions: dict[str, int]
    choices: dict[tuple[int, str], int]
    collectors: dict[str, Collector]
    collector: Collector | None  # where rows count that name no way; None while only looking

    def rows(self) -> Iterator[KeyedRow]:
        """From the first one on, as recognising repeats needs."""
        at = next(
            (n for n, one in enumerate(self.reading.columns) if one and one.name == "_response"),
            None,
        )
        seen: dict[bytes, int] = {}  # digests: the texts themselves would be the whole table
        for number, cells in self.table.rows:
            own = cells[at] if at is not None and at < len(cells) else ""
            said = sha256((f"id\0{own}" if own else "row\0" + "\0".join(cells)).encode())
            known = said.digest()
            before = seen.get(known, 0)
            if own:
                seen.setdefault(known, number)
            else:  # the same answers twice are two people
                seen[known] = before + 1
                said.update(f"\0{before}".encode())
            key = f"import:{self.one.survey_id}:{said.hexdigest()[:32]}"
            yield KeyedRow(number, cells, key, before if own else 0)


@dataclass(slots=True)
class Tally:
    """What came of some rows."""

    good: int = 0
    known: int = 0
    refused: int = 0
    warned: int = 0
    problems: list[list[Any]] = field(default_factory=list)


def targets_for(survey: Survey) -> list[Target]:
    """What columns of a table can be. Raises NothingPublished."""
    return targets_of([parse(one.definition) for one in _published(survey)])


def _published(survey: Survey) -> list[SurveyVersion]:
    """The newest first."""
    found = survey.versions.exclude(state=VersionState.DRAFT).order_by("-number")
    versions = list(found)
    if not versions:
        raise NothingPublished
    return versions


def open_sheet(one: ResponseImport, *, will_store: bool = False) -> Sheet:
    """Raises FileRefused, NothingPublished."""
    with one.file.open("rb") as file:
        table = read_table(one.name, file.read())
    versions = {row.number: (row, Version(row.number, parse(row.definition)))
                for row in _published(one.survey)}  # fmt: skip
    known = {
        target.name: target
        for target in targets_of([one.definition for _row, one in versions.values()])
    }
    options = one.options
    reading = Reading(
        head=one.head,
        columns=[known.get(name) for name in one.columns],
        zone=timezone.get_current_timezone(),
        month_first=bool(options.get("month_first")),
        is_lenient=bool(options.get("is_lenient", True)),
        language=get_language() or "en",
    )
    questions = dict(Question.objects.filter(survey=one.survey).values_list("code", "pk"))
    choices = Choice.objects.filter(question__survey=one.survey)
    return Sheet(
        one,
        table,
        reading,
        versions,
        max(versions),
        questions,
        {(q, code): pk for q, code, pk in choices.values_list("question_id", "code", "pk")},
        {each.name.casefold(): each for each in one.survey.collectors.all()},
        import_collector(one.survey) if will_store else None,
    )


@dataclass(slots=True)
class _Found:
    """Who and what the rows of a bundle name."""

    customers: dict[str, Customer]
    numbers: dict[int, Customer]
    records: dict[int, Feedback]
    keys: set[str | None]
    responses: set[UUID]


def take_rows(sheet: Sheet, rows: Sequence[KeyedRow], *, store: bool) -> Tally:
    """Read some rows, and store them where `store` says so."""
    tally = Tally()
    read = [(row, *_read(sheet, row)) for row in rows]
    found = _look_up(sheet, read)
    made: list[tuple[Response, Walk]] = []
    for row, version, one in read:
        if _is_known(sheet, row, one, found):
            tally.known += 1
            continue
        response, walk = _response(sheet, row, version, one, found)
        for problem in one.problems:
            tally.problems.append([row.number, *astuple(problem)])
        if one.is_refused:
            tally.refused += 1
            continue
        tally.warned += bool(one.problems)
        tally.good += 1
        found.keys.add(row.key)
        made.append((response, walk))
    if store:
        _store(sheet, made)
    return tally


def _read(sheet: Sheet, row: KeyedRow) -> tuple[SurveyVersion, ReadRow]:
    said = version_said(sheet.reading, row.cells)
    number = said if said in sheet.versions else sheet.current
    stored, version = sheet.versions[number or sheet.current]
    return stored, read_row(sheet.reading, version, row.cells)


def _look_up(sheet: Sheet, read: Sequence[tuple[KeyedRow, SurveyVersion, ReadRow]]) -> _Found:
    facts = [one.facts for _row, _version, one in read]
    mails = {normalise_contact("email", one["_email"]) for one in facts if "_email" in one}
    numbers = {one["_customer_number"] for one in facts if "_customer_number" in one}
    records = {one["_feedback"] for one in facts if "_feedback" in one}
    by = sheet.one.by
    may = by is not None and by.has_perm(SEES_CUSTOMERS)
    customers = Customer.objects.select_related("organisation")
    points = ContactPoint.objects.filter(kind="email", value__in=mails if may else ())
    ids = {own for one in facts if (own := _uuid(one.get("_response")))}
    responses = Response.objects.filter(survey=sheet.one.survey)
    return _Found(
        {point.value: point.customer for point in points.select_related("customer__organisation")},
        customers.in_bulk(numbers) if may and numbers else {},
        {
            one.number: one
            for one in Feedback.objects.visible_to(by)
            .filter(number__in=records)
            .select_related("customer__organisation", "team", "resolved_team", "resolved_by")
        }
        if by is not None and records
        else {},
        set(
            responses.filter(
                idempotency_key__in=[row.key for row, _version, _one in read]
            ).values_list("idempotency_key", flat=True)
        ),
        set(responses.filter(key__in=ids).values_list("key", flat=True)) if ids else set(),
    )


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _is_known(sheet: Sheet, row: KeyedRow, one: ReadRow, found: _Found) -> bool:
    """It is here already, or stands further up in the same table."""
    own = _uuid(one.facts.get("_response"))
    return bool(row.repeats) or row.key in found.keys or own in found.responses


def _response(
    sheet: Sheet, row: KeyedRow, stored: SurveyVersion, one: ReadRow, found: _Found
) -> tuple[Response, Walk]:
    survey, facts = sheet.one.survey, one.facts
    feedback = found.records.get(facts.get("_feedback", 0))
    whose: dict[str, Any] = {"team": survey.team}
    if sheet.collector is not None and feedback is not None:
        whose = about_whom(sheet.collector, None, feedback)
    customer = _customer(sheet, one, found) or whose.get("customer")
    _note_unknown(sheet, one, feedback)
    started, completed = _times(sheet, one)
    language = facts.get("_language") or sheet.one.options.get("language") or "zh-hans"
    circumstances = replace(
        circumstances_of(customer, language), today=timezone.localdate(completed).isoformat()
    )
    _row, version = sheet.versions[stored.number]
    walk = walk_of(sheet.reading, version, one, circumstances)
    if not walk.values and not one.is_refused:
        nothing = _("There is no answer in this row.")
        one.problems.append(Problem("", "", nothing, is_warning=False))
    is_complete = walk.end is None or walk.end.outcome != "screened_out"
    source: dict[str, Any] = {"channel": "import"}
    if facts.get("_response"):
        source["number"] = facts["_response"]
    if walk.end is not None:
        source["end"] = walk.end.code
    own = {key: value for key, value in whose.items() if key != "customer"}
    return Response(
        survey=survey,
        version=stored,
        collector=_collector(sheet, facts),
        customer=customer,
        **own,
        status=ResponseStatus.COMPLETE if is_complete else ResponseStatus.SCREENED_OUT,
        started_at=started,
        last_seen_at=completed,
        completed_at=completed if is_complete else None,
        active_ms=facts.get("_seconds", int((completed - started).total_seconds())) * 1000,
        language=language,
        seed=seed_of(row.key),
        shown=walk.shown,
        source=source,
        idempotency_key=row.key,
        weight=facts.get("_weight", 1.0),
        is_counted=sheet.one.counts,
        imported=sheet.one,
    ), walk


def _customer(sheet: Sheet, one: ReadRow, found: _Found) -> Customer | None:
    facts = one.facts
    by_number = found.numbers.get(facts.get("_customer_number", 0))
    by_mail = found.customers.get(normalise_contact("email", facts.get("_email", "")))
    for name, customer in (("_customer_number", by_number), ("_email", by_mail)):
        if name in facts and customer is None:
            wrong = _("No customer has this; it comes in without a customer.")
            _warn(sheet, one, name, wrong)
    return by_number or by_mail


def _note_unknown(sheet: Sheet, one: ReadRow, feedback: Feedback | None) -> None:
    facts = one.facts
    if "_feedback" in facts and feedback is None:
        wrong = _("There is no such record that you may see; it comes in without it.")
        _warn(sheet, one, "_feedback", wrong)
    if facts.get("_collector") and facts["_collector"].casefold() not in sheet.collectors:
        wrong = _("The survey has no such way; it is counted as imported.")
        _warn(sheet, one, "_collector", wrong)
    version = facts.get("_version")
    if version and not (version.isdecimal() and int(version[:9]) in sheet.versions):
        wrong = _("There is no such version; the present one is taken.")
        _warn(sheet, one, "_version", wrong)


def _warn(sheet: Sheet, one: ReadRow, name: str, wrong: str, *, refuse: bool = False) -> None:
    at = next(
        n for n, target in enumerate(sheet.reading.columns) if target and target.name == name
    )
    value = str(one.facts.get(name, ""))[:200]
    one.problems.append(Problem(sheet.reading.head[at], value, wrong, is_warning=not refuse))


def _times(sheet: Sheet, one: ReadRow) -> tuple[datetime, datetime]:
    """When it was begun and completed; now, where nothing says so."""
    now = timezone.now()
    facts = one.facts
    for name in ("_started", "_completed"):
        said = facts.get(name)
        if said is not None and (said > now or said.year < _EARLIEST):
            _warn(sheet, one, name, _("Nobody can have answered then."), refuse=True)
            return now, now
    completed = facts.get("_completed") or facts.get("_started") or now
    sitting = timedelta(seconds=min(facts.get("_seconds", 0), 10**7))
    started = facts.get("_started") or completed - sitting
    if started > completed:
        _warn(sheet, one, "_started", _("It was begun after it was completed."), refuse=True)
    facts["_seconds"] = min(
        facts.get("_seconds", max(0, int((completed - started).total_seconds()))),
        int(LONGEST_SITTING.total_seconds()),
    )
    return started, completed


def _collector(sheet: Sheet, facts: dict[str, Any]) -> Collector | None:
    return sheet.collectors.get(str(facts.get("_collector", "")).casefold()) or sheet.collector


def _store(sheet: Sheet, made: Sequence[tuple[Response, Walk]]) -> None:
    for response, _walk in made:
        response.key = uuid4()
    Response.objects.bulk_create([response for response, _walk in made])
    dictionary = Dictionary(sheet.questions, sheet.choices)
    Answer.objects.bulk_create(
        (answer for response, walk in made for answer in answers_of(response, walk, dictionary)),
        batch_size=5000,
    )


def preview(sheet: Sheet, rows: Sequence[KeyedRow]) -> list[dict[str, Any]]:
    """The first rows as they are understood: number, [(question, words)], problems."""
    shown = []
    read = [(row, *_read(sheet, row)) for row in rows]
    found = _look_up(sheet, read)
    for row, stored, one in read:
        response, walk = _response(sheet, row, stored, one, found)
        _row, version = sheet.versions[stored.number]
        said = [
            (text_in(element.text, sheet.reading.language) or code, _said(version, values, sheet))
            for code, values in walk.values.items()
            for element in [next(e for e in version.definition.elements() if e.code == code)]
        ]
        shown.append({"number": row.number, "response": response, "said": said, "read": one})
    return shown


def _said(version: Version, values: Sequence[Value], sheet: Sheet) -> list[str]:
    """The words of one question's answers, one for each row, part or choice."""
    found = []
    for value in values:
        _element, leaf = version.leaves[value.leaf]
        option = next((one for one in leaf.choices if one.code == value.choice), None)
        words = text_in(option.text, sheet.reading.language) if option else ""
        number = "" if value.number is None else f"{value.number:g}"
        pieces = [
            text_in(leaf.text, sheet.reading.language) if leaf.part_of else "",
            words,
            number,
            value.text or "",
            value.date or "",
        ]
        found.append(" · ".join(piece for piece in pieces if piece))
    return found
