from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from surveys.models import TallyBlock
from surveys.services.tallying import is_right, tally_again


class Command(BaseCommand):
    help = (
        "Compares the tallies that results of surveys are counted from with the answers, block "
        "by block. Ends with 1 when one differs; with --repair it is tallied anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", type=int, help="the number of one survey; otherwise all")
        parser.add_argument("--repair", action="store_true", help="tally anew what differs")

    def handle(self, *, survey: int | None, repair: bool, **options: Any) -> None:
        blocks = TallyBlock.objects.order_by("survey", "number")
        if survey is not None:
            blocks = blocks.filter(survey=survey)
        wrong = [block for block in blocks if not is_right(block.pk)]
        for block in wrong:
            self.stdout.write(f"Survey {block.survey_id}: block {block.number} differs.")
            if repair:
                tally_again(block.pk)
        said = "repaired" if repair else "wrong"
        self.stdout.write(f"{blocks.count()} blocks, {len(wrong)} {said}.")
        if wrong and not repair:
            raise SystemExit(1)
