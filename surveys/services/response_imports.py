"""Tables of answers: uploaded, looked at, imported, taken back. Each step goes through the rows
in bundles, one transaction each, so that any worker may go on where another one stopped."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.webhook_events import note_event
from config.kernel.jobs import enqueue
from surveys.enums import ImportState, Verdict
from surveys.errors import ColumnsInvalid, NothingPublished, NotNow
from surveys.importing.responses.heads import guessed
from surveys.importing.responses.tables import read_table
from surveys.importing.source import FileRefused
from surveys.models import Collector, QualityCheck, Response, ResponseImport, Survey
from surveys.selectors.webhook_events import RESPONSE_IMPORT
from surveys.services.importing_responses import (
    KeyedRow,
    Sheet,
    Tally,
    open_sheet,
    take_rows,
    targets_for,
)

A_TURN = 20.0  # seconds that a worker stays with one before others get theirs
A_MOMENT = 2.0  # seconds that somebody waits for a page
AT_A_TIME = 200
MOST_PROBLEMS = 2000
KEPT = timedelta(days=7)
MOST_PICK_UPS = 3  # at the same row: whoever goes on with it dies there, too
TASK = "surveys.tasks.work_on_response_import"
OPTIONS = {"language": "zh-hans", "month_first": False, "is_lenient": True, "is_counted": True}

logger = logging.getLogger(__name__)


def upload_table(survey: Survey, *, by: User, name: str, raw: bytes) -> ResponseImport:
    """Keep a table and guess what its columns are. Raises FileRefused, NothingPublished."""
    targets = targets_for(survey)
    table = read_table(name, raw)
    total = sum(1 for _row in table.rows)
    if not total:
        raise FileRefused(_("Below its head this file has no rows."))
    return _keep(survey, by, name, raw, {
        "head": table.head, "columns": guessed(table.head, targets), "total": total,
    })  # fmt: skip


@transaction.atomic
def _keep(
    survey: Survey, by: User, name: str, raw: bytes, read: Mapping[str, Any]
) -> ResponseImport:
    options = OPTIONS | {"language": survey.default_language}
    one = ResponseImport(survey=survey, by=by, name=name[-120:], options=options, **read)
    one.file.save("", ContentFile(raw), save=False)
    one.save()
    return one


@transaction.atomic
def choose_columns(
    import_id: int, *, columns: Sequence[str], options: Mapping[str, Any]
) -> ResponseImport:
    """What its columns are ("" = left out) and how it is read. Raises ColumnsInvalid, NotNow."""
    one = _locked(import_id, ImportState.UPLOADED, ImportState.CHECKED)
    _ensure_columns(one, columns)
    one.columns, one.options = list(columns), one.options | dict(options)
    one.state = ImportState.UPLOADED
    one.save(update_fields=["columns", "options", "state"])
    return one


def _ensure_columns(one: ResponseImport, columns: Sequence[str]) -> None:
    targets = {target.name: target for target in targets_for(one.survey)}
    if len(columns) != len(one.head) or set(columns) - set(targets) - {""}:
        raise ColumnsInvalid(_("These columns are not those of the file."))
    chosen = [name for name in columns if name]
    twice = next((name for name in chosen if chosen.count(name) > 1), "")
    if twice:
        heads = [head for head, name in zip(one.head, columns, strict=True) if name == twice]
        raise ColumnsInvalid(
            _("Two columns are meant for the same: %(heads)s.") % {"heads": ", ".join(heads)}
        )
    if not any(targets[name].element and targets[name].is_read for name in chosen):
        raise ColumnsInvalid(_("Say of at least one column which question it answers."))


@transaction.atomic
def begin(import_id: int, state: ImportState, *, by: User | None = None) -> None:
    """Begin to look at it (CHECKING), to import it (IMPORTING) or to take it back (UNDOING).
    Raises NotNow."""
    before = {
        ImportState.CHECKING: (ImportState.UPLOADED, ImportState.CHECKED),
        ImportState.IMPORTING: (ImportState.UPLOADED, ImportState.CHECKED),
        ImportState.UNDOING: (ImportState.DONE, ImportState.FAILED),
    }[state]
    one = _locked(import_id, *before)
    one.state, one.beat_at, one.reached = state, timezone.now(), 0
    if state == ImportState.UNDOING:
        one.undone_by, one.total = by, one.responses.count()
    else:
        one.good = one.known = one.refused = one.warned = 0
        one.problems = []
        one.options |= {"speaks": get_language() or "en"}
    one.problem = ""
    one.options.pop("picked_up", None)
    one.save()
    enqueue(TASK, import_id=one.pk)


def work_a_moment(import_id: int) -> None:
    """While somebody waits for the page: small tables are through before it is drawn."""
    work_on(import_id, turn=A_MOMENT)


@transaction.atomic
def count_responses(import_id: int, *, is_counted: bool) -> None:
    """Whether what came in with it stands in the results; what staff decided of single responses,
    and what waits for their decision, stays as it is."""
    one = _locked(import_id, ImportState.DONE)
    one.options |= {"is_counted": is_counted}
    one.save(update_fields=["options"])
    decided = QualityCheck.objects.filter(~Q(verdict=Verdict.OPEN) | Q(is_held=True))
    one.responses.exclude(pk__in=decided.values("response")).update(is_counted=is_counted)


@transaction.atomic
def discard(import_id: int) -> None:
    """Throw away what made no responses. Raises NotNow."""
    one = _locked(
        import_id,
        ImportState.UPLOADED,
        ImportState.CHECKED,
        ImportState.FAILED,
        ImportState.UNDONE,
    )
    if one.responses.exists():
        raise NotNow
    _drop_file(one)
    one.delete()


def _locked(import_id: int, *states: ImportState) -> ResponseImport:
    one = ResponseImport.objects.select_for_update().select_related(None).get(pk=import_id)
    if one.state not in states:
        raise NotNow
    return one


def work_on(import_id: int, *, turn: float = A_TURN) -> bool:
    """Work for `turn` seconds; True when something is left for another turn. Safe to be called
    by several workers at once."""
    one = ResponseImport.objects.select_related("survey__team", "by").filter(pk=import_id).first()
    if one is None or not one.is_under_way:
        return False
    until = time.monotonic() + turn
    with override(one.options.get("speaks") or "en"):
        try:
            if one.state == ImportState.UNDOING:
                return _take_back(one, until)
            sheet = open_sheet(one, will_store=one.state == ImportState.IMPORTING)
            return _go_through(sheet, until)
        except (FileRefused, NothingPublished) as refusal:
            _fail(one, str(refusal.message))
        except (OSError, ValueError):
            _fail(one, _("The file is not there any more. Upload it again."))
        except OperationalError:  # of the moment: another worker takes it up
            raise
        except Exception:
            logger.exception("import %s of responses stopped", one.pk)
            _fail(one, _("Something went wrong on our side."))
    return False


def _go_through(sheet: Sheet, until: float) -> bool:
    rows = sheet.rows()
    for _done in islice(rows, sheet.one.reached):
        pass
    while True:
        if not _some(sheet, rows):
            return False
        if time.monotonic() > until:
            return True


@transaction.atomic
def _some(sheet: Sheet, rows: Iterator[KeyedRow]) -> bool:
    """The next rows; False when there are none, or somebody else works on it."""
    mine = ResponseImport.objects.select_for_update(no_key=True).get(pk=sheet.one.pk)
    if mine.state != sheet.one.state or mine.reached != sheet.one.reached:
        return False
    if not mine.file:  # taken away: somebody who may stand in it is being forgotten
        return False
    bundle = list(islice(rows, AT_A_TIME))
    store = mine.state == ImportState.IMPORTING
    if not bundle:
        _finish(mine, ImportState.DONE if store else ImportState.CHECKED)
        return False
    if store and sheet.collector is not None:
        # One import of a survey at a time: two of the same table must not both be new.
        Collector.objects.select_for_update(no_key=True).get(pk=sheet.collector.pk)
    _add(mine, take_rows(sheet, bundle, store=store), len(bundle))
    sheet.one.reached = mine.reached
    return True


def _add(one: ResponseImport, tally: Tally, rows: int) -> None:
    one.reached += rows
    one.beat_at = timezone.now()
    for name in ("good", "known", "refused", "warned"):
        setattr(one, name, getattr(one, name) + getattr(tally, name))
    room = MOST_PROBLEMS - len(one.problems)
    fields = ["reached", "beat_at", "good", "known", "refused", "warned"]
    if tally.problems and room > 0:
        one.problems += tally.problems[:room]
        fields.append("problems")
    one.save(update_fields=fields)


def _finish(one: ResponseImport, state: ImportState) -> None:
    one.state = state
    if state != ImportState.CHECKED:
        one.finished_at = timezone.now()
        note_event(RESPONSE_IMPORT, one.pk)
    one.save(update_fields=["state", "finished_at"])


@transaction.atomic
def _fail(one: ResponseImport, why: str) -> None:
    mine = ResponseImport.objects.select_for_update().filter(pk=one.pk, state=one.state).first()
    if mine is not None:
        mine.state, mine.problem, mine.finished_at = ImportState.FAILED, why, timezone.now()
        mine.save(update_fields=["state", "problem", "finished_at"])


def _take_back(one: ResponseImport, until: float) -> bool:
    while _take_some_back(one):
        if time.monotonic() > until:
            return True
    return False


@transaction.atomic
def _take_some_back(one: ResponseImport) -> bool:
    mine = ResponseImport.objects.select_for_update(no_key=True).get(pk=one.pk)
    if mine.state != ImportState.UNDOING:
        return False
    ids = list(Response.objects.filter(imported=mine).values_list("pk", flat=True)[:AT_A_TIME])
    if not ids:
        mine.state, mine.undone_at = ImportState.UNDONE, timezone.now()
        mine.save(update_fields=["state", "undone_at"])
        return False
    Response.objects.filter(pk__in=ids).delete()
    ResponseImport.objects.filter(pk=mine.pk).update(
        reached=F("reached") + len(ids), beat_at=timezone.now()
    )
    return True


def take_up_abandoned() -> int:
    """Those whose worker died go on, unless that happened too often at the same row; how many
    that were."""
    now = timezone.now()
    left = list(ResponseImport.objects.abandoned(now).values_list("pk", flat=True))
    for pk in left:
        _take_up(pk, now)
    return len(left)


@transaction.atomic
def _take_up(import_id: int, now: datetime) -> None:
    abandoned = ResponseImport.objects.abandoned(now)
    one = abandoned.select_for_update(no_key=True).filter(pk=import_id).first()
    if one is None:
        return
    reached, times = one.options.get("picked_up", (one.reached, 0))
    if reached != one.reached:
        times = 0
    if times >= MOST_PICK_UPS:
        with override(one.options.get("speaks") or "en"):
            _fail(one, _("It stopped again and again at the same row. Split the file."))
        return
    one.options |= {"picked_up": [one.reached, times + 1]}
    one.beat_at = now
    one.save(update_fields=["options", "beat_at"])
    enqueue(TASK, import_id=one.pk)


def remove_old_tables(now: datetime) -> int:
    """The files and what was said of their rows, some days after they were of use; and uploads
    that nobody went on with. How many that were."""
    old = ResponseImport.objects.exclude(file="").filter(created_at__lt=now - KEPT)
    count = 0
    for one in old.exclude(state__in=ImportState.under_way()):
        _drop_file(one)
        if one.state in {ImportState.UPLOADED, ImportState.CHECKED}:
            one.delete()
        else:
            ResponseImport.objects.filter(pk=one.pk).update(file="", problems=[])
        count += 1
    return count


def forget_tables() -> None:
    """Somebody is to be forgotten who may stand in one: none is kept. Their responses stay, and
    are forgotten as all others are."""
    for one in ResponseImport.objects.exclude(file=""):
        _drop_file(one)
    ResponseImport.objects.update(file="", problems=[])


def _drop_file(one: ResponseImport) -> None:
    if one.file:
        transaction.on_commit(partial(_remove, one.file.storage, str(one.file.name)))


def _remove(storage: Storage, name: str) -> None:
    with suppress(OSError):
        storage.delete(name)
