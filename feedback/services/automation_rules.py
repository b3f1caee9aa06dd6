"""Keeping the rules of automation: nothing goes live that would run in circles, or untried."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.conditions import context_for
from config.kernel.archiving import bring_back
from config.kernel.conditions.condition import always
from config.kernel.conditions.evaluation import evaluate
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.punctuation import labelled, listed
from feedback.enums import RuleEvent, State
from feedback.errors import AutomationRefused
from feedback.models import AutomationRule, Feedback, TimelineEntry
from feedback.rules.actions import Choices, action_of, clean_actions, set_by
from feedback.rules.automation import HEARD, becomes_false, event_of, never_heard
from feedback.selectors.automation import (
    ReadAutomation,
    changes_of,
    digest_of,
    loop_with,
    read_automations,
)
from feedback.selectors.story import last_entry_id, story_of
from feedback.services.automation import do_actions
from feedback.services.records import lock

TRIED_ON = 100


@transaction.atomic
def save_automation(rule: AutomationRule) -> AutomationRule:
    """Store a rule. One whose doing changed is switched off until it was tried again. Raises
    AutomationRefused and ConditionInvalid."""
    ensure_automation(rule)
    if not rule.pk and not rule.order:
        rule.order = (AutomationRule.objects.aggregate(last=Max("order"))["last"] or 0) + 1
    if rule.is_active and rule.tried != digest_of(rule):
        rule.is_active = False
    rule.save()
    return rule


def ensure_automation(rule: AutomationRule) -> None:
    """That what a rule says is there, comes to an end, and does not go round in circles; its
    condition and actions are put into the form in which they are kept."""
    by_event = frozenset() if rule.by_time else frozenset({Needs.EVENT})
    condition = read_tree(rule.condition, vocabulary("feedback"), allowed=by_event)
    rule.condition = condition.tree
    if name := never_heard(rule.condition, rule.event):
        raise AutomationRefused(_never_words(name, rule.event))
    rule.actions, problems = clean_actions(rule.actions, Choices())
    if problems:
        raise AutomationRefused(" ".join(problems))
    if rule.by_time:
        _ensure_ends(rule)
    if circle := loop_with(rule):
        raise AutomationRefused(_loop_words(circle))


def _ensure_ends(rule: AutomationRule) -> None:
    if rule.condition == always():
        raise AutomationRefused(
            _("Without a condition this rule would take every record: say what it waits for.")
        )
    if not rule.once_per_record and not becomes_false(rule.condition, set_by(rule.actions)):
        raise AutomationRefused(
            _(
                "What this rule does leaves its condition true, so it would run again and again. "
                "Let it run once for each record, or ask for something that it changes."
            )
        )


def _never_words(name: str, event: str) -> str:
    return _(
        "The condition wants “%(field)s” to have changed, and that never happens together with "
        "“%(event)s”: choose the event that changes it."
    ) % {"field": vocabulary("feedback").field(name).label, "event": RuleEvent(event).label}


def _loop_words(circle: list[AutomationRule]) -> str:
    if len(circle) == 1:
        return _("This rule would set itself off without end.")
    names = listed(f"“{one.name}”" for one in circle)
    return _("These rules would set each other off without end: %(names)s.") % {"names": names}


@transaction.atomic
def switch_automation(rule: AutomationRule, *, on: bool) -> None:
    """Raises AutomationRefused when it was not tried as it is now, cannot be run, or would make a
    loop with those that are active."""
    if on:
        if rule.archived_at is not None:
            raise AutomationRefused(_("This rule is archived."))
        ensure_automation(rule)
        if rule.tried != digest_of(rule):
            raise AutomationRefused(_("Try this rule on the last records first."))
    rule.is_active = on
    rule.save(update_fields=["is_active"])


@transaction.atomic
def move_automation(rule: AutomationRule, *, earlier: bool) -> None:
    """One place up or down."""
    rows = list(AutomationRule.objects.in_order().select_for_update())
    place = next((at for at, row in enumerate(rows) if row.pk == rule.pk), None)
    if place is None:
        raise AutomationRefused(_("This rule has no other place."))
    other = place - 1 if earlier else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for order, row in enumerate(rows, 1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])


@transaction.atomic
def remove_automation(rule: AutomationRule) -> bool:
    """True when deleted, False when archived: stories of records and the log name it."""
    if not rule.hits and not rule.runs.exists():
        rule.delete()
        return True
    rule.is_active = False
    rule.archived_at = rule.archived_at or timezone.now()
    rule.save(update_fields=["is_active", "archived_at"])
    return False


@transaction.atomic
def bring_back_automation(rule: AutomationRule) -> None:
    """It comes back switched off."""
    bring_back(rule)


# --- trying -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TriedOn:
    """A record that the rule would touch: what would be different afterwards, line by line, what
    would be left undone, and the error that would undo it all."""

    feedback: Feedback
    changes: list[str]
    left: list[str]
    error: str


@dataclass(frozen=True, slots=True)
class Trial:
    looked_at: int
    rows: list[TriedOn]
    problem: str = ""


def try_automation(rule: AutomationRule, *, by: User) -> Trial:
    """What a stored rule would do with the last hundred real records that `by` may see: it is
    done for each and taken back, so nothing is stored and nothing leaves. Afterwards the rule
    may be switched on as it is now. Raises AutomationRefused and ConditionInvalid."""
    ensure_automation(rule)
    (read,) = read_automations([rule])
    records = list(
        Feedback.objects.visible_to(by)
        .real()
        .exclude(state__in=[State.SPAM, State.MERGED])
        .order_by("-pk")
        .values_list("pk", flat=True)[:TRIED_ON]
    )
    occasions = {} if rule.by_time else _last_events(records, rule.event)
    rows = []
    for pk in records:
        entry = occasions.get(pk)
        if rule.by_time or entry is not None:
            row = _try_on(read, pk, entry)
            if row is not None:
                rows.append(row)
    AutomationRule.objects.filter(pk=rule.pk).update(
        tried=digest_of(rule), tried_at=timezone.now()
    )
    rule.refresh_from_db(fields=["tried", "tried_at"])
    return Trial(len(records), rows, read.problem)


def _last_events(records: list[int], event: str) -> dict[int, TimelineEntry]:
    """record → the last time that this happened to it."""
    entries = TimelineEntry.objects.filter(feedback__in=records, kind__in=HEARD).order_by("pk")
    return {one.feedback_id: one for one in entries if event_of(one.kind, one.data) == event}


def _try_on(read: ReadAutomation, feedback_id: int, entry: TimelineEntry | None) -> TriedOn | None:
    row = None
    with transaction.atomic():
        feedback = lock(feedback_id)
        context = context_for(None, changes=changes_of(entry) if entry else {})
        if read.condition is not None and evaluate(read.condition, feedback, context):
            row = _done(read, feedback)
        transaction.set_rollback(True)
    return row


def _done(read: ReadAutomation, feedback: Feedback) -> TriedOn:
    seen = last_entry_id(feedback)
    did, error = do_actions(read.rule, feedback.pk, "trial", 1)
    changes = [line.sentence for line in story_of(feedback, after=seen)]
    left = []
    for one in did:
        action = action_of(one)
        if one.get("left") and action is not None:
            left.append(labelled(action.label, one["left"]))
    return TriedOn(feedback, changes, left, error)
