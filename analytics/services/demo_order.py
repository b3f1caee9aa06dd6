"""Asking a worker for the demo company, or to be rid of it: both take longer than a page may."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.staff import has_real_admin, make_first_admin
from analytics.models import DemoCompany
from config.kernel.errors import DomainError
from config.kernel.jobs import enqueue
from config.kernel.live import tell_pages
from feedback.models import Feedback


class NotEmpty(DomainError):
    code = "not_empty"


class RemovalUnderWay(DomainError):
    code = "removal_under_way"

    def __init__(self) -> None:
        super().__init__(_("The demo company is being removed already."))


@transaction.atomic
def order_demo() -> None:
    """Raises NotEmpty: invented customers are not mixed with real ones by one press."""
    if DemoCompany.objects.exists() or Feedback.objects.exists():
        raise NotEmpty(_("There is feedback already, so no demo company is made."))
    enqueue("analytics.tasks.make_demo_company")


@transaction.atomic
def order_removal(*, email: str = "", name: str = "", password: str = "") -> User | None:
    """Have the demo company removed by a worker, once however often it is asked for.

    Where nobody real could get in afterwards, the admin with this name and password is made in
    the same go and given back. Raises RemovalUnderWay, also when there is nothing to remove.
    """
    # Locked = a worker is at it, and has been long enough for its order to look lost.
    company = DemoCompany.objects.select_for_update(skip_locked=True).first()
    now = timezone.now()
    if company is None or company.is_being_removed(now):
        raise RemovalUnderWay
    first = None
    if not has_real_admin():
        first = make_first_admin(email=email, name=name, password=password)
    company.removal_ordered_at, company.removal_failed_at = now, None
    company.save(update_fields=["removal_ordered_at", "removal_failed_at"])
    enqueue("analytics.tasks.remove_demo_company")
    tell_pages("demo")
    return first


@transaction.atomic
def removal_failed() -> None:
    """Nothing is gone and it can be ordered again; the page says so."""
    DemoCompany.objects.update(removal_ordered_at=None, removal_failed_at=timezone.now())
    tell_pages("demo")
