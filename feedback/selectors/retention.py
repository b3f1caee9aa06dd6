"""Which records a retention rule would touch, and which are held back."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import AgeBasis, RetentionAction, State
from feedback.models import Feedback, LegalHold, RetentionRule, RetentionRun
from feedback.models.feedback import FeedbackQuerySet

# Nothing that somebody still works on is ever touched.
SETTLED = (State.RESOLVED, State.CLOSED, State.SPAM, State.MERGED)
_BASIS = {
    AgeBasis.RECEIVED: F("received_at"),
    AgeBasis.RESOLVED: F("resolved_at"),
    AgeBasis.CLOSED: F("closed_at"),
    # PostgreSQL's GREATEST passes over what is null.
    AgeBasis.LAST_WORD: Greatest(
        "received_at", "last_customer_message_at", "last_staff_message_at"
    ),
}
_NOT_DONE = {
    RetentionAction.ARCHIVE: Q(state=State.RESOLVED),
    RetentionAction.ANONYMISE: Q(anonymised_at=None),
    RetentionAction.DELETE: Q(contents_deleted_at=None),
}
HELD = Q(customer__legal_hold=True) | Q(pk__in=LegalHold.objects.values("feedback"))


def old_enough(rule: RetentionRule, now: datetime) -> FeedbackQuerySet:
    """What the rule is about today, held back or not, oldest first. Nothing while its condition
    cannot be run."""
    try:
        condition = read_tree(rule.condition, vocabulary("feedback"), allowed=frozenset())
    except ConditionInvalid:
        return Feedback.objects.none()
    until = now - timedelta(days=rule.after_days)
    rows = Feedback.objects.annotate(age_from=_BASIS[AgeBasis(rule.basis)])
    rows = rows.filter(state__in=SETTLED, age_from__lt=until)
    rows = rows.filter(_NOT_DONE[RetentionAction(rule.action)])
    return rows.filter(to_q(condition, Context(now=now))).order_by("age_from", "pk")


def would_touch(rule: RetentionRule, now: datetime) -> FeedbackQuerySet:
    """Exactly the records that a run would change now."""
    return old_enough(rule, now).exclude(HELD)


def held_back(rule: RetentionRule, now: datetime) -> FeedbackQuerySet:
    return old_enough(rule, now).filter(HELD)


def rule_in_words(rule: RetentionRule) -> tuple[str, str]:
    """The rule as a sentence; and why it is not run, when its condition no longer can be."""
    words = ngettext(
        "%(n)d day %(basis)s: %(action)s", "%(n)d days %(basis)s: %(action)s", rule.after_days
    )
    what = words % {
        "n": rule.after_days,
        "basis": AgeBasis(rule.basis).label,
        "action": RetentionAction(rule.action).label,
    }
    if rule.fits_everything:
        return _("All settled records, %(what)s") % {"what": what}, ""
    try:
        condition = read_tree(rule.condition, vocabulary("feedback"), allowed=frozenset())
    except ConditionInvalid as invalid:
        return what, str(invalid)
    return _("Settled records where %(condition)s, %(what)s") % {
        "condition": sentence(condition),
        "what": what,
    }, ""


def latest_runs(rule: RetentionRule | None = None) -> QuerySet[RetentionRun]:
    runs = RetentionRun.objects.order_by("-pk")
    return runs if rule is None else runs.filter(rule=rule)
