"""Macros: several changes and perhaps an answer, through the services for each, as one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from config.kernel.archiving import bring_back, remove
from config.kernel.errors import DomainError
from feedback.enums import Priority, TaskKind, TimelineKind
from feedback.models import Category, Feedback, Macro, Message, ReplyTemplate, Status
from feedback.rules.changes import (
    ME,
    NOBODY,
    Change,
    ChangeNotUnderstood,
    before_and_after_answer,
    read_changes,
)
from feedback.rules.placeholders import fill, fill_quietly
from feedback.selectors.story import Line, last_entry_id, story_of
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.bulk import BulkOutcome, OneByOne, each
from feedback.services.details import add_tags, set_category, set_priority, set_tags
from feedback.services.records import lock, tell
from feedback.services.replies import add_note, send_reply
from feedback.services.reply_templates import ensure_readable, values_for_answer
from feedback.services.shared_settings import give_both_names, move_among
from feedback.services.tasks import plan_task
from feedback.services.workflow import change_status


class MacroEmpty(DomainError):
    code = "macro_empty"

    def __init__(self) -> None:
        super().__init__(_("Say what it does: one change at least, or an answer."))


class MacroNotUnderstood(DomainError):
    code = "macro_not_understood"

    def __init__(self, at: int, name: str) -> None:
        super().__init__(
            _("Change %(at)d (%(name)s) makes no sense.") % {"at": at, "name": name or "–"}
        )
        self.at = at


class MacroNeeds(DomainError):
    """Something that it refers to is not in use any more."""

    code = "macro_needs"

    def __init__(self, what: str, name: str) -> None:
        super().__init__(
            _("This macro needs %(what)s “%(name)s”, which is not in use.")
            % {"what": what, "name": name}
        )


class MayNotAnswer(DomainError):
    code = "may_not_answer"

    def __init__(self) -> None:
        super().__init__(_("This macro answers the customer, which you may not do."))


@dataclass(frozen=True, slots=True)
class Ran:
    """`did` is what `take_back_macro` needs: plain values."""

    feedback: Feedback
    did: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a macro would do: the lines that it would write into the story, the answer, and why it
    would be refused (empty = it would not)."""

    lines: Sequence[Line]
    answer: str
    refusal: str


@transaction.atomic
def save_macro(macro: Macro) -> Macro:
    """Raises NameMissing, MacroEmpty, MacroNotUnderstood, MacroNeeds, VariablesUnknown,
    PartNotClosed."""
    give_both_names(macro)
    try:
        changes = read_changes(macro.changes)
    except ChangeNotUnderstood as why:
        raise MacroNotUnderstood(why.at, why.name) from why
    if not changes and macro.template is None:
        raise MacroEmpty
    for change in changes:
        ensure_possible(change)
        if change.do == "note":
            ensure_readable(change.to)
    _ensure_in_use(macro.template)
    macro.changes = [change.as_stored() for change in changes]
    macro.save()
    return macro


def ensure_possible(change: Change) -> Any:
    """The row that a change refers to, None where it refers to none. Raises MacroNeeds."""
    to = change.to
    match change.do:
        case "status":
            return _one(Status.objects.active(), _("the status"), code=to)
        case "category":
            return _one(Category.objects.active(), _("the category"), code=to)
        case "team":
            return _one(Team.objects.active(), _("the team"), pk=to)
        case "assignee" if to not in (ME, NOBODY):
            return _one(User.objects.filter(is_active=True), _("the colleague"), pk=to)
        case "task" if to["kind"] not in TaskKind.values:
            raise MacroNeeds(_("the task"), to["kind"])
    return None


def _one(rows: Any, what: str, **by: Any) -> Any:
    found = rows.filter(**by).first()
    if found is None:
        raise MacroNeeds(what, str(next(iter(by.values()))))
    return found


def _ensure_in_use(template: ReplyTemplate | None) -> None:
    if template is not None and template.archived_at is not None:
        raise MacroNeeds(_("the template"), template.name)


@transaction.atomic
def remove_macro(macro: Macro) -> bool:
    """True when deleted, False when archived because it was used."""
    if not macro.used:
        return remove(macro)
    macro.archived_at = macro.archived_at or timezone.now()
    macro.save(update_fields=["archived_at"])
    return False


@transaction.atomic
def bring_back_macro(macro: Macro) -> None:
    bring_back(macro)


@transaction.atomic
def move_macro(macro: Macro, *, earlier: bool) -> None:
    siblings = Macro.objects.active().select_for_update().in_order()
    move_among(list(siblings), macro, earlier=earlier)


@transaction.atomic
def run_macro(macro: Macro, feedback_id: int, *, by: User, version: int | None = None) -> Ran:
    """Everything that it says, or nothing: raises what the services of its changes raise (a
    refused step, a person of another team, a value missing in the answer …), Stale, MacroNeeds
    and MayNotAnswer."""
    feedback = lock(feedback_id, version=version)
    if macro.template is not None and not by.has_perm("feedback.reply_feedback"):
        raise MayNotAnswer
    name = {"name_zh": macro.name_zh, "name_en": macro.name_en}
    first = tell(feedback, TimelineKind.MACRO, by=by, macro=macro.pk, **name)
    run = _Run(feedback, by)
    did = run.before() | {"name": name}
    changes = read_changes(macro.changes)
    before, after = before_and_after_answer(changes)
    if macro.template is not None:
        status = next((one for one in changes if one.do == "status"), None)
        run.all([one for one in before if one is not status])
        run.answer(macro.template, ensure_possible(status) if status else None)
        run.all([one for one in after if one is not status])
    else:
        run.all(changes)
    Macro.objects.filter(pk=macro.pk).update(used=F("used") + 1)
    did |= {"message": run.message, "notes": run.notes, "tasks": run.tasks}
    did["status"] = None if run.message else _status_entry(feedback, first.pk)
    return Ran(lock(feedback_id), did)


def _status_entry(feedback: Feedback, after: int) -> int | None:
    """The change of status that the macro made itself; one that came with the answer is taken
    back with the answer."""
    kinds = (TimelineKind.STATUS, TimelineKind.REOPENED)
    made = feedback.timeline.filter(pk__gt=after, kind__in=kinds).order_by("pk")
    return made.values_list("pk", flat=True).last()


class _Run:
    """One macro on one record, inside its transaction."""

    def __init__(self, feedback: Feedback, by: User) -> None:
        self.pk, self.by = feedback.pk, by
        self.feedback = feedback
        self.message: int | None = None
        self.notes: list[int] = []
        self.tasks: list[int] = []

    def before(self) -> dict[str, Any]:
        one = self.feedback
        return {
            "assign": [one.assignee_id, one.team_id],
            "category": one.category_id,
            "priority": one.priority,
            "tags": sorted(one.tags.values_list("name", flat=True)),
        }

    def all(self, changes: Sequence[Change]) -> None:
        for change in changes:
            row = ensure_possible(change)
            self._DO[change.do](self, change.to, row)

    def answer(self, template: ReplyTemplate, then: Status | None) -> None:
        _ensure_in_use(template)
        now = self._now()
        text = fill(template.body_in(now.language), values_for_answer(now, self.by)).text
        message = send_reply(self.pk, by=self.by, text=text, then=then, templates=[template])
        self.message = message.pk

    def _now(self) -> Feedback:
        return Feedback.objects.for_record_page().get(pk=self.pk)

    def _status(self, _to: Any, status: Status) -> None:
        change_status(self.pk, by=self.by, status=status)

    def _priority(self, to: str, _row: None) -> None:
        set_priority(self.pk, by=self.by, priority=Priority[to.upper()])

    def _category(self, _to: Any, category: Category) -> None:
        set_category(self.pk, by=self.by, category=category)

    def _add_tags(self, to: list[str], _row: None) -> None:
        add_tags(self.pk, by=self.by, names=to)

    def _remove_tags(self, to: list[str], _row: None) -> None:
        without = {name.strip().casefold() for name in to}
        has = self._now().tags.values_list("name", flat=True)
        kept = [name for name in has if name.casefold() not in without]
        set_tags(self.pk, by=self.by, names=kept)

    def _team(self, _to: Any, team: Team) -> None:
        person = self._now().assignee
        keeps = person is not None and may_work_in(person, team)
        assign_feedback(self.pk, by=self.by, assignee=person if keeps else None, team=team)

    def _assignee(self, to: Any, person: User | None) -> None:
        who = self.by if to == ME else person
        assign_feedback(self.pk, by=self.by, assignee=who, team=self._now().team)

    def _task(self, to: dict[str, Any], _row: None) -> None:
        task = plan_task(
            self.pk,
            by=self.by,
            kind=TaskKind(to["kind"]),
            due_at=timezone.now() + timedelta(hours=to["hours"]),
            assignee=self.by if to["whose"] == ME else self._now().assignee,
            reason=to["reason"],
        )
        self.tasks.append(task.pk)

    def _note(self, to: str, _row: None) -> None:
        text = fill_quietly(to, values_for_answer(self._now(), self.by))
        self.notes.append(add_note(self.pk, by=self.by, text=text).pk)

    _DO: dict[str, Callable[..., None]] = {
        "status": _status,
        "priority": _priority,
        "category": _category,
        "add_tags": _add_tags,
        "remove_tags": _remove_tags,
        "team": _team,
        "assignee": _assignee,
        "task": _task,
        "note": _note,
    }


def try_macro(macro: Macro, feedback_id: int, *, by: User) -> Attempt:
    """What `run_macro` would do now: it is run, read, and taken back before anybody sees it."""
    lines: list[Line] = []
    answer = refusal = ""
    try:
        with transaction.atomic():
            begins = last_entry_id(Feedback.objects.get(pk=feedback_id))
            ran = run_macro(macro, feedback_id, by=by)
            lines = story_of(ran.feedback, after=begins)[1:]
            if ran.did["message"] is not None:
                answer = Message.objects.values_list("text", flat=True).get(pk=ran.did["message"])
            transaction.set_rollback(True)
    except DomainError as why:
        refusal = str(why.message)
    return Attempt(lines, answer, refusal)


def run_macro_on_many(macro: Macro, feedback_ids: Sequence[int], *, by: User) -> BulkOutcome:
    """Each record for itself: one that refuses a part refuses it all and is named with the
    reason. Raises TooMany."""
    return each(feedback_ids, lambda: running_macro(macro, by=by), by=by)


def running_macro(macro: Macro, *, by: User) -> OneByOne:
    """The macro as a change to many records."""

    def run(one: Feedback) -> tuple[Feedback, Any]:
        ran = run_macro(macro, one.pk, by=by, version=one.version)
        return ran.feedback, ran.did

    return OneByOne("macro", by, run)
