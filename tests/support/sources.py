"""Rules that every file keeps: one test for a rule, which names the files that do not."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def offenders(paths: Iterable[Path], wrong: Callable[[Path], Any]) -> dict[str, Any]:
    """Of each file in which something is `wrong`, what; there must be files to look at."""
    files = list(paths)
    assert files
    return {name_of(path): found for path in files if (found := wrong(path))}
