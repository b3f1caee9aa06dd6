"""Sentences about what was to be done, promised, and done by rules."""

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.kernel.bilingual import is_chinese
from config.kernel.punctuation import clauses, listed, with_aside
from feedback.enums import (
    CommitmentKind,
    EscalationKind,
    NegativePointKind,
    TimelineKind,
    TraceState,
)
from feedback.models import TimelineEntry
from feedback.selectors.sentences.names import Names
from feedback.selectors.sentences.registry import words_for
from feedback.selectors.sentences.words import (
    day_words,
    moment_words,
    move_words,
    promise_words,
    task_words,
)


@words_for(TimelineKind.TASK)
def _task(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    if data.get("done"):
        return _("did the task")
    if "ticked" in data:
        return _("did a step of the task") if data["ticked"] else _("took a step of the task back")
    if step := data.get("step"):
        added = step == "added"
        return _("added a step to the task") if added else _("removed a step of the task")
    if until := data.get("until"):
        moment = parse_datetime(until)
        words = date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else until
        return _("put the task off until %(moment)s") % {"moment": words}
    if "assignee" in data:
        person = names.people.get(data["assignee"]) or _("nobody")
        return _("gave the task to %(name)s") % {"name": person}
    return _("Task: %(task)s") % {
        "task": task_words(data.get("task_kind"), data.get("reason", ""))
    }


@words_for(TimelineKind.SLA)
def _sla(entry: TimelineEntry, _names: Names) -> str:
    data = entry.data
    match data.get("what"):
        case "moved":
            moves = clauses(move_words(move) for move in data.get("moves", []))
            return _("Service levels were changed. %(moves)s") % {"moves": moves}
        case "breached":
            return _("Missed: %(promise)s was due %(moment)s") % {
                "promise": promise_words(data.get("metric", "")),
                "moment": moment_words(data.get("due", "")),
            }
        case "warned":
            return _("Nearly over: %(promise)s is due %(moment)s") % {
                "promise": promise_words(data.get("metric", "")),
                "moment": moment_words(data.get("due", "")),
            }
        case "escalated":
            action = data.get("action")
            known = action in EscalationKind.values
            return _("Escalated (%(promise)s): %(action)s") % {
                "promise": promise_words(data.get("metric", "")),
                "action": EscalationKind(action).label if known else "",
            }
    return str(TimelineKind.SLA.label)


@words_for(TimelineKind.COMMITMENT)
def _commitment(entry: TimelineEntry, _names: Names) -> str:
    data = entry.data
    kind = data.get("of")
    what = str(CommitmentKind(kind).label) if kind in CommitmentKind.values else ""
    if data.get("due_on"):
        what = with_aside(what, _("for %(day)s") % {"day": day_words(data["due_on"])})
    sentences = {
        "made": _("committed us to: %(what)s"),
        "changed": _("changed a commitment: %(what)s"),
        "approved": _("approved: %(what)s"),
        "kept": _("kept: %(what)s"),
        "withdrawn": _("withdrew: %(what)s"),
        "accepted": _("noted that the customer accepted: %(what)s"),
        "declined": _("noted that the customer declined: %(what)s"),
        "overdue": _("Overdue: %(what)s"),
    }
    words = sentences.get(data.get("what", ""), "%(what)s")
    return words % {"what": what}


@words_for(TimelineKind.NEGATIVE)
def _negative(entry: TimelineEntry, _names: Names) -> str:
    data = entry.data
    kind = data.get("point")
    point = str(NegativePointKind(kind).label) if kind in NegativePointKind.values else ""
    sentences = {
        "started": _("treated as negative feedback"),
        "done": _("did for the negative feedback: %(point)s"),
        "undone": _("took back for the negative feedback: %(point)s"),
        "excused": _("said why it may be resolved although something is missing"),
    }
    return sentences.get(data.get("what", ""), str(TimelineKind.NEGATIVE.label)) % {"point": point}


@words_for(TimelineKind.TRACE)
def _trace(entry: TimelineEntry, _names: Names) -> str:
    state = entry.data.get("state")
    words = str(TraceState(state).label) if state in TraceState.values else ""
    return _("Quality trace: %(state)s") % {"state": words}


@words_for(TimelineKind.AUTOMATED)
def _automated(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    match data.get("what"):
        case "replied":
            return _("wrote to the customer automatically")
        case "told":
            people = listed(names.people.get(pk, "") for pk in data.get("people", ()))
            return _("told %(people)s") % {"people": people}
        case "called":
            return _("called the webhook %(name)s") % {"name": data.get("webhook", "")}
        case "resumed":
            return _("let rules act on this record again")
    return str(TimelineKind.AUTOMATED.label)


@words_for(TimelineKind.MACRO)
def _macro(entry: TimelineEntry, _names: Names) -> str:
    first, second = entry.data.get("name_zh", ""), entry.data.get("name_en", "")
    name = (first or second) if is_chinese(get_language()) else (second or first)
    if entry.data.get("undone"):
        return _("took the macro “%(name)s” back") % {"name": name}
    return _("ran the macro “%(name)s”") % {"name": name}
