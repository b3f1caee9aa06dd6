"""Who may do what about the machine that reads."""

from django.db.models import Q, QuerySet

from accounts.models import User

TEACH = "change_textmodel"


def people_who_may_teach() -> QuerySet[User]:
    """Active people who may let the machine learn, by id."""
    holds = Q(groups__permissions__codename=TEACH) | Q(user_permissions__codename=TEACH)
    people = User.objects.filter(Q(is_superuser=True) | holds, is_active=True)
    return people.distinct().order_by("pk")
