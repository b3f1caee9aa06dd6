"""What the worker runs: shells, each safe to run twice."""

import logging

from django.conf import settings

from accounts.rules.demo_logins import DEMO_PASSWORD
from analytics.demo.make import make_demo
from analytics.demo.remove import remove_demo
from analytics.models import DemoCompany
from analytics.services.demo_order import removal_failed
from config.kernel.live import tell_pages

logger = logging.getLogger(__name__)


def make_demo_company() -> None:
    """Ordered on the set-up page."""
    if not DemoCompany.objects.exists():
        make_demo(password=DEMO_PASSWORD if settings.DEBUG else None)
    tell_pages("demo")


def remove_demo_company() -> None:
    """Ordered on the set-up page, which says what came of it; an order that failed is not tried
    again behind people's backs."""
    if not DemoCompany.objects.filter(removal_ordered_at__isnull=False).exists():
        return
    try:
        remove_demo()
    except Exception:  # whatever it is: nothing is half gone, and somebody waits for an answer
        logger.exception("the demo company could not be removed")
        removal_failed()
    else:
        tell_pages("demo")
