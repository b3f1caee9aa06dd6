"""The timeline of a record as sentences, in the reader's language.

The database keeps codes and ids; names and words are looked up here, in a fixed number of
queries however long the story is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.enums import FieldSubject, OutgoingState
from accounts.models import Team, User
from accounts.rules.custom_values import Definition, say_value
from accounts.selectors.custom_fields import field_book
from config.kernel.bilingual import is_chinese
from config.kernel.punctuation import clauses, labelled, listed, with_aside
from feedback.enums import (
    Channel,
    CommitmentKind,
    EscalationKind,
    HeldBecause,
    LinkSide,
    Metric,
    NegativePointKind,
    Priority,
    TaskKind,
    TimelineKind,
    TraceState,
    WhyGiven,
    WokenBy,
)
from feedback.models import AutomationRule, Category, Feedback, RoutingRule, Status, TimelineEntry

ICONS = {
    TimelineKind.RECEIVED: "inbox",
    TimelineKind.MESSAGE_IN: "message-square",
    TimelineKind.REPLIED: "reply",
    TimelineKind.NOTED: "sticky-note",
    TimelineKind.ACKNOWLEDGED: "mail-check",
    TimelineKind.STATUS: "circle-dot",
    TimelineKind.ASSIGNED: "user-round-check",
    TimelineKind.PRIORITY: "flag",
    TimelineKind.CATEGORY: "folder-tree",
    TimelineKind.TAGS: "tag",
    TimelineKind.SUBJECT: "pencil",
    TimelineKind.ABOUT: "pencil",
    TimelineKind.REOPENED: "rotate-ccw",
    TimelineKind.RATED: "star",
    TimelineKind.SURVEY: "clipboard-list",
    TimelineKind.DELIVERY: "mail-warning",
    TimelineKind.TASK: "phone-call",
    TimelineKind.MERGED: "merge",
    TimelineKind.SPLIT: "split",
    TimelineKind.LINKED: "link",
    TimelineKind.SLA: "timer",
    TimelineKind.SCHEDULED: "calendar-clock",
    TimelineKind.COMMITMENT: "handshake",
    TimelineKind.NEGATIVE: "frown",
    TimelineKind.TRACE: "microscope",
    TimelineKind.SNOOZED: "alarm-clock",
    TimelineKind.FOLLOWED: "corner-down-right",
    TimelineKind.HOLD: "scale",
    TimelineKind.CLEARED: "eraser",
    TimelineKind.ROUTED: "signpost",
    TimelineKind.AUTOMATED: "zap",
    TimelineKind.FIELDS: "pencil",
    TimelineKind.MACRO: "wand-sparkles",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: who (empty = nobody in particular), what in words, and what was
    said with it."""

    entry_id: int
    at: datetime
    icon: str
    who: str
    sentence: str
    note: str


def story_of(
    feedback: Feedback, *, after: int = 0, statuses: Iterable[Status] | None = None
) -> list[Line]:
    """What happened, oldest first; only what came `after` a timeline entry, when one is given.
    `statuses`: all of them, from a caller who has them already."""
    entries = list(feedback.timeline.filter(pk__gt=after).order_by("at", "pk"))
    return lines_of(feedback, entries, statuses=statuses)


def lines_of(
    feedback: Feedback,
    entries: Sequence[TimelineEntry],
    *,
    statuses: Iterable[Status] | None = None,
) -> list[Line]:
    """These entries of a record in words, each where it stands."""
    names = _Names(entries, statuses)
    return [_line(entry, feedback, names) for entry in entries]


def last_entry_id(feedback: Feedback) -> int:
    """How far the story goes: what a page has shown when it carries this number."""
    newest = feedback.timeline.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


class _Names:
    """Names of everything that the entries mention."""

    def __init__(
        self, entries: Iterable[TimelineEntry], statuses: Iterable[Status] | None = None
    ) -> None:
        people: set[Any] = set()
        teams: set[Any] = set()
        categories: set[Any] = set()
        codes: set[Any] = set()
        rules: set[Any] = set()
        automations: set[Any] = set()
        for entry in entries:
            automations.add(entry.data.get("rule"))
            before, after = entry.data.get("before"), entry.data.get("after")
            if entry.kind == TimelineKind.ASSIGNED:
                people |= {before["assignee"], after["assignee"]}
                teams |= {before["team"], after["team"]}
            elif entry.kind == TimelineKind.CATEGORY:
                categories |= {before, after}
            elif entry.kind in {TimelineKind.STATUS, TimelineKind.REOPENED}:
                codes |= {before, after}
            elif entry.kind == TimelineKind.TASK:
                people.add(entry.data.get("assignee"))
            elif entry.kind == TimelineKind.ROUTED:
                rules |= set(entry.data["rules"])
                teams.add(entry.data["team"])
            elif entry.kind == TimelineKind.AUTOMATED:
                people |= set(entry.data.get("people", ()))
        wanted = {
            "people": people,
            "teams": teams,
            "categories": categories,
            "rules": rules,
            "automations": automations,
        }
        found = _names_of({kind: keys - {None} for kind, keys in wanted.items()})
        self.people, self.teams, self.categories, self.rules, self.automations = (
            found[kind] for kind in wanted
        )
        if statuses is None:
            statuses = Status.objects.filter(code__in=codes - {None})
        self.statuses = {one.code: str(one) for one in statuses}


# The columns of a name, Chinese and English; a person has one, or else an address.
_NAMED: dict[str, tuple[Any, tuple[Any, Any]]] = {
    "people": (User, (F("name"), F("email"))),
    "teams": (Team, (F("name_zh"), F("name_en"))),
    "categories": (Category, (F("name_zh"), F("name_en"))),
    "rules": (RoutingRule, (F("name_zh"), F("name_en"))),
    "automations": (AutomationRule, (F("name_zh"), F("name_en"))),
}


def _names_of(wanted: dict[str, set[Any]]) -> dict[str, dict[Any, str]]:
    """kind → key → name, of all kinds in one query."""
    parts = [
        model.objects.filter(pk__in=wanted[kind]).order_by().values_list(Value(kind), "pk", *names)
        for kind, (model, names) in _NAMED.items()
        if wanted[kind]
    ]
    found: dict[str, dict[Any, str]] = {kind: {} for kind in wanted}
    for kind, key, first, second in parts[0].union(*parts[1:], all=True) if parts else ():
        chinese_first = kind == "people" or is_chinese(get_language())
        found[kind][key] = (first or second) if chinese_first else (second or first)
    return found


def _line(entry: TimelineEntry, feedback: Feedback, names: _Names) -> Line:
    kind = TimelineKind(entry.kind)
    who, note = entry.actor_name, entry.note
    if "rule" in entry.data:
        who = _("Rule “%(name)s”") % {"name": names.automations.get(entry.data["rule"], "")}
    if kind in {TimelineKind.MESSAGE_IN, TimelineKind.RATED} and not who:
        who = str(feedback.customer)
    if kind in _STEPS and note in _REASONS:
        note = ""  # a code, worded in the sentence
    sentence = _SENTENCES.get(kind, _plainly)(entry, names)
    if kind != TimelineKind.SLA and (moves := entry.data.get("moves")):
        sentence = clauses([sentence, *map(_move, moves)])
    return Line(entry.pk, entry.at, ICONS.get(kind, "dot"), who, sentence, note)


_STEPS = {TimelineKind.STATUS, TimelineKind.REOPENED}
# Notes of services that are codes.
_REASONS: dict[str, Callable[[], str]] = {
    "customer": lambda: _("the customer said it is settled"),
    "not_solved": lambda: _("the customer said it is not solved"),
    "age": lambda: _("it was resolved long enough ago"),
    "retention": lambda: _("a retention rule"),
    "woke": lambda: _("the time it was snoozed for has come"),
}


def _plainly(entry: TimelineEntry, _names: _Names) -> str:
    return str(TimelineKind(entry.kind).label)


def _change(before: str, after: str) -> str:
    return _("%(before)s → %(after)s") % {"before": before or "–", "after": after or "–"}


def _received(entry: TimelineEntry, _names: _Names) -> str:
    channel = entry.data.get("channel")
    words = Channel(channel).label if channel in Channel.values else ""
    if entry.actor_name:
        return _("took this down (%(channel)s)") % {"channel": words}
    return _("Received by %(channel)s") % {"channel": words}


def _message_in(entry: TimelineEntry, _names: _Names) -> str:
    return _("an automatic message came") if entry.data.get("automatic") else _("wrote")


def _replied(entry: TimelineEntry, _names: _Names) -> str:
    return _("took an answer back") if entry.data.get("recalled") else _("answered")


def _noted(_entry: TimelineEntry, _names: _Names) -> str:
    return _("added a note")


def _acknowledged(entry: TimelineEntry, _names: _Names) -> str:
    if entry.data.get("state") == OutgoingState.SUPPRESSED:
        return _("No acknowledgement: this address must not be written to")
    return _("Acknowledgement sent")


def _status(entry: TimelineEntry, names: _Names) -> str:
    before = names.statuses.get(entry.data.get("before"), "")
    after = names.statuses.get(entry.data.get("after"), "")
    sentence = _("Status: %(change)s") % {"change": _change(before, after)}
    if "undone" in entry.data:
        sentence = _("%(sentence)s (undone)") % {"sentence": sentence}
    reason = _REASONS.get(entry.note)
    return f"{sentence} – {reason()}" if reason else sentence


def _reopened(entry: TimelineEntry, names: _Names) -> str:
    return _("Reopened. %(sentence)s") % {"sentence": _status(entry, names)}


def _assigned(entry: TimelineEntry, names: _Names) -> str:
    before, after = entry.data["before"], entry.data["after"]
    parts = []
    if before["team"] != after["team"]:
        change = _change(names.teams.get(before["team"], ""), names.teams.get(after["team"], ""))
        parts.append(_("Team: %(change)s") % {"change": change})
    because = entry.data.get("because")
    if before["assignee"] != after["assignee"]:
        if because in WhyGiven.values:
            parts.append(_by_itself(entry, names, WhyGiven(because)))
        elif after["assignee"] is None:
            parts.append(_("Nobody takes care of it any more"))
        elif after["assignee"] == entry.actor_id:
            parts.append(_("took it"))
        else:
            person = names.people.get(after["assignee"]) or entry.data.get("assignee_name", "")
            parts.append(_("gave it to %(name)s") % {"name": person})
    return clauses(parts)


def _by_itself(entry: TimelineEntry, names: _Names, because: WhyGiven) -> str:
    before, after = entry.data["before"]["assignee"], entry.data["after"]["assignee"]
    if after is None:
        return _("taken from %(name)s (%(reason)s)") % {
            "name": names.people.get(before, ""),
            "reason": because.label,
        }
    person = names.people.get(after) or entry.data.get("assignee_name", "")
    return _("given to %(name)s (%(reason)s)") % {"name": person, "reason": because.label}


def _routed(entry: TimelineEntry, names: _Names) -> str:
    """Why the record went where it went."""
    data = entry.data
    rules = [names.rules.get(pk, "") for pk in data["rules"] if pk not in data["left"]]
    if rules:
        parts = [
            _("Routed by the rule %(rules)s") % {"rules": listed(f"“{one}”" for one in rules)}
        ]
    else:
        parts = [_("No routing rule took it")]
    team = names.teams.get(data["team"], "")
    reasons = {
        "rule": _("team %(team)s"),
        "hand": _("team %(team)s, chosen by hand"),
        "category": _("team %(team)s by its category"),
        "mailbox": _("team %(team)s by its mailbox"),
        "person": _("team %(team)s, where the person works"),
    }
    if team and data["team_by"] in reasons:
        parts.append(reasons[data["team_by"]] % {"team": team})
    if data.get("skipped"):
        parts.append(_("a rule that cannot be run was passed over"))
    return clauses(parts)


def _priority(entry: TimelineEntry, _names: _Names) -> str:
    before, after = (Priority(entry.data[key]).label for key in ("before", "after"))
    return _("Priority: %(change)s") % {"change": _change(str(before), str(after))}


def _category(entry: TimelineEntry, names: _Names) -> str:
    before, after = (names.categories.get(entry.data[key], "") for key in ("before", "after"))
    return _("Category: %(change)s") % {"change": _change(before, after)}


def _tags(entry: TimelineEntry, _names: _Names) -> str:
    before, after = set(entry.data.get("before", [])), set(entry.data.get("after", []))
    added = [f"+{name}" for name in sorted(after - before)]
    removed = [f"−{name}" for name in sorted(before - after)]
    return _("Tags: %(change)s") % {"change": " ".join(added + removed)}


def _about(entry: TimelineEntry, _names: _Names) -> str:
    fields = entry.data.get("fields", [])
    known = {
        "subject": _("subject"),
        "product": _("product"),
        "order_number": _("order number"),
        "place": _("place"),
        "journey_stage": _("stage"),
    }
    words = [known.get(name, name) for name in fields]
    return _("changed: %(fields)s") % {"fields": listed(words)}


def _rated(entry: TimelineEntry, _names: _Names) -> str:
    overall, solved = entry.data.get("overall"), entry.data.get("solved")
    parts = []
    if overall is not None:
        parts.append(_("rated %(score)d of 5") % {"score": overall})
    if solved is not None:
        parts.append(_("it is solved") if solved else _("it is not solved"))
    return clauses(parts) or _("answered the survey")


def _delivery(entry: TimelineEntry, _names: _Names) -> str:
    state = entry.data.get("delivery") or entry.data.get("state")
    match state:
        case "bounced":
            return _("A mail of ours came back")
        case "delayed":
            return _("A mail of ours is delayed")
        case "failed":
            return _("A mail of ours could not be sent")
        case "sent":
            return _("A mail of ours was handed over")
    return str(TimelineKind.DELIVERY.label)


def task_words(kind: str | None, reason: str) -> str:
    """What a task asks for, in words."""
    what = str(TaskKind(kind).label) if kind in TaskKind.values else str(TaskKind.CALL_BACK.label)
    because = {
        "not_solved": _("the customer said it is not solved"),
        "low_score": _("the customer was unhappy"),
        "partly_solved": _("the customer said it is solved in part"),
    }.get(reason, reason)
    return with_aside(what, because) if because else what


def _task(entry: TimelineEntry, names: _Names) -> str:
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


def _move(move: dict[str, str]) -> str:
    before, after = (_moment_words(move[key]) for key in ("before", "after"))
    return _("%(promise)s due: %(change)s") % {
        "promise": promise_words(move["metric"]),
        "change": _change(before, after),
    }


def promise_words(metric: str) -> str:
    return str(Metric(metric).label) if metric in Metric.values else metric


def _moment_words(text: str) -> str:
    moment = parse_datetime(text)
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else text


def _sla(entry: TimelineEntry, _names: _Names) -> str:
    data = entry.data
    match data.get("what"):
        case "moved":
            moves = clauses(_move(move) for move in data.get("moves", []))
            return _("Service levels were changed. %(moves)s") % {"moves": moves}
        case "breached":
            return _("Missed: %(promise)s was due %(moment)s") % {
                "promise": promise_words(data.get("metric", "")),
                "moment": _moment_words(data.get("due", "")),
            }
        case "warned":
            return _("Nearly over: %(promise)s is due %(moment)s") % {
                "promise": promise_words(data.get("metric", "")),
                "moment": _moment_words(data.get("due", "")),
            }
        case "escalated":
            action = data.get("action")
            known = action in EscalationKind.values
            return _("Escalated (%(promise)s): %(action)s") % {
                "promise": promise_words(data.get("metric", "")),
                "action": EscalationKind(action).label if known else "",
            }
    return str(TimelineKind.SLA.label)


def _scheduled(entry: TimelineEntry, _names: _Names) -> str:
    data = entry.data
    if data.get("taken_back"):
        return _("took a scheduled answer back")
    if why := data.get("held"):
        reason = str(HeldBecause(why).label) if why in HeldBecause.values else ""
        return _("A scheduled answer was held back: %(reason)s") % {"reason": reason}
    moment = parse_datetime(data.get("until", ""))
    words = date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "–"
    return _("scheduled an answer for %(moment)s") % {"moment": words}


def _merged(entry: TimelineEntry, _names: _Names) -> str:
    data = entry.data
    if "into_customer" in data:
        undone = data.get("undone")
        words = _("found that these are two customers after all")
        return words if undone else _("found that two customers are one")
    undone = "undone" in data
    if "into" in data:
        words = _("took the merge into #%(n)s back") if undone else _("merged this into #%(n)s")
        return words % {"n": data["into"]}
    words = _("separated #%(n)s from this again") if undone else _("merged #%(n)s into this")
    return words % {"n": data.get("source", "")}


def _split(entry: TimelineEntry, _names: _Names) -> str:
    if "into" in entry.data:
        return _("moved messages into the new record #%(n)s") % {"n": entry.data["into"]}
    return _("made this record of messages of #%(n)s") % {"n": entry.data.get("source", "")}


def _linked(entry: TimelineEntry, _names: _Names) -> str:
    data = entry.data
    kind = LinkSide(data["side"]).label if data.get("side") in LinkSide.values else ""
    words = (
        _("took the link to #%(n)s away") if data.get("undone") else _("linked #%(n)s: %(kind)s")
    )
    return words % {"n": data.get("other", ""), "kind": kind}


def _commitment(entry: TimelineEntry, _names: _Names) -> str:
    data = entry.data
    kind = data.get("of")
    what = str(CommitmentKind(kind).label) if kind in CommitmentKind.values else ""
    if data.get("due_on"):
        what = with_aside(what, _("for %(day)s") % {"day": _day_words(data["due_on"])})
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


def _negative(entry: TimelineEntry, _names: _Names) -> str:
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


def _trace(entry: TimelineEntry, _names: _Names) -> str:
    state = entry.data.get("state")
    words = str(TraceState(state).label) if state in TraceState.values else ""
    return _("Quality trace: %(state)s") % {"state": words}


def _day_words(text: str) -> str:
    day = parse_date(text)
    return date_format(day, "SHORT_DATE_FORMAT") if day else text


def _snoozed(entry: TimelineEntry, _names: _Names) -> str:
    data = entry.data
    if why := data.get("woke"):
        reason = str(WokenBy(why).label) if why in WokenBy.values else ""
        return _("Snoozed no longer: %(reason)s") % {"reason": reason}
    words = _moment_words(data.get("until", ""))
    return _("snoozed this until %(moment)s") % {"moment": words}


def _hold(entry: TimelineEntry, _names: _Names) -> str:
    return _("placed a legal hold") if entry.data.get("on") else _("lifted the legal hold")


def _cleared(entry: TimelineEntry, _names: _Names) -> str:
    if entry.data.get("texts"):
        return _("What was said was deleted; the record still counts.")
    return _("Anonymised: who it was is no longer known.")


def _followed(entry: TimelineEntry, _names: _Names) -> str:
    number = entry.data.get("number", "")
    return _("The customer wrote again: follow-up #%(number)s began") % {"number": number}


def _automated(entry: TimelineEntry, names: _Names) -> str:
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


def _fields(entry: TimelineEntry, _names: _Names) -> str:
    definitions = field_book().all_of(FieldSubject.FEEDBACK)
    return clauses(
        labelled(*_field_change(definitions.get(code), code, before, after))
        for code, before, after in entry.data.get("changes", [])
    )


def _field_change(about: Definition | None, code: str, before: Any, after: Any) -> tuple[str, str]:
    if about is None:  # deleted since: what was written is all that is left
        words = [str(one) if one is not None else "" for one in (before, after)]
        return code, _change(*words)
    return about.name, _change(say_value(about, before), say_value(about, after))


def _macro(entry: TimelineEntry, _names: _Names) -> str:
    first, second = entry.data.get("name_zh", ""), entry.data.get("name_en", "")
    name = (first or second) if is_chinese(get_language()) else (second or first)
    if entry.data.get("undone"):
        return _("took the macro “%(name)s” back") % {"name": name}
    return _("ran the macro “%(name)s”") % {"name": name}


_SENTENCES: dict[TimelineKind, Callable[[TimelineEntry, _Names], str]] = {
    TimelineKind.RECEIVED: _received,
    TimelineKind.MESSAGE_IN: _message_in,
    TimelineKind.REPLIED: _replied,
    TimelineKind.NOTED: _noted,
    TimelineKind.ACKNOWLEDGED: _acknowledged,
    TimelineKind.STATUS: _status,
    TimelineKind.REOPENED: _reopened,
    TimelineKind.ASSIGNED: _assigned,
    TimelineKind.PRIORITY: _priority,
    TimelineKind.CATEGORY: _category,
    TimelineKind.TAGS: _tags,
    TimelineKind.ABOUT: _about,
    TimelineKind.RATED: _rated,
    TimelineKind.DELIVERY: _delivery,
    TimelineKind.TASK: _task,
    TimelineKind.MERGED: _merged,
    TimelineKind.SPLIT: _split,
    TimelineKind.LINKED: _linked,
    TimelineKind.SLA: _sla,
    TimelineKind.SCHEDULED: _scheduled,
    TimelineKind.COMMITMENT: _commitment,
    TimelineKind.NEGATIVE: _negative,
    TimelineKind.TRACE: _trace,
    TimelineKind.SNOOZED: _snoozed,
    TimelineKind.FOLLOWED: _followed,
    TimelineKind.HOLD: _hold,
    TimelineKind.CLEARED: _cleared,
    TimelineKind.ROUTED: _routed,
    TimelineKind.AUTOMATED: _automated,
    TimelineKind.FIELDS: _fields,
    TimelineKind.MACRO: _macro,
}


def register_sentence(kind: TimelineKind, sentence: Callable[[TimelineEntry, Any], str]) -> None:
    """For apps above: how to word the entries of a kind that they write."""
    _SENTENCES[kind] = sentence
