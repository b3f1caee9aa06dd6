"""Sentences about how the machine read a record and what people made of it."""

from django.utils.translation import gettext as _

from config.kernel.punctuation import clauses
from feedback.enums import Mood, TimelineKind, Urgency
from feedback.models import TimelineEntry
from feedback.selectors.sentences.names import Names
from feedback.selectors.sentences.registry import words_for
from feedback.selectors.sentences.words import change


@words_for(TimelineKind.ASSESSED)
def _assessed(entry: TimelineEntry, names: Names) -> str:
    data = entry.data
    parts = []
    category = names.categories.get(data.get("category"), "")
    if category and data.get("confidence") is not None:
        said = _("category %(name)s set (%(percent)s %%)")
        if not data.get("applied"):
            said = _("category %(name)s proposed (%(percent)s %%)")
        parts.append(said % {"name": category, "percent": round(100 * data["confidence"])})
    if data.get("mood") in Mood.values:
        parts.append(str(Mood(data["mood"]).label))
    if data.get("urgency"):
        parts.append(_("urgency: %(level)s") % {"level": Urgency(data["urgency"]).label})
    if data.get("same"):
        parts.append(_("nearly the same was said before"))
    if not parts:
        return _("Read by the machine; nothing to be said for certain")
    return _("Read by the machine: %(what)s") % {"what": clauses(parts)}


@words_for(TimelineKind.ALSO)
def _also(entry: TimelineEntry, names: Names) -> str:
    before, after = entry.data["before"], entry.data["after"]
    added = [f"+{names.categories.get(pk, '')}" for pk in after if pk not in before]
    removed = [f"−{names.categories.get(pk, '')}" for pk in before if pk not in after]
    return _("Also about: %(change)s") % {"change": " ".join(added + removed)}


@words_for(TimelineKind.REVIEWED)
def _reviewed(entry: TimelineEntry, names: Names) -> str:
    if entry.data.get("undone"):
        return _("Took back what was said of how it was read")
    parts = []
    for key, word in (("category", names.categories.get), ("mood", _mood), ("urgency", _urgency)):
        said = entry.data.get(key)
        if not said:
            continue
        is_now = word(said["is"]) or ""
        if said["read"] == said["is"]:
            parts.append(_("%(what)s is right") % {"what": is_now})
        else:
            parts.append(change(word(said["read"]) or "", is_now))
    return _("Looked at how it was read: %(what)s") % {"what": clauses(parts)}


def _mood(code: str) -> str:
    return str(Mood(code).label) if code in Mood.values else ""


def _urgency(level: int | None) -> str:
    return str(Urgency(level).label) if level in Urgency.values else ""
