"""Rules of alerts: what is watched and who is told. Every write of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from analytics.enums import AlertKind
from analytics.errors import AlertRuleRefused
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.daily import WATCHABLE
from analytics.models import Alert, AlertRule
from analytics.rules.alerts import READY, SERIES
from analytics.selectors.boards.asking import keys_of
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.selectors.facts.measuring import dimensions_of
from config.kernel.live import tell_pages
from feedback.errors import FilterNotKnown

MOST_RULES = 100
FIELDS = (
    "name", "metric", "each", "filters", "team", "sides", "sensitivity", "by_mail", "quiet_from",
    "quiet_to", "snoozed_until", "is_active",
)  # fmt: skip
_OF_CUSTOMERS = {"tier", "organisation"}
_OF_COLLEAGUES = {"assignee"}  # an alert is no judgement of a colleague


@transaction.atomic
def save_rule(
    rule_id: int | None,
    *,
    by: User,
    kind: str,
    people: Iterable[User] | None = None,
    teams: Iterable[Team] | None = None,
    **fields: Any,
) -> AlertRule:
    """A new one, or any of FIELDS of one there is; its kind stays. Who sees some teams only makes
    rules for one of these. Raises AlertRuleRefused, ValidationError, AlertRule.DoesNotExist."""
    if rule_id is None:
        if AlertRule.objects.there().count() >= MOST_RULES:
            raise AlertRuleRefused(_("There are too many rules: remove one first."))
        rule = AlertRule(kind=kind, made_by=by)
    else:
        rule = AlertRule.objects.there().select_for_update(of=["self"]).get(pk=rule_id)
    before = _watched(rule)
    rule = checked_rule(rule, by=by, **fields)
    rule.save()
    if people is not None:
        rule.people.set(people)
    if teams is not None:
        rule.teams.set(teams)
    if rule_id is not None and before != _watched(rule):
        # It watches something else: what it raised before is over.
        Alert.objects.running().filter(rule=rule).update(ended_at=timezone.now())
    tell_pages("alerts")
    return rule


def checked_rule(rule: AlertRule, *, by: User, **fields: Any) -> AlertRule:
    """With any of FIELDS, not saved. Raises AlertRuleRefused, ValidationError."""
    for name in FIELDS:
        if name in fields:
            setattr(rule, name, fields[name])
    rule.filters = {name: list(texts) for name, texts in (rule.filters or {}).items() if texts}
    rule.name = rule.name.strip()
    _ensure_makes_sense(rule)
    _ensure_own(rule, by)
    rule.full_clean(exclude=["made_by"], validate_constraints=False)
    return rule


def _watched(rule: AlertRule) -> tuple[Any, ...]:
    return rule.metric, rule.each, rule.filters, rule.team_id, rule.is_active


@transaction.atomic
def remove_rule(rule_id: int) -> None:
    """Nothing is watched any more; the alerts that it raised stay, as over."""
    now = timezone.now()
    AlertRule.objects.there().filter(pk=rule_id).update(removed_at=now, is_active=False)
    Alert.objects.running().filter(rule=rule_id).update(ended_at=now)
    tell_pages("alerts")


@transaction.atomic
def ensure_ready_rules() -> None:
    """Those that come with the product, each once: what was changed or removed stays so."""
    known = set(AlertRule.objects.exclude(code="").values_list("code", flat=True))
    for one in READY:
        if one.code not in known:
            AlertRule.objects.create(
                code=one.code,
                kind=one.kind,
                metric=one.metric,
                each=one.by,
                sides=one.sides,
                sensitivity=one.sensitivity,
            )


def _ensure_own(rule: AlertRule, by: User) -> None:
    if by.has_perm("accounts.view_every_team"):
        return
    if rule.team_id is None or not by.memberships.filter(team=rule.team_id).exists():
        raise AlertRuleRefused(_("Choose one of your teams: you see the alerts of these."))


def _ensure_makes_sense(rule: AlertRule) -> None:
    """The metric can be watched, and told apart and narrowed as the rule wants."""
    match rule.kind:
        case AlertKind.METRIC:
            metric = WATCHABLE.get(rule.metric)
            if metric is None:
                raise AlertRuleRefused(_("This metric cannot be watched day by day."))
            known: Sequence[str] = _narrowing(metric)
        case AlertKind.NEGATIVE:
            rule.metric = ""
            known = [one for one in _narrowing(WATCHABLE["volume"]) if one != "mood"]
        case AlertKind.TOPIC:
            rule.metric, rule.each, known = "", "", []
        case AlertKind.CUSTOMER:
            rule.metric, rule.each, known = "", "", sorted(_OF_CUSTOMERS)
        case _:
            raise AlertRuleRefused(_("There is no such kind of rule."))
    wanted = [*rule.filters, *([rule.each] if rule.each else [])]
    for name in wanted:
        if name not in known or (name == rule.each and name not in SERIES):
            label = DIMENSIONS[name].label if name in DIMENSIONS else name
            said = _("This cannot be watched by “%(dimension)s”.")
            raise AlertRuleRefused(said % {"dimension": label})
    _ensure_known(rule.filters)


def _narrowing(metric: Metric) -> list[str]:
    return [one for one in dimensions_of(metric) if one not in _OF_COLLEAGUES]


def _ensure_known(filters: Mapping[str, Any]) -> None:
    try:
        keys_of({name: tuple(texts) for name, texts in filters.items()})
    except FilterNotKnown as unknown:
        raise AlertRuleRefused(str(unknown.message)) from unknown
