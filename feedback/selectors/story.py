"""The timeline of a record as sentences, in the reader's language.

The database keeps codes and ids; names and words are looked up here, in a fixed number of
queries however long the story is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from config.kernel.punctuation import clauses
from feedback.enums import TimelineKind
from feedback.models import Feedback, Status, TimelineEntry
from feedback.selectors.sentences import conversation, reading, work, workflow  # noqa: F401 - they register
from feedback.selectors.sentences.names import Names
from feedback.selectors.sentences.registry import sentence_of
from feedback.selectors.sentences.words import move_words
from feedback.selectors.sentences.workflow import REASONS

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
    TimelineKind.ALSO: "folder-tree",
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
    TimelineKind.ASSESSED: "scan-text",
    TimelineKind.REVIEWED: "scan-eye",
    TimelineKind.REVEALED: "eye",
}
_STEPS = {TimelineKind.STATUS, TimelineKind.REOPENED}


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
    names = Names(entries, statuses)
    return [_line(entry, feedback, names) for entry in entries]


def last_entry_id(feedback: Feedback) -> int:
    """How far the story goes: what a page has shown when it carries this number."""
    newest = feedback.timeline.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def _line(entry: TimelineEntry, feedback: Feedback, names: Names) -> Line:
    kind = TimelineKind(entry.kind)
    who, note = entry.actor_name, entry.note
    if "rule" in entry.data:
        who = _("Rule “%(name)s”") % {"name": names.automations.get(entry.data["rule"], "")}
    if kind in {TimelineKind.MESSAGE_IN, TimelineKind.RATED} and not who:
        who = str(feedback.customer)
    if kind in _STEPS and note in REASONS:
        note = ""  # a code, worded in the sentence
    sentence = sentence_of(entry, names)
    if kind != TimelineKind.SLA and (moves := entry.data.get("moves")):
        sentence = clauses([sentence, *map(move_words, moves)])
    return Line(entry.pk, entry.at, ICONS.get(kind, "dot"), who, sentence, note)
