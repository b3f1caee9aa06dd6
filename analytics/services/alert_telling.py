"""Who is told of an alert, and how: each in their own language, nobody who may not see it."""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone, translation

from accounts.models import User
from accounts.selectors.people import holds
from analytics.enums import AlertKind
from analytics.models import Alert, AlertRule
from analytics.rules.alerts import mail_at
from analytics.selectors.alerts.wording import sentence_of, title_of
from analytics.selectors.window import today
from feedback.enums import NoticeKind
from feedback.services.notifying import notify_of_page
from feedback.services.staff_mail import language_of


def tell(alert: Alert, rule: AlertRule, now: datetime) -> None:
    """Inside another service. Whoever the rule names; if it names nobody, those who may
    acknowledge alerts; of a key customer also their success manager. Nobody while the rule is
    snoozed, or the alert was dismissed."""
    alert.told_off = alert.off
    if rule.is_snoozed(today(now)) or alert.dismissed_at is not None:
        alert.save(update_fields=["told_off"])
        return
    alert.told_at = now
    alert.save(update_fields=["told_off", "told_at"])
    local = timezone.localtime(now, timezone.get_default_timezone())
    later = mail_at(local, rule.quiet_from, rule.quiet_to)
    by_language: dict[str, list[int]] = defaultdict(list)
    for person in who_is_told(alert, rule):
        by_language[language_of(person)].append(person.pk)
    for language, people in by_language.items():
        with translation.override(language):
            notify_of_page(
                people,
                NoticeKind.ALERT,
                by=None,
                page=alert.get_absolute_url(),
                title=title_of(alert),
                text=sentence_of(alert),
                mail_after=later,
                by_mail=rule.by_mail,
            )


def who_is_told(alert: Alert, rule: AlertRule) -> list[User]:
    people = {one.pk: one for one in rule.people.filter(is_active=True)}
    teams = list(rule.teams.values_list("pk", flat=True))
    members = User.objects.filter(is_active=True, memberships__team__in=teams).distinct()
    people |= {one.pk: one for one in members}
    if not people:
        usual = User.objects.filter(holds("change_alert"), is_active=True).distinct()
        people = {one.pk: one for one in usual}
    if alert.kind == AlertKind.CUSTOMER and alert.customer and alert.customer.owner:
        people[alert.customer.owner.pk] = alert.customer.owner
    return [one for one in people.values() if may_see(one, alert)]


def may_see(user: User, alert: Alert) -> bool:
    if not (user.is_active and user.has_perm("analytics.view_alert")):
        return False
    return Alert.objects.visible_to(user).filter(pk=alert.pk).exists()
