from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from surveys.models import QualityCheck, Survey
from surveys.services.quality_rules import check_all


class Command(BaseCommand):
    help = "Looks at all complete responses of a survey again, by its rules of now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey", type=UUID, metavar="SURVEY", help="its key, as in addresses")

    def handle(self, *args: Any, survey: UUID, **options: Any) -> None:
        found = Survey.objects.filter(slug=survey).first()
        if found is None:
            raise CommandError("There is no such survey.")
        check_all(found.pk)
        mine = QualityCheck.objects.filter(survey=found)
        self.stdout.write(f"{mine.count()} responses, {mine.flagged().count()} with flags.")
