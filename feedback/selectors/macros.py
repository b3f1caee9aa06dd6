"""Macros as lists show them, with what they do in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from config.kernel.punctuation import clauses, labelled, listed
from feedback.enums import Priority, TaskKind
from feedback.models import Category, Macro, Status
from feedback.models.macro import MacroQuerySet
from feedback.rules.changes import ME, NOBODY, Change, ChangeNotUnderstood, read_changes


@dataclass(frozen=True, slots=True)
class MacroShown:
    macro: Macro
    does: list[str]

    @property
    def sentence(self) -> str:
        return clauses(self.does)


def macros_for(user: User) -> MacroQuerySet:
    """What the user may run."""
    offered = Macro.objects.active().offered_to(user).in_order()
    return offered.select_related("template", "team", "owner")


def macros_in_settings(user: User, *, archived: bool = False) -> MacroQuerySet:
    rows = Macro.objects.shown_in_settings_to(user).filter(archived_at__isnull=not archived)
    return rows.in_order().select_related("template", "team", "owner")


def in_words(macros: Iterable[Macro]) -> list[MacroShown]:
    """Each with its changes as sentences; five queries however many there are."""
    rows = list(macros)
    read = {macro.pk: _read(macro) for macro in rows}
    names = _Names([change for changes in read.values() for change in changes])
    shown = []
    for macro in rows:
        does = [names.sentence(change) for change in read[macro.pk]]
        if macro.template is not None:
            does.append(_("answers with “%(template)s”") % {"template": macro.template.name})
        shown.append(MacroShown(macro, does))
    return shown


def _read(macro: Macro) -> list[Change]:
    try:
        return read_changes(macro.changes)
    except ChangeNotUnderstood:  # written past the service; running it says so
        return []


class _Names:
    """Names of everything that some changes refer to; what is gone is called by its code."""

    def __init__(self, changes: list[Change]) -> None:
        wanted: dict[str, set[Any]] = {}
        for change in changes:
            if isinstance(change.to, str | int):
                wanted.setdefault(change.do, set()).add(change.to)
        self.statuses: dict[Any, str] = {
            one.code: str(one) for one in Status.objects.filter(code__in=wanted.get("status", ()))
        }
        self.categories: dict[Any, str] = {
            one.code: str(one)
            for one in Category.objects.filter(code__in=wanted.get("category", ()))
        }
        self.teams: dict[Any, str] = {
            one.pk: str(one) for one in Team.objects.filter(pk__in=wanted.get("team", ()))
        }
        people = wanted.get("assignee", set()) - {ME, NOBODY}
        self.people = {one.pk: str(one) for one in User.objects.filter(pk__in=people)}

    def sentence(self, change: Change) -> str:
        do, to = change.do, change.to
        if do in {"add_tags", "remove_tags"}:
            sign = "+" if do == "add_tags" else "−"
            return labelled(_("Tags"), listed(f"{sign}{name}" for name in to))
        if do == "note":
            return _("adds a note")
        return self._task(to) if do == "task" else labelled(*self._named(do, to))

    def _named(self, do: str, to: Any) -> tuple[str, Any]:
        if do == "priority":
            return _("Priority"), Priority[to.upper()].label
        if do == "assignee":
            known = {ME: _("whoever runs it"), NOBODY: _("nobody")}
            return _("Assignee"), known[to] if to in known else self.people.get(to, f"#{to}")
        label, names = {
            "status": (_("Status"), self.statuses),
            "category": (_("Category"), self.categories),
            "team": (_("Team"), self.teams),
        }[do]
        return label, names.get(to, f"#{to}")

    @staticmethod
    def _task(to: dict[str, Any]) -> str:
        known = to["kind"] in TaskKind.values
        words = str(TaskKind(to["kind"]).label) if known else to["kind"]
        if to["reason"]:
            words = f"{words} – {to['reason']}"
        within = ngettext("within %(n)d hour", "within %(n)d hours", to["hours"])
        return _("plans a task: %(task)s, %(within)s") % {
            "task": words,
            "within": within % {"n": to["hours"]},
        }
