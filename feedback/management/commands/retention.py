from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feedback.models import RetentionRule
from feedback.selectors.retention import held_back, rule_in_words, would_touch
from feedback.services.retention import apply_rules


class Command(BaseCommand):
    help = (
        "Applies the active retention rules to everything that is old enough. --dry-run changes "
        "nothing and lists what each rule, active or not, would change now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        if dry_run:
            for rule in RetentionRule.objects.order_by("pk"):
                self._say(rule)
            return
        total = 0
        while changed := apply_rules():
            total += changed
            self.stdout.write(f"{total:,} records changed")
        self.stdout.write("Done.")

    def _say(self, rule: RetentionRule) -> None:
        now = timezone.now()
        numbers = list(would_touch(rule, now).values_list("number", flat=True))
        words, broken = rule_in_words(rule)
        state = "active" if rule.is_active else "switched off"
        self.stdout.write(f"{rule} ({state}): {words} {broken}".strip())
        self.stdout.write(f"  {len(numbers):,} now, {held_back(rule, now).count():,} held back")
        for number in numbers:
            self.stdout.write(f"  #{number}")
