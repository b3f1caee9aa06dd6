"""A question by another one, or by where answers come from, counted from tallies."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from surveys.enums import DataType
from surveys.models import Question
from surveys.models.response import ResponseQuerySet
from surveys.selectors.answer_counts import Blocks, bits_of, places_of


@dataclass(slots=True)
class CrossCounts:
    """People in each cell (row key, column key), in each row and column, and in all; only those
    with an opinion on both. Keys are choices, numbers, or what stands in a dimension."""

    cells: dict[tuple[Any, Any], int] = field(default_factory=dict)
    rows: dict[Any, int] = field(default_factory=dict)
    columns: dict[Any, int] = field(default_factory=dict)
    n: int = 0

    def add(self, other: "CrossCounts") -> None:
        """`other` counts other people."""
        pairs: tuple[tuple[dict[Any, int], dict[Any, int]], ...] = (
            (self.cells, other.cells), (self.rows, other.rows), (self.columns, other.columns),
        )  # fmt: skip
        for mine, theirs in pairs:
            for key, n in theirs.items():
                mine[key] = mine.get(key, 0) + n
        self.n += other.n


_NUMBERS = """
    SELECT t.block_id, to_jsonb(t.number) AS key, t.bits{chosen} AS bits
    FROM surveys_tally t {join}
    WHERE t.question_id = %s AND NOT t.is_shown AND t.number IS NOT NULL"""
_CHOICES = """
    SELECT t.block_id, to_jsonb(t.choice_id) AS key, t.bits{chosen} AS bits
    FROM surveys_tally t {join}
    JOIN surveys_choice c ON c.id = t.choice_id AND NOT c.is_missing
    WHERE t.question_id = %s AND NOT t.is_shown"""
_BY_KEY = """{those}, in_columns AS MATERIALIZED (
    SELECT block_id, to_jsonb(key) AS key, bits FROM those
)"""
_CROSS = """
WITH {columns},
in_rows AS MATERIALIZED ({rows}),
any_row AS (SELECT block_id, bit_or(bits) AS bits FROM in_rows GROUP BY 1),
any_column AS (SELECT block_id, bit_or(bits) AS bits FROM in_columns GROUP BY 1)
SELECT 'cell', r.key, c.key, sum(bit_count(r.bits & c.bits))
FROM in_rows r JOIN in_columns c USING (block_id) GROUP BY 2, 3
UNION ALL SELECT 'row', r.key, NULL, sum(bit_count(r.bits & c.bits))
FROM in_rows r JOIN any_column c USING (block_id) GROUP BY 2
UNION ALL SELECT 'column', NULL, c.key, sum(bit_count(r.bits & c.bits))
FROM any_row r JOIN in_columns c USING (block_id) GROUP BY 3
UNION ALL SELECT 'all', NULL, NULL, sum(bit_count(r.bits & c.bits))
FROM any_row r JOIN any_column c USING (block_id)
"""


def cross_tallied(
    responses: ResponseQuerySet, blocks: Blocks, row: Question, column: Question | str
) -> CrossCounts:
    """Of those `responses` that are tallied; `column` is a question, or the path of a dimension
    from a response. One query. Filters are asked of the columns: rows are counted within them."""
    many = [row.survey_id, list(blocks.stale)]
    if isinstance(column, Question):
        places, params = places_of(responses, blocks)
        chosen = _tallies_of(column, " & chosen.bits", "JOIN chosen USING (block_id)")
        columns = f"{bits_of('chosen', places)}, in_columns AS MATERIALIZED ({chosen})"
        given = [*params, *many, column.pk]
    else:
        known = responses.filter(**{f"{column}__isnull": False})
        places, params = places_of(known, blocks, column)
        columns = _BY_KEY.format(those=bits_of("those", places, "key"))
        given = [*params, *many]
    found = CrossCounts()
    with connection.cursor() as cursor:
        cursor.execute(_CROSS.format(columns=columns, rows=_tallies_of(row)), [*given, row.pk])
        for what, row_key, column_key, count in cursor.fetchall():
            one, two = _key(row_key), _key(column_key)
            n = int(count or 0)
            match what:
                case "cell" if n:
                    found.cells[one, two] = n
                case "row" if n:
                    found.rows[one] = n
                case "column" if n:
                    found.columns[two] = n
                case "all":
                    found.n = n
    return found


def _key(found: str | None) -> Any:
    """Django leaves JSON of its cursor as text."""
    return None if found is None else json.loads(found)


def _tallies_of(question: Question, chosen: str = "", join: str = "") -> str:
    is_number = question.data_type == DataType.NUMBER
    return (_NUMBERS if is_number else _CHOICES).format(chosen=chosen, join=join)
