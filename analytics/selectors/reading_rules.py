"""When the machine decides alone and what it learns from."""

from analytics.models import ReadingRules


def reading_rules() -> ReadingRules:
    """The rules, or the defaults (not saved)."""
    return ReadingRules.objects.first() or ReadingRules()
