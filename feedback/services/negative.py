"""Negative feedback: found by a rule or a person, its points, and why it was resolved without
some of them."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import NegativePointKind, NoticeKind, Priority, State, TimelineKind
from feedback.errors import NegativeRefused
from feedback.models import Feedback, NegativeCase, NegativePoint, NegativeRule
from feedback.selectors.negative import missing_points
from feedback.selectors.send_times import work_begins
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_watch import leads_of

# What happened longer ago is no news; who wants it treated so says it on the record.
RECENT = timedelta(days=2)
AT_ONCE = 200
_log = logging.getLogger(__name__)


def find_negative(*, only: int | None = None) -> int:
    """Start a case for what the rule finds among the records with news, or for the record with
    the id `only`; gives how many. Text analysis that fills `sentiment` later is thereby heard,
    too. Safe to run twice."""
    rule = NegativeRule.objects.filter(is_active=True).first()
    if rule is None:
        return 0
    try:
        condition = read_tree(rule.condition, vocabulary("feedback"), allowed=frozenset())
    except ConditionInvalid as invalid:
        _log.warning("The rule for negative feedback is not applied: %s", invalid)
        return 0
    now = timezone.now()
    since = now - RECENT
    has_news = (
        Q(received_at__gte=since)
        | Q(last_customer_message_at__gte=since)
        | Q(satisfaction_at__gte=since)
    )
    found = Feedback.objects.of_customers().filter(has_news, negative_at=None)
    if only is not None:
        found = found.filter(pk=only)
    found = found.filter(to_q(condition, Context(now=now))).order_by("pk")
    keys = list(found.values_list("pk", flat=True)[:AT_ONCE])
    return sum(_start(pk, by=None) for pk in keys)


def mark_negative(feedback_id: int, *, by: User) -> bool:
    """A person sees that it is negative. False when it is treated so already."""
    return _start(feedback_id, by=by)


@transaction.atomic
def _start(feedback_id: int, *, by: User | None) -> bool:
    feedback = lock(feedback_id)
    is_gone = feedback.state in {State.MERGED, State.SPAM}
    if is_gone or NegativeCase.objects.filter(feedback=feedback).exists():
        return False
    now = timezone.now()
    case = NegativeCase.objects.create(feedback=feedback, started_at=now, started_by=by)
    NegativePoint.objects.bulk_create(
        NegativePoint(case=case, kind=kind) for kind in NegativePointKind
    )
    feedback.negative_at = now
    save_change(feedback, "negative_at")
    tell(feedback, TimelineKind.NEGATIVE, by=by, what="started")
    # Nobody is woken for what is not urgent.
    urgent = feedback.priority == Priority.URGENT
    mail_after = now if urgent else work_begins(now, feedback)
    people = [one.pk for one in leads_of(feedback)]
    notify(feedback, NoticeKind.NEGATIVE, by=by, to=people, mail_after=mail_after)
    return True


@transaction.atomic
def write_point(
    feedback_id: int, *, by: User, kind: NegativePointKind, text: str, done: bool
) -> NegativePoint:
    """Say what was done about one point. Raises NegativeRefused for a record that is not
    treated as negative, and for a root cause or a training note without words."""
    feedback = lock(feedback_id)
    point = NegativePoint.objects.filter(case=feedback.pk, kind=kind).first()
    if point is None:
        raise NegativeRefused(_("This record is not treated as negative feedback."))
    in_words = {NegativePointKind.ROOT_CAUSE, NegativePointKind.TRAINING}
    if done and kind in in_words and not text.strip():
        raise NegativeRefused(_("Write it down: others learn from it."))
    point.text = text.strip()
    if done != (point.done_at is not None):
        point.done_at, point.done_by = (timezone.now(), by) if done else (None, None)
    point.save(update_fields=["text", "done_at", "done_by"])
    save_change(feedback)
    tell(
        feedback,
        TimelineKind.NEGATIVE,
        by=by,
        note=point.text,
        what="done" if done else "undone",
        point=str(kind),
    )
    return point


@transaction.atomic
def excuse_missing(feedback_id: int, *, by: User, reason: str) -> NegativeCase:
    """Say why it may be resolved although something is missing. Raises NegativeRefused."""
    feedback = lock(feedback_id)
    case = NegativeCase.objects.filter(feedback=feedback).first()
    if case is None:
        raise NegativeRefused(_("This record is not treated as negative feedback."))
    if not reason.strip():
        raise NegativeRefused(_("Say why."))
    case.excuse, case.excused_by = reason.strip(), by
    case.save(update_fields=["excuse", "excused_by"])
    save_change(feedback)
    left = [str(one) for one in missing_points(feedback)]
    tell(feedback, TimelineKind.NEGATIVE, by=by, note=case.excuse, what="excused", missing=left)
    return case


@transaction.atomic
def save_negative_rule(rule: NegativeRule) -> NegativeRule:
    """Raises ConditionInvalid, NegativeRefused for a rule that everything fits."""
    tree = read_tree(rule.condition, vocabulary("feedback"), allowed=frozenset()).tree
    if tree == ["and"]:
        raise NegativeRefused(_("Everything would be negative: say what is."))
    rule.condition = tree
    rule.save()
    return rule
