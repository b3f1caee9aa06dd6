import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.logic.evaluation import evaluate, is_true
from surveys.logic.expression import LogicInvalid
from surveys.logic.reading import parse

# What JSON cannot say; all of it is null here.
_NOTHING = {"__undef__", "__NaN__"}


class Command(BaseCommand):
    help = (
        "Evaluates expressions of surveys: VECTORS.json is a list of {expression, values, kind "
        "(condition or expression), expected}. Writes the same list with “actual” and “ok”, and "
        "“error” where an expression cannot be read. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("vectors", type=Path, metavar="VECTORS.json")
        parser.add_argument("--out", type=Path, metavar="OUT.json")

    def handle(self, *args: Any, vectors: Path, out: Path | None, **options: Any) -> None:
        try:
            given = json.loads(vectors.read_text(encoding="utf-8"))
        except (OSError, ValueError) as wrong:
            raise CommandError(f"{vectors} cannot be read: {wrong}") from wrong
        if not isinstance(given, list):
            raise CommandError(f"{vectors} must hold a list.")
        results = [_result(vector) for vector in given]
        if out is not None:
            text = json.dumps(results, ensure_ascii=False, indent=1)
            out.write_text(text + "\n", encoding="utf-8")
        for number, result in enumerate(results, start=1):
            if not result["ok"]:
                why = result.get("error") or f"{result['actual']!r}"
                self.stdout.write(f"{number}: {result['expression']}: {why}")
        self.stdout.write(f"{sum(one['ok'] for one in results)} of {len(results)} as expected")


def _result(vector: dict[str, Any]) -> dict[str, Any]:
    values = _without_marks(vector.get("values") or {})
    expected = vector.get("expected")
    result = {**vector, "actual": None, "ok": False}
    try:
        tree = parse(vector["expression"], values).tree
    except LogicInvalid as invalid:
        result["error"] = str(invalid.message)
        return result
    is_condition = vector.get("kind") == "condition"
    actual = is_true(tree, values) if is_condition else evaluate(tree, values)
    result["ok"] = _alike(actual, _without_marks(expected))
    is_mark = isinstance(expected, str) and expected in _NOTHING
    result["actual"] = expected if is_mark and actual is None else actual
    return result


def _without_marks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_marks(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_marks(inner) for inner in value]
    return None if isinstance(value, str) and value in _NOTHING else value


def _alike(one: Any, other: Any) -> bool:
    """Equal in kind, too; lists in their order. 1 and 1.0 are one number."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
