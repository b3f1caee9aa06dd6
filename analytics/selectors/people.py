"""Who may do what about the machine that reads."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors.people import holds

TEACH = "change_textmodel"


def people_who_may_teach() -> QuerySet[User]:
    """Active people who may let the machine learn, by id."""
    people = User.objects.filter(holds(TEACH), is_active=True)
    return people.distinct().order_by("pk")
