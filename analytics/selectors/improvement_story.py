"""The history of a problem or a measure as sentences, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.enums import (
    EffectVerdict,
    ImprovementEvent,
    MeasureStatus,
    ProblemStatus,
    ScoreScheme,
)
from analytics.models import ImprovementEntry, Measure, Problem
from analytics.rules.business_case import write_money

E = ImprovementEvent
AT_MOST = 200
ICONS = {
    E.CREATED: "plus",
    E.CHANGED: "pencil",
    E.STATUS: "circle-dot",
    E.EVIDENCE: "link",
    E.NO_EVIDENCE: "unlink",
    E.CAUSE: "microscope",
    E.CONFIRMED: "badge-check",
    E.STEP: "list-checks",
    E.SCORE: "arrow-down-up",
    E.MONEY: "coins",
    E.EFFECT: "chart-line",
    E.NOTE: "sticky-note",
}
_CAUSES = {
    "begun": gettext_lazy("began an analysis of causes"),
    "added": gettext_lazy("added a cause"),
    "changed": gettext_lazy("changed a cause"),
    "removed": gettext_lazy("took a cause away"),
    "shown": gettext_lazy("linked a cause with evidence"),
    "doubted": gettext_lazy("opened the root cause again"),
    "dropped": gettext_lazy("dropped an analysis of causes"),
}
_STEPS = {
    "added": gettext_lazy("added a step"),
    "done": gettext_lazy("ticked off a step"),
    "undone": gettext_lazy("opened a step again"),
    "removed": gettext_lazy("took a step away"),
}


@dataclass(frozen=True, slots=True)
class StoryLine:
    """Who did what; `measure` where it happened to one, `note` what they said with it."""

    at: datetime
    icon: str
    who: str
    sentence: str
    note: str
    measure: Measure | None
    event: str = ""


def story_of_problem(problem: Problem) -> list[StoryLine]:
    """Newest first, that of its measures among it."""
    return _lines(Q(problem=problem))


def story_of_measure(measure: Measure) -> list[StoryLine]:
    return _lines(Q(measure=measure))


def _lines(which: Q) -> list[StoryLine]:
    rows = ImprovementEntry.objects.filter(which).select_related("actor", "measure")
    return [
        StoryLine(
            at=one.at,
            icon=ICONS[E(one.event)],
            who=str(one.actor or one.actor_name or _("The system")),
            sentence=str(_SENTENCES[E(one.event)](one)),
            note=one.note,
            measure=one.measure,
            event=one.event,
        )
        for one in rows.order_by("-pk")[:AT_MOST]
    ]


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _status(entry: ImprovementEntry) -> str:
    states = MeasureStatus if entry.measure_id else ProblemStatus
    to = _label(states, entry.data.get("after", ""))
    return _("set the status to “%(status)s”") % {"status": to}


def _score(entry: ImprovementEntry) -> str:
    scheme = _label(ScoreScheme, entry.data.get("scheme", ""))
    value = number_format(f"{entry.data.get('value', 0):.6g}")
    return _("scored it: %(scheme)s %(value)s") % {"scheme": scheme, "value": value}


def _effect(entry: ImprovementEntry) -> str:
    verdict = _label(EffectVerdict, entry.data.get("verdict", ""))
    return _("measured its effect: %(verdict)s") % {"verdict": verdict}


def _money(entry: ImprovementEntry) -> str:
    value = entry.data.get("value")
    if value is None:
        return _("wrote down costs and benefits")
    said = {"value": write_money(value, settings.CURRENCY)}
    return _("wrote down costs and benefits: present value %(value)s") % said


def _created(entry: ImprovementEntry) -> str:
    return _("proposed a measure") if entry.measure_id else _("entered the problem")


def _one_of(words: dict[str, Any]) -> Callable[[ImprovementEntry], str]:
    return lambda entry: str(words.get(entry.data.get("did", ""), ""))


_SENTENCES: dict[ImprovementEvent, Callable[[ImprovementEntry], str]] = {
    E.CREATED: _created,
    E.CHANGED: lambda _entry: _("changed what stands here"),
    E.STATUS: _status,
    E.EVIDENCE: lambda _entry: _("added evidence"),
    E.NO_EVIDENCE: lambda _entry: _("took evidence away"),
    E.CAUSE: _one_of(_CAUSES),
    E.CONFIRMED: lambda _entry: _("confirmed the root cause"),
    E.STEP: _one_of(_STEPS),
    E.SCORE: _score,
    E.MONEY: _money,
    E.EFFECT: _effect,
    E.NOTE: lambda _entry: _("wrote a note"),
}
