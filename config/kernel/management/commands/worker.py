from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.kernel.cluster import run_cluster
from config.kernel.worker import Supervisor


class Command(BaseCommand):
    help = "Run background jobs. Start as many of these as you like, on any machine."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        # How the supervisor calls its cluster; not for people.
        parser.add_argument("--of-supervisor", type=int, help=SUPPRESS)

    def handle(self, **options: Any) -> None:
        if options["of_supervisor"]:
            run_cluster(options["of_supervisor"])
        else:
            Supervisor().run()
