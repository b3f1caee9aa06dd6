"""What the worker runs: shells, each safe to run twice."""

from django.conf import settings

from accounts.rules.demo_logins import DEMO_PASSWORD
from analytics.demo.make import make_demo
from analytics.models import DemoCompany
from config.kernel.live import tell_pages


def make_demo_company() -> None:
    """Ordered on the set-up page."""
    if not DemoCompany.objects.exists():
        make_demo(password=DEMO_PASSWORD if settings.DEBUG else None)
    tell_pages("demo")
