"""Changing when the machine decides alone."""

from django.db import transaction

from analytics.models import ReadingRules
from analytics.services.learning import set_thresholds_anew


@transaction.atomic
def save_reading_rules(rules: ReadingRules) -> ReadingRules:
    """There is one row; the models at work follow at once."""
    there = ReadingRules.objects.first()
    if there is not None:
        rules.pk, rules.code = there.pk, there.code
    rules.full_clean(exclude=["id", "code"])
    rules.save()
    set_thresholds_anew()
    return rules
