"""Who can be given a problem, a measure or a step of one."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors.people import holds


def people_who_may_own() -> QuerySet[User]:
    """Active people who may see problems and measures, by name."""
    people = User.objects.filter(holds("view_problem"), is_active=True)
    return people.distinct().order_by("name", "pk")
