from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.services.roles import ensure_roles
from analytics.services.alert_rules import ensure_ready_rules
from feedback.services.defaults import ensure_defaults
from surveys.services.defaults import ensure_call_back_survey


class Command(BaseCommand):
    help = (
        "Brings the database up to date and makes what every installation needs: roles, "
        "statuses, first categories, the acknowledgement, rules of alerts. Run it at "
        "installation and after every upgrade; running it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        ensure_roles()
        ensure_defaults()
        ensure_call_back_survey()
        ensure_ready_rules()
        self.stdout.write("Ready.")
