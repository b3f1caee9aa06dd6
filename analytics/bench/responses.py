"""Very many responses to the measured survey, made inside the database: rows as the services
leave them, spread over a year, in bundles, so that a million of them take minutes.

Random, and the same every time. Only for scratch databases.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from analytics.bench.survey import Measured, measured_survey
from surveys.enums import DataType
from surveys.models import Choice, Question, Response

BUNDLE = 20_000
DAYS = 365
ANSWERED = 0.95  # of those who were asked, question by question
TICKED = 0.4
WROTE = 0.3

# Which options there are: each a choice, or a number, of one question.
_OPTIONS = """
CREATE TEMP TABLE bench_option (
    question_id bigint, kind text, at int, options int, choice_id bigint, number float8
)"""
_RESPONSES = """
INSERT INTO surveys_response (
    key, survey_id, version_id, collector_id, variant, status, started_at, last_seen_at,
    completed_at, active_ms, language, seed, page_no, shown, source, weight, is_test, is_counted
)
SELECT gen_random_uuid(), %(survey)s, %(version)s,
    (%(ways)s::bigint[])[1 + floor(random() * 3)::int], '', 'complete',
    at - interval '4 minutes', at, at, 240000,
    CASE WHEN random() < 0.7 THEN 'zh-hans' ELSE 'en' END, 0, 4, %(shown)s::jsonb, '{}', 1,
    false, random() < 0.98
FROM (
    SELECT %(first)s::timestamptz + n * %(step)s::interval AS at
    FROM generate_series(%(from)s::int, %(to)s::int) n
) every"""
_ANSWERS = """
WITH asked AS (SELECT id FROM surveys_response WHERE survey_id = %(survey)s AND id > %(after)s)
INSERT INTO surveys_answer (response_id, question_id, choice_id, number, text, date)
SELECT * FROM (
    SELECT given.id, question_id, choice_id, number, NULL::text, NULL::date
    FROM (
        SELECT asked.id, one.question_id, floor(power(random(), 1.4) * one.options)::int AS at
        FROM asked CROSS JOIN (SELECT DISTINCT question_id, options FROM bench_option
                               WHERE kind = 'one') one
        WHERE random() < %(answered)s
    ) given JOIN bench_option USING (question_id, at)
    UNION ALL
    SELECT asked.id, question_id, choice_id, NULL, NULL, NULL
    FROM asked CROSS JOIN bench_option WHERE kind = 'several' AND random() < %(ticked)s
    UNION ALL
    SELECT asked.id, question_id, choice_id, 1 + (at + asked.id * 7 / 3) %% options, NULL, NULL
    FROM asked CROSS JOIN bench_option WHERE kind = 'ranked'
    UNION ALL
    SELECT asked.id, question_id, NULL, NULL, '滤芯换起来很方便 ' || asked.id, NULL
    FROM asked CROSS JOIN bench_option WHERE kind = 'text' AND random() < %(wrote)s
    UNION ALL
    SELECT asked.id, question_id, NULL, NULL, NULL, date '2026-01-01' + floor(random() * 300)::int
    FROM asked CROSS JOIN bench_option WHERE kind = 'date' AND random() < %(answered)s
) every ORDER BY 1"""


def responses_of(by: User, wanted: int) -> Measured:
    """The survey with so many responses, those that are missing written now."""
    measured = measured_survey(f"Bench: {wanted:,} responses", by)
    there = Response.objects.filter(survey=measured.survey).count()
    if there < wanted:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setseed(0.42)")
            cursor.execute("SET synchronous_commit = off")
            # Only to write what is right anyhow: no foreign key is looked up for each row.
            cursor.execute("SET session_replication_role = replica")
            try:
                _write(cursor, measured, there, wanted)
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("ANALYZE surveys_response, surveys_answer")
    return measured


def _write(cursor: Any, measured: Measured, there: int, wanted: int) -> None:
    cursor.execute("DROP TABLE IF EXISTS bench_option")
    cursor.execute(_OPTIONS)
    cursor.executemany(
        "INSERT INTO bench_option VALUES (%s, %s, %s, %s, %s, %s)", list(_options(measured))
    )
    cursor.execute("ANALYZE bench_option")
    shown = list(
        measured.survey.questions.exclude(data_type=DataType.GROUP).values_list("code", flat=True)
    )
    known = {
        "survey": measured.survey.pk,
        "version": measured.version.pk,
        "ways": [one.pk for one in measured.collectors],
        "shown": "[" + ", ".join(f'"{code}"' for code in shown) + "]",
        "first": timezone.now() - timedelta(days=DAYS),
        "step": timedelta(days=DAYS) / wanted,
        "answered": ANSWERED,
        "ticked": TICKED,
        "wrote": WROTE,
    }
    for first in range(there, wanted, BUNDLE):
        last = Response.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with transaction.atomic():
            cursor.execute(
                _RESPONSES, known | {"from": first, "to": min(first + BUNDLE, wanted) - 1}
            )
            cursor.execute(_ANSWERS, known | {"after": last})


def _options(measured: Measured) -> Iterator[tuple[Any, ...]]:
    """(question, kind, at, options, choice, number)."""
    choices: dict[int, list[int]] = {}
    for choice in Choice.objects.filter(question__survey=measured.survey).order_by("order", "pk"):
        choices.setdefault(choice.question_id, []).append(choice.pk)
    kinds = {DataType.SINGLE: "one", DataType.MULTI: "several", DataType.RANK: "ranked"}
    for question in measured.survey.questions.all():
        mine = choices.get(question.pk, [])
        match question.data_type:
            case DataType.SINGLE | DataType.MULTI | DataType.RANK:
                kind = kinds[DataType(question.data_type)]
                for at, picked in enumerate(mine):
                    yield question.pk, kind, at, len(mine), picked, None
            case DataType.NUMBER:
                for at, number in enumerate(_numbers(question)):
                    yield question.pk, "one", at, len(_numbers(question)), None, number
            case DataType.TEXT | DataType.DATE:
                yield question.pk, str(question.data_type), 0, 1, None, None


def _numbers(question: Question) -> list[int]:
    low, high = question.minimum, question.maximum
    return list(range(int(low or 0), int(high if high is not None else 60) + 1))
