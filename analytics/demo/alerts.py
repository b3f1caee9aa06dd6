"""The alerts of the demo company: what yesterday says is noticed at once; they go with it."""

from datetime import datetime

from django.db.models import Q, QuerySet

from analytics.models import Alert, AlertRule, DemoCompany
from analytics.services.alert_watch import watch_days, watch_now


def raise_alerts(now: datetime) -> None:
    """Yesterday is looked at once more, in case it was before there was anything to see."""
    AlertRule.objects.active().update(checked_on=None)
    watch_days(now)
    watch_now(now)


def alerts_of_demo(company: DemoCompany) -> QuerySet[Alert]:
    """What was raised while its records stood among the others, by them."""
    theirs = Q(evidence__feedback__customer__is_demo=True)
    theirs |= Q(evidence__response__customer__is_demo=True) | Q(customer__is_demo=True)
    theirs |= Q(team__is_demo=True)
    found = Alert.objects.filter(theirs, opened_at__gte=company.made_at).values("pk")
    return Alert.objects.filter(pk__in=found)
