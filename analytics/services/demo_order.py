"""Asking a worker for the demo company: making it takes longer than a page may."""

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.models import DemoCompany
from config.kernel.errors import DomainError
from config.kernel.jobs import enqueue
from feedback.models import Feedback


class NotEmpty(DomainError):
    code = "not_empty"


@transaction.atomic
def order_demo() -> None:
    """Raises NotEmpty: invented customers are not mixed with real ones by one press."""
    if DemoCompany.objects.exists() or Feedback.objects.exists():
        raise NotEmpty(_("There is feedback already, so no demo company is made."))
    enqueue("analytics.tasks.make_demo_company")
