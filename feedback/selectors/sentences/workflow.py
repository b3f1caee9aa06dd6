"""Sentences about where a record stands, whose it is and what it is about."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import FieldSubject
from accounts.rules.custom_values import Definition, say_value
from accounts.selectors.custom_fields import field_book
from config.kernel.punctuation import clauses, labelled, listed
from feedback.enums import Priority, TimelineKind, WhyGiven, WokenBy
from feedback.models import TimelineEntry
from feedback.selectors.sentences.names import Names
from feedback.selectors.sentences.registry import words_for
from feedback.selectors.sentences.words import change, moment_words

# Notes of services that are codes.
REASONS: dict[str, Callable[[], str]] = {
    "customer": lambda: _("the customer said it is settled"),
    "not_solved": lambda: _("the customer said it is not solved"),
    "age": lambda: _("it was resolved long enough ago"),
    "retention": lambda: _("a retention rule"),
    "woke": lambda: _("the time it was snoozed for has come"),
}


@words_for(TimelineKind.STATUS)
def _status(entry: TimelineEntry, names: Names) -> str:
    before = names.statuses.get(entry.data.get("before"), "")
    after = names.statuses.get(entry.data.get("after"), "")
    sentence = _("Status: %(change)s") % {"change": change(before, after)}
    if "undone" in entry.data:
        sentence = _("%(sentence)s (undone)") % {"sentence": sentence}
    reason = REASONS.get(entry.note)
    return f"{sentence} – {reason()}" if reason else sentence


@words_for(TimelineKind.REOPENED)
def _reopened(entry: TimelineEntry, names: Names) -> str:
    return _("Reopened. %(sentence)s") % {"sentence": _status(entry, names)}


@words_for(TimelineKind.ASSIGNED)
def _assigned(entry: TimelineEntry, names: Names) -> str:
    before, after = entry.data["before"], entry.data["after"]
    parts = []
    if before["team"] != after["team"]:
        teams = change(names.teams.get(before["team"], ""), names.teams.get(after["team"], ""))
        parts.append(_("Team: %(change)s") % {"change": teams})
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


def _by_itself(entry: TimelineEntry, names: Names, because: WhyGiven) -> str:
    before, after = entry.data["before"]["assignee"], entry.data["after"]["assignee"]
    if after is None:
        return _("taken from %(name)s (%(reason)s)") % {
            "name": names.people.get(before, ""),
            "reason": because.label,
        }
    person = names.people.get(after) or entry.data.get("assignee_name", "")
    return _("given to %(name)s (%(reason)s)") % {"name": person, "reason": because.label}


@words_for(TimelineKind.ROUTED)
def _routed(entry: TimelineEntry, names: Names) -> str:
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


@words_for(TimelineKind.PRIORITY)
def _priority(entry: TimelineEntry, _names: Names) -> str:
    before, after = (Priority(entry.data[key]).label for key in ("before", "after"))
    return _("Priority: %(change)s") % {"change": change(str(before), str(after))}


@words_for(TimelineKind.CATEGORY)
def _category(entry: TimelineEntry, names: Names) -> str:
    before, after = (names.categories.get(entry.data[key], "") for key in ("before", "after"))
    return _("Category: %(change)s") % {"change": change(before, after)}


@words_for(TimelineKind.TAGS)
def _tags(entry: TimelineEntry, _names: Names) -> str:
    before, after = set(entry.data.get("before", [])), set(entry.data.get("after", []))
    added = [f"+{name}" for name in sorted(after - before)]
    removed = [f"−{name}" for name in sorted(before - after)]
    return _("Tags: %(change)s") % {"change": " ".join(added + removed)}


@words_for(TimelineKind.ABOUT)
def _about(entry: TimelineEntry, _names: Names) -> str:
    fields = entry.data.get("fields", [])
    known = {
        "subject": _("subject"),
        "product": _("product"),
        "order_number": _("order number"),
        "place": _("place"),
        "journey_stage": _("stage"),
        "customer": _("customer"),
    }
    words = [known.get(name, name) for name in fields]
    return _("changed: %(fields)s") % {"fields": listed(words)}


@words_for(TimelineKind.SNOOZED)
def _snoozed(entry: TimelineEntry, _names: Names) -> str:
    data = entry.data
    if why := data.get("woke"):
        reason = str(WokenBy(why).label) if why in WokenBy.values else ""
        return _("Snoozed no longer: %(reason)s") % {"reason": reason}
    words = moment_words(data.get("until", ""))
    return _("snoozed this until %(moment)s") % {"moment": words}


@words_for(TimelineKind.HOLD)
def _hold(entry: TimelineEntry, _names: Names) -> str:
    return _("placed a legal hold") if entry.data.get("on") else _("lifted the legal hold")


@words_for(TimelineKind.CLEARED)
def _cleared(entry: TimelineEntry, _names: Names) -> str:
    if entry.data.get("texts"):
        return _("What was said was deleted; the record still counts.")
    return _("Anonymised: who it was is no longer known.")


@words_for(TimelineKind.FIELDS)
def _fields(entry: TimelineEntry, _names: Names) -> str:
    definitions = field_book().all_of(FieldSubject.FEEDBACK)
    return clauses(
        labelled(*_field_change(definitions.get(code), code, before, after))
        for code, before, after in entry.data.get("changes", [])
    )


def _field_change(about: Definition | None, code: str, before: Any, after: Any) -> tuple[str, str]:
    if about is None:  # deleted since: what was written is all that is left
        words = [str(one) if one is not None else "" for one in (before, after)]
        return code, change(*words)
    return about.name, change(say_value(about, before), say_value(about, after))
