"""Sentences about what was said, and with whom."""

from collections.abc import Callable

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import OutgoingState, PersonalDataKind
from config.kernel.punctuation import clauses, listed
from feedback.enums import Channel, HeldBecause, LinkSide, TimelineKind
from feedback.models import TimelineEntry
from feedback.selectors.sentences.names import Names
from feedback.selectors.sentences.registry import words_for


@words_for(TimelineKind.RECEIVED)
def _received(entry: TimelineEntry, _names: Names) -> str:
    channel = entry.data.get("channel")
    words = Channel(channel).label if channel in Channel.values else ""
    if entry.data.get("forwarded"):
        return _("forwarded the customer's mail to us")
    if entry.actor_name:
        return _("took this down (%(channel)s)") % {"channel": words}
    return _("Received by %(channel)s") % {"channel": words}


@words_for(TimelineKind.MESSAGE_IN)
def _message_in(entry: TimelineEntry, _names: Names) -> str:
    data = entry.data
    if dropped := data.get("dropped_files"):
        words = ngettext(
            "%(n)d file of the mail was not kept here: it is too large, or there were too many",
            "%(n)d files of the mail were not kept here: too large, or too many",
            dropped,
        )
        return words % {"n": dropped}
    if data.get("automatic"):
        return _("an automatic message came")
    return _("wrote under another subject") if data.get("subject") else _("wrote")


@words_for(TimelineKind.REPLIED)
def _replied(entry: TimelineEntry, _names: Names) -> str:
    return _("took an answer back") if entry.data.get("recalled") else _("answered")


@words_for(TimelineKind.REVEALED)
def _revealed(entry: TimelineEntry, _names: Names) -> str:
    kinds = [
        str(PersonalDataKind(kind).label)
        for kind in entry.data.get("kinds", ())
        if kind in PersonalDataKind.values
    ]
    return _("Covered personal data of a message shown: %(what)s") % {"what": listed(kinds)}


@words_for(TimelineKind.NOTED)
def _noted(_entry: TimelineEntry, _names: Names) -> str:
    return _("added a note")


@words_for(TimelineKind.ACKNOWLEDGED)
def _acknowledged(entry: TimelineEntry, _names: Names) -> str:
    if entry.data.get("state") == OutgoingState.SUPPRESSED:
        return _("No acknowledgement: this address must not be written to")
    return _("Acknowledgement sent")


@words_for(TimelineKind.RATED)
def _rated(entry: TimelineEntry, _names: Names) -> str:
    overall, solved = entry.data.get("overall"), entry.data.get("solved")
    parts = []
    if overall is not None:
        parts.append(_("rated %(score)d of 5") % {"score": overall})
    if solved is not None:
        parts.append(_("it is solved") if solved else _("it is not solved"))
    return clauses(parts) or _("answered the survey")


_DELIVERIES: dict[str, Callable[[], str]] = {
    "bounced": lambda: _("A mail of ours came back"),
    "delayed": lambda: _("A mail of ours is delayed"),
    "failed": lambda: _("A mail of ours could not be sent"),
    "cancelled": lambda: _("A mail of ours was cancelled before it left"),
    "sent": lambda: _("A mail of ours was handed over"),
    "suppressed": lambda: _("A mail of ours was not sent"),
    "complaint": lambda: _(
        "The customer's mail provider reports that a mail of ours was marked as spam"
    ),
}


@words_for(TimelineKind.DELIVERY)
def _delivery(entry: TimelineEntry, _names: Names) -> str:
    state = entry.data.get("delivery") or entry.data.get("state")
    words = _DELIVERIES.get(str(state))
    return words() if words else str(TimelineKind.DELIVERY.label)


@words_for(TimelineKind.SCHEDULED)
def _scheduled(entry: TimelineEntry, _names: Names) -> str:
    data = entry.data
    if data.get("taken_back"):
        return _("took a scheduled answer back")
    if why := data.get("held"):
        reason = str(HeldBecause(why).label) if why in HeldBecause.values else ""
        return _("A scheduled answer was held back: %(reason)s") % {"reason": reason}
    moment = parse_datetime(data.get("until", ""))
    words = date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "–"
    return _("scheduled an answer for %(moment)s") % {"moment": words}


@words_for(TimelineKind.MERGED)
def _merged(entry: TimelineEntry, _names: Names) -> str:
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


@words_for(TimelineKind.SPLIT)
def _split(entry: TimelineEntry, _names: Names) -> str:
    if "into" in entry.data:
        return _("moved messages into the new record #%(n)s") % {"n": entry.data["into"]}
    return _("made this record of messages of #%(n)s") % {"n": entry.data.get("source", "")}


@words_for(TimelineKind.LINKED)
def _linked(entry: TimelineEntry, _names: Names) -> str:
    data = entry.data
    kind = LinkSide(data["side"]).label if data.get("side") in LinkSide.values else ""
    words = (
        _("took the link to #%(n)s away") if data.get("undone") else _("linked #%(n)s: %(kind)s")
    )
    return words % {"n": data.get("other", ""), "kind": kind}


@words_for(TimelineKind.FOLLOWED)
def _followed(entry: TimelineEntry, _names: Names) -> str:
    number = entry.data.get("number", "")
    return _("The customer wrote again: follow-up #%(number)s began") % {"number": number}
