import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.setting_files import export_settings
from config.kernel.settings_models import exported_models


class Command(BaseCommand):
    help = (
        "Writes the configuration as JSON, without passwords and keys: to standard output or to "
        "--output. --kind (several times) takes only some kinds, such as feedback.category."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", action="append", metavar="KIND")
        parser.add_argument("--output", metavar="FILE")

    def handle(self, *args: Any, kind: list[str] | None, output: str, **options: Any) -> None:
        known = {one.name for one in exported_models()}
        if unknown := sorted(set(kind or ()) - known):
            raise CommandError(f"{', '.join(unknown)}: not exported. {', '.join(sorted(known))}")
        text = json.dumps(export_settings(kind), ensure_ascii=False, indent=2)
        if output:
            Path(output).write_text(f"{text}\n", encoding="utf-8")
        else:
            self.stdout.write(text)
