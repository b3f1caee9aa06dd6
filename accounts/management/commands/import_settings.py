from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services.setting_files import SAME, Report, import_settings
from config.kernel.errors import DomainError
from config.kernel.portable.file import read_text


class Command(BaseCommand):
    help = (
        "Takes over a configuration that export_settings wrote: all of it, or nothing when one "
        "setting is refused. --dry-run only tells what would become of each."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--user", required=True, metavar="EMAIL", help="on whose account, by whose rights"
        )
        parser.add_argument("--kind", action="append", metavar="KIND")
        parser.add_argument("--dry-run", action="store_true")

    def handle(
        self,
        *args: Any,
        file: str,
        user: str,
        dry_run: bool,
        kind: list[str] | None = None,
        **options: Any,
    ) -> None:
        by = User.objects.filter(email__iexact=user, is_active=True).first()
        if by is None:
            raise CommandError(f"Nobody works here with the address {user}.")
        try:
            data = read_text(Path(file).read_bytes())
            with pghistory.context(user=by.pk):
                report = import_settings(data, by=by, kinds=kind, dry_run=dry_run)
        except (DomainError, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(report)
        if report.is_refused:
            raise CommandError("Something was refused: nothing was imported.")

    def _tell(self, report: Report) -> None:
        for one in report.rows:
            if one.outcome == SAME:
                continue
            self.stdout.write(f"{one.setting.name} {one.key}: {one.outcome}")
            for change in one.changes:
                self.stdout.write(f"    {change.label}: {change.before} → {change.after}")
            for words in (one.reason, one.note):
                if words:
                    self.stdout.write(f"    {words}")
        counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items())
        self.stdout.write(f"{counts}. {'Imported.' if report.is_imported else 'Nothing changed.'}")
