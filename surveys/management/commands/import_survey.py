import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from surveys.flow.checks import find_faults
from surveys.importing.assembling import Imported
from surveys.importing.bounded import LARGEST
from surveys.importing.files import read_file
from surveys.importing.source import FileRefused
from surveys.services.importing_surveys import import_survey


class Command(BaseCommand):
    help = (
        "Makes a draft out of a survey of LimeSurvey (.lss, .lsg, .lsq), XLSForm (.xlsx, .csv, "
        ".md, .json, .xml), SurveyJS (.json) or of ours (.json). --dry-run only tells what was "
        "read and what was not, and needs no database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--user", metavar="EMAIL", help="whose survey it becomes")

    def handle(
        self,
        *args: Any,
        file: Path,
        dry_run: bool,
        as_json: bool,
        user: str | None = None,
        **options: Any,
    ) -> None:
        try:
            with file.open("rb") as opened:
                imported = read_file(file.name, opened.read(LARGEST + 1))
        except (FileRefused, OSError) as refusal:
            raise CommandError(f"{file}: {refusal}") from refusal
        report = _report(imported)
        if not dry_run:
            owner = User.objects.filter(email__iexact=user, is_active=True).first()
            if user and owner is None:
                raise CommandError(f"Nobody works here with the address {user}.")
            survey = import_survey(imported, owner=owner, title=file.stem)
            report["survey"] = str(survey.slug)
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            self._tell(report)

    def _tell(self, report: dict[str, Any]) -> None:
        counts = ", ".join(f"{count} {name}" for name, count in report["counts"].items())
        taken = ", ".join(f"{count} {name}" for name, count in report["taken_over"].items())
        self.stdout.write(f"{report['format']}: {counts} read; {taken} taken over")
        for one in report["omitted"]:
            self.stdout.write(": ".join(part for part in one.values() if part))
        for fault in report["faults"]:
            self.stdout.write(f"Before it can be published: {fault}")
        if "survey" in report:
            self.stdout.write(f"Draft: {report['survey']}")


def _report(imported: Imported) -> dict[str, Any]:
    report = asdict(imported)
    faults = find_faults(imported.definition, known_languages=dict(settings.LANGUAGES))
    return report | {"faults": faults}
