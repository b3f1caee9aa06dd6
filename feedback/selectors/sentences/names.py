"""Names of what the entries of a timeline mention, in a fixed number of queries."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Value
from django.utils.translation import get_language

from accounts.models import Team, User
from config.kernel.bilingual import is_chinese
from feedback.enums import TimelineKind
from feedback.models import AutomationRule, Category, RoutingRule, Status, TimelineEntry

_KINDS = ("people", "teams", "categories", "rules", "automations")


def _mentioned(entry: TimelineEntry) -> Iterable[tuple[str, Iterable[Any]]]:
    """Ids of what an entry mentions, by kind; None among them means nothing."""
    data = entry.data
    before, after = data.get("before"), data.get("after")
    match entry.kind:
        case TimelineKind.ASSIGNED:
            yield "people", (before["assignee"], after["assignee"])
            yield "teams", (before["team"], after["team"])
        case TimelineKind.CATEGORY:
            yield "categories", (before, after)
        case TimelineKind.ALSO:
            yield "categories", (*before, *after)
        case TimelineKind.ASSESSED:
            yield "categories", (data.get("category"),)
        case TimelineKind.REVIEWED:
            yield "categories", data.get("category", {}).values()
        case TimelineKind.TASK:
            yield "people", (data.get("assignee"),)
        case TimelineKind.ROUTED:
            yield "rules", data["rules"]
            yield "teams", (data["team"],)
        case TimelineKind.AUTOMATED:
            yield "people", data.get("people", ())


class Names:
    """Names of everything that the entries mention."""

    def __init__(
        self, entries: Iterable[TimelineEntry], statuses: Iterable[Status] | None = None
    ) -> None:
        wanted: dict[str, set[Any]] = {kind: set() for kind in _KINDS}
        codes: set[Any] = set()
        for entry in entries:
            wanted["automations"].add(entry.data.get("rule"))
            if entry.kind in {TimelineKind.STATUS, TimelineKind.REOPENED}:
                codes |= {entry.data.get("before"), entry.data.get("after")}
            for kind, keys in _mentioned(entry):
                wanted[kind] |= set(keys)
        found = _names_of({kind: keys - {None} for kind, keys in wanted.items()})
        self.people, self.teams, self.categories, self.rules, self.automations = (
            found[kind] for kind in _KINDS
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
