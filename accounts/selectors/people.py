"""Who of the staff may do what."""

from django.db.models import Q


def holds(codename: str) -> Q:
    """Condition on people: that they have a permission (`change_survey`) themselves, by a role or
    as superusers. It looks into tables of many rows: wants `distinct()`."""
    by_role = Q(groups__permissions__codename=codename)
    return Q(is_superuser=True) | by_role | Q(user_permissions__codename=codename)
