"""Rules of automation as they stand, and what they did."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.enums import FieldSubject
from accounts.models import User
from accounts.selectors.custom_conditions import made_fields
from config.kernel.conditions.condition import Condition, always
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.fields import Field
from config.kernel.conditions.reading import read_trees
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import MADE, vocabulary
from config.kernel.punctuation import labelled
from feedback.enums import RuleEvent, TimelineKind
from feedback.models import (
    AutomationRule,
    AutomationRun,
    Category,
    Feedback,
    Status,
    Tag,
    TimelineEntry,
)
from feedback.rules.actions import (
    Choices,
    action_words,
    added_by,
    clean_actions,
    set_by,
)
from feedback.rules.automation import Doing, loop_in


@dataclass(frozen=True, slots=True)
class ReadAutomation:
    """A rule with its condition; `problem` says why it cannot be run (then `condition` may be
    None): it is passed over."""

    rule: AutomationRule
    condition: Condition | None
    choices: Choices
    problem: str = ""

    @property
    def sentence(self) -> str:
        if self.condition is None or self.condition.is_always:
            return ""
        return sentence(self.condition)

    @property
    def actions(self) -> list[str]:
        return [action_words(one, self.choices) for one in self.rule.actions]

    @property
    def is_tried(self) -> bool:
        return self.rule.tried == digest_of(self.rule)


def read_automations(rules: Sequence[AutomationRule]) -> list[ReadAutomation]:
    """With their conditions, in as many queries for many as for one."""
    conditions = read_trees([rule.condition for rule in rules], vocabulary("feedback"))
    choices = Choices()
    return [
        _read(rule, condition, choices) for rule, condition in zip(rules, conditions, strict=True)
    ]


def _read(
    rule: AutomationRule, condition: Condition | ConditionInvalid, choices: Choices
) -> ReadAutomation:
    if isinstance(condition, ConditionInvalid):
        words = " ".join(str(one.message) for one in condition.problems)
        return ReadAutomation(rule, None, choices, words)
    _kept, problems = clean_actions(rule.actions, choices)
    return ReadAutomation(rule, condition, choices, " ".join(problems))


def automation_rules() -> list[ReadAutomation]:
    """All that are not archived, in their order."""
    return read_automations(list(AutomationRule.objects.in_order()))


def digest_of(rule: AutomationRule) -> str:
    """Of everything that decides what a rule does: what was tried is what goes live."""
    does = [rule.event, rule.condition or always(), rule.actions, rule.once_per_record]
    return hashlib.sha256(json.dumps(does, sort_keys=True).encode()).hexdigest()


def doing_of(rule: AutomationRule) -> Doing:
    return Doing(
        id=rule.pk or 0,
        waits_for="" if rule.by_time else rule.event,
        sets=set_by(rule.actions),
        adds=added_by(rule.actions),
        when=tuple(rule.condition or always()),
    )


def loop_with(rule: AutomationRule) -> list[AutomationRule]:
    """The rules that would set each other off without end if `rule` were active as it is now;
    empty when all come to rest."""
    others = list(AutomationRule.objects.active().exclude(pk=rule.pk))
    circle = loop_in([*map(doing_of, others), doing_of(rule)])
    by_id = {one.pk: one for one in others} | {rule.pk or 0: rule}
    return [by_id[pk] for pk in circle]


# --- what an event changed ----------------------------------------------------------------------
Changes = dict[str, tuple[Any, Any]]


def changes_of(entry: TimelineEntry) -> Changes:
    """What a line of the story changed, as conditions ask for it: field → (before, after)."""
    if entry.kind == TimelineKind.FIELDS:
        return _fields_changed(entry.data["changes"])
    return _properties_changed(entry)


def _properties_changed(entry: TimelineEntry) -> Changes:
    data = entry.data
    before, after = data.get("before"), data.get("after")
    match entry.kind:
        case TimelineKind.STATUS | TimelineKind.REOPENED:
            states = dict(
                Status.objects.filter(code__in=[before, after]).values_list("code", "state")
            )
            return _differing(
                status=(before, after), state=(states.get(before), states.get(after))
            )
        case TimelineKind.PRIORITY:
            return _differing(priority=(before, after))
        case TimelineKind.CATEGORY:
            codes: dict[Any, str] = dict(
                Category.objects.filter(pk__in=[one for one in (before, after) if one])
                .values_list("pk", "code")
            )  # fmt: skip
            return _differing(category=(codes.get(before), codes.get(after)))
        case TimelineKind.TAGS:
            keys = dict(Tag.objects.filter(name__in=[*before, *after]).values_list("name", "pk"))
            sides = [
                sorted(keys[name] for name in side if name in keys) for side in (before, after)
            ]
            return _differing(tag=(sides[0], sides[1]))
        case TimelineKind.ASSIGNED:
            return _differing(
                team=(before["team"], after["team"]),
                assignee=(before["assignee"], after["assignee"]),
            )
    return {}


def _fields_changed(changes: Iterable[tuple[str, Any, Any]]) -> Changes:
    """Of custom fields, as their conditions read a record; what was deleted since is left out."""
    known = made_fields(FieldSubject.FEEDBACK)()
    return {
        field.name: (_as_read(field, code, before), _as_read(field, code, after))
        for code, before, after in changes
        if (field := known.get(f"{MADE}{code}")) is not None
    }


def _as_read(field: Field, code: str, value: Any) -> Any:
    return field.value(SimpleNamespace(custom={} if value is None else {code: value}))


def _differing(**fields: tuple[Any, Any]) -> Changes:
    return {name: both for name, both in fields.items() if both[0] != both[1]}


# --- what they did ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in words: what was done, and what was left undone with its reason."""

    run: AutomationRun
    done: Sequence[str]
    left: Sequence[str]


def automation_runs(user: User, *, rule: int | None = None, failed: bool = False) -> QuerySet[Any]:
    """Newest first, on records that `user` may see."""
    runs = AutomationRun.objects.select_related("rule", "feedback").order_by("-at", "-pk")
    if not user.has_perm("accounts.view_every_team"):
        visible = Feedback.objects.visible_to(user)
        runs = runs.filter(feedback__in=visible.values("pk"))
    if rule is not None:
        runs = runs.filter(rule=rule)
    if failed:
        runs = runs.exclude(error="")
    return runs


def run_lines(runs: Iterable[AutomationRun]) -> list[RunLine]:
    choices = Choices()
    lines = []
    for run in runs:
        done, left = [], []
        for one in run.did:
            words = action_words(one, choices)
            if one.get("left"):
                left.append(labelled(words, one["left"]))
            else:
                done.append(words)
        lines.append(RunLine(run, done, left))
    return lines


def event_words(event: str) -> str:
    return str(RuleEvent(event).label) if event in RuleEvent.values else _("unknown")
