"""What was found about a response, in plain words with its figures, in the language that is
active when somebody reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.kernel.punctuation import clauses, labelled, listed
from surveys.enums import QualityFlag
from surveys.selectors.outline import Names

_NONSENSE = {
    "marks": gettext_lazy("only punctuation marks"),
    "repeats": gettext_lazy("the same letters over and over"),
    "keys": gettext_lazy("keys pressed at random"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One flag as a page shows it. `where` are codes of questions or pages."""

    flag: str
    label: str
    text: str
    weight: int
    where: tuple[str, ...]


def reasons_of(found: list[dict[str, Any]], names: Names | None = None) -> list[Reason]:
    """Heaviest first; `names` words the conditions of contradictions."""
    reasons = [
        Reason(
            flag=one["flag"],
            label=flag_label(one["flag"]),
            text=_reason(one["flag"], one.get("figures") or {}, names),
            weight=one["weight"],
            where=tuple(one.get("where") or ()),
        )
        for one in found
    ]
    return sorted(reasons, key=lambda reason: -reason.weight)


def flag_label(flag: str) -> str:
    return str(QualityFlag(flag).label) if flag in QualityFlag.values else flag


def _reason(flag: str, figures: Mapping[str, Any], names: Names | None) -> str:
    if flag == QualityFlag.CONTRADICTION:
        condition = str(figures.get("condition", ""))
        return labelled(_("It was said"), names.say(condition) if names else condition)
    say = _SENTENCES.get(flag)
    return say(figures) if say else ""


def _trap(_figures: Mapping[str, Any]) -> str:
    return _("No person sees this field; programs fill it in.")


def _unread(figures: Mapping[str, Any]) -> str:
    return _(
        "%(pages)s of %(of)s pages were sent after %(seconds)s seconds altogether; to read and "
        "answer them takes %(least)s seconds at least."
    ) % dict(figures)


def _speeding(figures: Mapping[str, Any]) -> str:
    return _(
        "%(seconds)s seconds for these pages; half of the people (of %(n)s) take longer than "
        "%(median)s. That is %(percent)s percent of it."
    ) % dict(figures)


def _skipped(figures: Mapping[str, Any]) -> str:
    return _(
        "%(pages)s of %(of)s pages have answers, but were never sent by a page of ours."
    ) % dict(figures)


def _straight(figures: Mapping[str, Any]) -> str:
    parts = [
        (
            _("The same answer in %(rows)s rows below each other.")
            if figures["blocks"] == 1
            else _("The same answer in all rows of %(blocks)s blocks (%(rows)s rows).")
        )
        % dict(figures)
    ]
    if figures.get("turned"):
        parts.append(_("Also where a row says the opposite of the others."))
    return " ".join(parts)


def _nonsense(figures: Mapping[str, Any]) -> str:
    return clauses(str(_NONSENSE.get(kind, kind)) for kind in figures.get("kinds", ()))


def _like(figures: Mapping[str, Any]) -> str:
    words = ngettext(
        "As in %(n)s earlier response", "As in %(n)s earlier responses", figures["n"]
    ) % {"n": figures["n"]}
    return labelled(words, listed(figures["like"]))


def _similar(figures: Mapping[str, Any]) -> str:
    return clauses(
        [_like(figures), _("%(percent)s percent in common") % {"percent": figures["percent"]}]
    )


def _person(figures: Mapping[str, Any]) -> str:
    return labelled(_("This customer has answered before"), listed(figures["like"]))


def _browser(figures: Mapping[str, Any]) -> str:
    return labelled(
        _("On the same day, from the same network and the same kind of browser"),
        listed(figures["like"]),
    )


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    QualityFlag.TRAP: _trap,
    QualityFlag.UNREAD: _unread,
    QualityFlag.SPEEDING: _speeding,
    QualityFlag.SKIPPED: _skipped,
    QualityFlag.STRAIGHT: _straight,
    QualityFlag.NONSENSE: _nonsense,
    QualityFlag.REPEATED: _like,
    QualityFlag.SIMILAR: _similar,
    QualityFlag.SAME_ANSWERS: _like,
    QualityFlag.SAME_PERSON: _person,
    QualityFlag.SAME_BROWSER: _browser,
}
