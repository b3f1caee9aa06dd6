from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale

from config.kernel import catalogue

SOURCES = ["accounts", "analytics", "config", "feedback", "surveys", "templates"]


class Command(BaseCommand):
    help = (
        "Bring locale/*/LC_MESSAGES/django.po up to date with the code (GNU gettext not needed)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--check", action="store_true", help="fail when a translation is missing"
        )
        what.add_argument("--compile", action="store_true", help="only make the .mo files")

    def handle(self, **options: Any) -> None:
        # The source is English, so that needs no catalogue.
        for code, _name in settings.LANGUAGES:
            if code != settings.LANGUAGE_CODE:
                locale = to_locale(code)
                path = Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / "django.po"
                if options["compile"]:
                    self.compile(locale, path)
                elif options["check"]:
                    self.check_complete(locale, path)
                else:
                    self.update(locale, path)

    def update(self, locale: str, path: Path) -> None:
        current = catalogue.sentences(settings.BASE_DIR, SOURCES)
        known = catalogue.updated(catalogue.read(path, locale), current)
        catalogue.write(known, path)
        missing = sum(1 for _ in catalogue.problems(known, current))
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {len(known)} sentences.")
        if missing:
            self.stdout.write(f"{missing} need a translator: messages --check lists them.")
        self.compile(locale, path)

    def check_complete(self, locale: str, path: Path) -> None:
        current = catalogue.sentences(settings.BASE_DIR, SOURCES)
        found = list(catalogue.problems(catalogue.read(path, locale), current))
        if found:
            raise CommandError(
                "\n".join(
                    [*found, f"{len(found)} in {locale}: run `make messages`, then translate."]
                )
            )

    def compile(self, locale: str, path: Path) -> None:
        compiled = path.with_suffix(".mo")
        if not path.exists():
            return
        if not compiled.exists() or compiled.stat().st_mtime <= path.stat().st_mtime:
            catalogue.compile_to(catalogue.read(path, locale), compiled)
