"""Rules by which settled records are closed, anonymised or emptied when they are old enough."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.errors import DomainError
from feedback.enums import AgeBasis, RetentionAction, State
from feedback.errors import RuleUnusable
from feedback.models import RetentionRule, RetentionRun, Status
from feedback.selectors.retention import held_back, would_touch
from feedback.services.anonymising import anonymise_record
from feedback.services.holds import ensure_not_held
from feedback.services.records import lock
from feedback.services.workflow import apply_status

MAX_DAYS = 36_500
BATCH = 200
FAILED_WAITS = timedelta(days=1)
_log = logging.getLogger(__name__)


@transaction.atomic
def save_rule(rule: RetentionRule) -> RetentionRule:
    """Raises RuleUnusable. A rule whose sense changed is switched off until somebody has looked
    at its dry run again."""
    ensure_rule_usable(rule)
    before = RetentionRule.objects.filter(pk=rule.pk).first()
    sense = ("condition", "action", "after_days", "basis")
    if before is None or any(getattr(before, name) != getattr(rule, name) for name in sense):
        rule.is_active = False
    rule.save()
    return rule


def ensure_rule_usable(rule: RetentionRule) -> None:
    """Raises RuleUnusable."""
    if not 1 <= rule.after_days <= MAX_DAYS:
        raise RuleUnusable(_("Days are between 1 and %(most)d.") % {"most": MAX_DAYS})
    if rule.action == RetentionAction.ARCHIVE and rule.basis == AgeBasis.CLOSED:
        words = _("What is closed need not be closed again: count from another moment.")
        raise RuleUnusable(words)
    try:
        read_tree(rule.condition, vocabulary("feedback"), allowed=frozenset())
    except ConditionInvalid as invalid:
        raise RuleUnusable(str(invalid)) from invalid


@transaction.atomic
def switch_rule(rule: RetentionRule, *, on: bool) -> None:
    """Raises RuleUnusable for one that cannot be run any more."""
    if on:
        ensure_rule_usable(rule)
    rule.is_active = on
    rule.save(update_fields=["is_active"])


@transaction.atomic
def remove_rule(rule: RetentionRule) -> None:
    """Its reports stay."""
    rule.delete()


def apply_rules(*, at_most: int = BATCH) -> int:
    """Run every active rule on at most so many records each, each record in a transaction of
    its own; how many were changed. Safe to run side by side and again after a crash."""
    changed = 0
    for rule in RetentionRule.objects.filter(is_active=True).order_by("pk"):
        run = _run(rule, at_most)
        changed += run.done if run is not None else 0
    return changed


def _run(rule: RetentionRule, at_most: int) -> RetentionRun | None:
    """The report; None when there was nothing to do."""
    now = timezone.now()
    wanted = would_touch(rule, now).exclude(number__in=_failed_lately(rule, now))
    ids = list(wanted.values_list("pk", "number")[:at_most])
    if not ids:
        return None
    held = held_back(rule, now).count()
    run = RetentionRun(rule=rule, rule_name=str(rule), action=rule.action, at=now, held=held)
    for pk, number in ids:
        try:
            if _apply(rule, pk):
                run.numbers.append(number)
        except DomainError as refusal:
            run.failed[str(number)] = refusal.code
        except Exception:  # one bad record must not keep the others
            _log.exception("Retention rule %s could not be applied to #%s.", rule.pk, number)
            run.failed[str(number)] = "error"
    run.save()
    return run


def _failed_lately(rule: RetentionRule, now: datetime) -> set[int]:
    """Numbers of records that failed within a day: they wait behind the others, so that the
    oldest ones, should they fail each time, hold nobody up."""
    runs = RetentionRun.objects.filter(rule=rule, at__gt=now - FAILED_WAITS).exclude(failed={})
    return {int(number) for failed in runs.values_list("failed", flat=True) for number in failed}


@transaction.atomic
def _apply(rule: RetentionRule, feedback_id: int) -> bool:
    """False when it is not for this rule any more: taken up again, held, done by another."""
    feedback = lock(feedback_id)
    if not would_touch(rule, timezone.now()).filter(pk=feedback.pk).exists():
        return False
    match RetentionAction(rule.action):
        case RetentionAction.ARCHIVE:
            ensure_not_held(feedback)
            closed = Status.objects.default_for(State.CLOSED)
            apply_status(feedback, closed, by=None, note="retention", rule=rule.pk)
        case RetentionAction.ANONYMISE:
            anonymise_record(feedback.pk, rule=rule.pk)
        case RetentionAction.DELETE:
            anonymise_record(feedback.pk, delete_texts=True, rule=rule.pk)
    return True
