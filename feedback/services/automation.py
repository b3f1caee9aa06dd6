"""Rules at work: what happened is looked at by the rules that wait for it, and time rules look
for what waited long enough. Safe to run twice and anywhere; what a person does never waits for it.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.conditions import context_for
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.context import Context
from config.kernel.conditions.evaluation import evaluate
from config.kernel.errors import DomainError
from feedback.enums import OPEN_STATES, NoticeKind, RuleEvent, State, TimelineKind
from feedback.models import (
    AutomationEvent,
    AutomationPause,
    AutomationRule,
    AutomationRun,
    Feedback,
    TimelineEntry,
)
from feedback.rules.actions import Acting, action_of
from feedback.rules.automation import CHANGES_A_DAY, MAX_DEPTH, event_of
from feedback.selectors.automation import ReadAutomation, changes_of, read_automations
from feedback.services.notifying import notify
from feedback.services.records import acting_rule, lock, save_change, tell
from feedback.services.rule_actions import add_rule_note
from feedback.services.sla_watch import leads_of

RUNS_KEPT = timedelta(days=180)
# The key of a run that happens once for a record.
ONCE = "once"
AT_ONCE = 200  # events, and records of one time rule, in one run; the rest is for the next
STALE = timedelta(days=1)  # what happened longer ago (a demo, an import) sets nothing off
SETTLED = timedelta(days=60)  # time rules leave alone what was settled longer ago
DAY = timedelta(days=1)
_LEFT_ALONE = (State.SPAM, State.MERGED)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """Why rules are asked about a record."""

    event: str
    key: str
    depth: int
    context: Context


# --- events -------------------------------------------------------------------------------------
def handle_events(*, limit: int = AT_ONCE) -> int:
    """Let the rules look at what happened, oldest first; gives how many events were dealt with.
    One that cannot be dealt with is logged and left out, so that it does not hold up others."""
    done = 0
    while done < limit:
        event = _next()
        if event is None:
            break
        try:
            if _handle(event.pk):
                done += 1
        except Exception:
            _log.exception("Event %s could not be dealt with", event.pk)
            AutomationEvent.objects.filter(pk=event.pk).delete()
    return done


def _free() -> QuerySet[AutomationEvent]:
    """Of each record the oldest: its events are dealt with in their order."""
    earlier = AutomationEvent.objects.filter(feedback_id=OuterRef("feedback_id"))
    return AutomationEvent.objects.exclude(Exists(earlier.filter(pk__lt=OuterRef("pk"))))


def _next() -> AutomationEvent | None:
    with transaction.atomic():
        return _free().order_by("pk").select_for_update(skip_locked=True).first()


@transaction.atomic
def _handle(event_id: int) -> bool:
    event = AutomationEvent.objects.select_for_update(skip_locked=True).filter(pk=event_id).first()
    if event is None:
        return False  # another worker has it
    event.delete()
    entry = TimelineEntry.objects.filter(pk=event.entry_id).first()
    now = timezone.now()
    if entry is None or entry.at < now - STALE:
        return True
    wanted = event_of(entry.kind, entry.data)
    if wanted is None:
        return True
    rules = list(AutomationRule.objects.active().filter(event=wanted))
    if rules:
        occasion = _Occasion(
            event=wanted,
            key=f"entry:{entry.pk}",
            depth=int(entry.data.get("depth", 0)) + 1,
            context=context_for(None, now=now, changes=changes_of(entry)),
        )
        _ask(read_automations(rules), entry.feedback_id, occasion)
    return True


def _ask(rules: list[ReadAutomation], feedback_id: int, occasion: _Occasion) -> None:
    """Each sees the record as the earlier ones left it."""
    feedback = lock(feedback_id)
    for one in rules:
        if feedback.state in _LEFT_ALONE or _is_paused(feedback):
            return
        if not _holds(one, feedback, occasion.context):
            continue
        _act(one.rule, feedback, occasion)
        if one.rule.stop:
            return
        feedback = lock(feedback_id)


def _holds(one: ReadAutomation, feedback: Feedback, context: Context) -> bool:
    if one.problem or one.condition is None:
        _log.warning("Rule %s is passed over: %s", one.rule.pk, one.problem)
        AutomationRule.objects.filter(pk=one.rule.pk).update(last_error=one.problem)
        return False
    try:
        with transaction.atomic():
            return evaluate(one.condition, feedback, context)
    except Exception:  # one rule must not keep the others from being asked
        _log.exception("Rule %s is passed over", one.rule.pk)
        return False


# --- time ---------------------------------------------------------------------------------------
def run_time_rules(*, limit: int = AT_ONCE) -> int:
    """Let the time rules do what it is time for, each with at most `limit` records; gives how
    many records that were. A record that a rule with `stop` took is not shown to later ones."""
    now = timezone.now()
    context = context_for(None, now=now, changes={})
    stopped: set[int] = set()
    done = 0
    rules = list(AutomationRule.objects.active().filter(event=RuleEvent.TIME))
    for one in read_automations(rules):
        if one.problem or one.condition is None:
            AutomationRule.objects.filter(pk=one.rule.pk).update(last_error=one.problem)
            continue
        key = ONCE if one.rule.once_per_record else f"at:{now:%Y%m%d%H%M%S}"
        occasion = _Occasion(RuleEvent.TIME, key, 1, context)
        due = _due(one, context, now).exclude(pk__in=stopped)
        for pk in list(due.order_by("pk").values_list("pk", flat=True)[:limit]):
            try:
                if _run_timed(one, pk, occasion):
                    done += 1
                    stopped |= {pk} if one.rule.stop else set()
            except Exception:
                _log.exception("Rule %s could not look at record %s", one.rule.pk, pk)
    return done


def _due(one: ReadAutomation, context: Context, now: datetime) -> QuerySet[Feedback]:
    assert one.condition is not None  # noqa: S101 - the caller looked
    recent = Q(state__in=OPEN_STATES) | Q(resolved_at__gte=now - SETTLED)
    runs = AutomationRun.objects.filter(rule=one.rule, feedback=OuterRef("pk"))
    if not one.rule.once_per_record:
        # What failed, or was left undone, is not tried again all day.
        runs = runs.filter(at__gt=now - DAY).filter(~Q(error="") | Q(changes=0))
    paused = AutomationPause.objects.on().filter(feedback=OuterRef("pk"))
    return (
        Feedback.objects.filter(recent)
        .exclude(state__in=_LEFT_ALONE)
        .filter(to_q(one.condition, context))
        .exclude(Exists(runs))
        .exclude(Exists(paused))
    )


@transaction.atomic
def _run_timed(one: ReadAutomation, feedback_id: int, occasion: _Occasion) -> bool:
    feedback = lock(feedback_id)
    if not _holds(one, feedback, occasion.context):  # it changed meanwhile
        return False
    return _act(one.rule, feedback, occasion)


# --- one rule, one record -----------------------------------------------------------------------
def _act(rule: AutomationRule, feedback: Feedback, occasion: _Occasion) -> bool:
    """Do what the rule says, all of it or nothing, and write down what came of it. False when
    this was done before."""
    run, is_new = AutomationRun.objects.get_or_create(
        rule=rule,
        feedback=feedback,
        key=occasion.key,
        defaults={"event": occasion.event, "depth": occasion.depth, "at": timezone.now()},
    )
    if not is_new:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        if occasion.depth > MAX_DEPTH:
            run.error = _("Rules set each other off %(depth)d times: this one was left out.") % {
                "depth": MAX_DEPTH
            }
        elif _changes_today(feedback) + len(rule.actions) > CHANGES_A_DAY:
            run.error = _switch_off_for(feedback)
        else:
            run.did, run.error = do_actions(rule, feedback.pk, occasion.key, occasion.depth)
    run.changes = 0 if run.error else sum(1 for one in run.did if not one.get("left"))
    run.save(update_fields=["did", "error", "changes"])
    AutomationRule.objects.filter(pk=rule.pk).update(
        hits=F("hits") + 1, last_hit_at=run.at, last_error=run.error
    )
    return True


def do_actions(
    rule: AutomationRule, feedback_id: int, key: str, depth: int
) -> tuple[list[dict[str, Any]], str]:
    """The actions of a rule on one record, all or none: what was done (with why something was
    left undone), and the error that undid it all, or ""."""
    acting = Acting(rule.pk or 0, rule.name_in(settings.LANGUAGE_CODE), key)
    did: list[dict[str, Any]] = []
    try:
        with transaction.atomic(), acting_rule(acting.rule_id, depth):
            for kept in rule.actions:
                left = _do(kept, feedback_id, acting)
                did.append({**kept, "left": left} if left else dict(kept))
    except DomainError as refusal:
        return did, str(refusal.message)
    except Exception as error:
        _log.exception("Rule %s failed on record %s", rule.pk, feedback_id)
        return did, _("It failed unexpectedly (%(error)s).") % {"error": type(error).__name__}
    return did, ""


def _do(kept: Mapping[str, Any], feedback_id: int, acting: Acting) -> str:
    action = action_of(kept)
    return action.run(feedback_id, kept, acting) if action else _("There is no such action.")


# --- ceilings -----------------------------------------------------------------------------------
def _changes_today(feedback: Feedback) -> int:
    since = timezone.now() - DAY
    pause = AutomationPause.objects.filter(feedback=feedback).first()
    if pause is not None and pause.over_at is not None:
        since = max(since, pause.over_at)
    runs = AutomationRun.objects.filter(feedback=feedback, at__gt=since)
    return runs.aggregate(total=Sum("changes"))["total"] or 0


def _is_paused(feedback: Feedback) -> bool:
    return AutomationPause.objects.on().filter(feedback=feedback).exists()


def _switch_off_for(feedback: Feedback) -> str:
    """No rule acts on the record any more, until somebody says so; a note says why."""
    AutomationPause.objects.update_or_create(
        feedback=feedback, defaults={"at": timezone.now(), "over_at": None}
    )
    words = _(
        "Rules changed this record %(most)d times within a day. They leave it alone from now on, "
        "until somebody switches them on again for it."
    ) % {"most": CHANGES_A_DAY}
    note = add_rule_note(feedback, words, name=_("Automation"), automatic=True)
    people = [one.pk for one in leads_of(feedback)]
    notify(feedback, NoticeKind.RULE, by=None, message=note, to=people)
    return words


@transaction.atomic
def resume_automation(feedback_id: int, *, by: User | None) -> bool:
    """Rules may act on the record again, and count anew; False when they had not stopped."""
    feedback = lock(feedback_id)
    paused = AutomationPause.objects.on().filter(feedback=feedback)
    is_over = paused.update(over_at=timezone.now()) > 0
    if is_over:
        save_change(feedback)
        tell(feedback, TimelineKind.AUTOMATED, by=by, what="resumed")
    return is_over


def forget_old_runs(*, at_most: int = 5000) -> int:
    """Runs that are older than RUNS_KEPT; how many. That a rule acted on a record for once
    (by time) is never forgotten: it would act again."""
    old = AutomationRun.objects.filter(at__lt=timezone.now() - RUNS_KEPT).exclude(key=ONCE)
    keys = list(old.order_by("at", "pk").values_list("pk", flat=True)[:at_most])
    return AutomationRun.objects.filter(pk__in=keys).delete()[0]
