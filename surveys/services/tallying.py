"""Tallies of the answers of very many responses, so that results are counted from bits.

A block is made of complete responses and never changes its members; what counts is asked of the
responses each time (surveys.selectors.answer_counts). Changed answers make their block stale by a
trigger, and it is tallied anew.
"""

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from surveys.enums import ResponseStatus
from surveys.models import Response, Survey, TallyBlock
from surveys.models.tally import TOGETHER

MOST = 50  # blocks in one go; the rest a minute later

_PLACES = """
WITH picked AS (
    SELECT id FROM surveys_response
    WHERE survey_id = %(survey)s AND status = 'complete' AND tally_place IS NULL
    ORDER BY id LIMIT %(together)s FOR UPDATE SKIP LOCKED
), numbered AS (
    SELECT id, %(first)s + row_number() OVER (ORDER BY id) - 1 AS place FROM picked
)
UPDATE surveys_response SET tally_place = numbered.place
FROM numbered WHERE surveys_response.id = numbered.id"""
# 64 responses at a time as a number, then put side by side.
_TALLY = f"""
INSERT INTO {{table}} (block_id, question_id, is_shown, choice_id, number, date, bits)
SELECT %(block)s, question_id, is_shown, choice_id, number, date,
    bit_or((word_bits::bit(64)::bit({TOGETHER})) >> (word << 6))
FROM (
    SELECT (r.tally_place %% {TOGETHER}) >> 6 AS word, a.question_id, false AS is_shown,
        a.choice_id, a.number, a.date,
        bit_or(1::bigint << (63 - (r.tally_place & 63))) AS word_bits
    FROM surveys_response r JOIN surveys_answer a ON a.response_id = r.id
    WHERE r.survey_id = %(survey)s AND r.tally_place BETWEEN %(first)s AND %(last)s
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT (r.tally_place %% {TOGETHER}) >> 6, q.id, true, NULL, NULL, NULL,
        bit_or(1::bigint << (63 - (r.tally_place & 63)))
    FROM surveys_response r
    CROSS JOIN LATERAL jsonb_array_elements_text(r.shown) AS asked(code)
    JOIN surveys_question q ON q.survey_id = r.survey_id AND q.code = asked.code
    WHERE r.survey_id = %(survey)s AND r.tally_place BETWEEN %(first)s AND %(last)s
    GROUP BY 1, 2
) words
GROUP BY 2, 3, 4, 5, 6"""  # noqa: S608 - our own names
_KEYS = "question_id, is_shown, choice_id, number, date, bits"
_DIFFERENCES = f"""
SELECT count(*) FROM (
    (SELECT {_KEYS} FROM surveys_tally WHERE block_id = %(block)s
        EXCEPT SELECT {_KEYS} FROM tally_again)
    UNION ALL
    (SELECT {_KEYS} FROM tally_again
        EXCEPT SELECT {_KEYS} FROM surveys_tally WHERE block_id = %(block)s)
) differing"""  # noqa: S608


def tally_due() -> int:
    """Tally what has come together since, and anew what has changed; how many blocks that were.
    Any number of workers may do it at the same time."""
    done = 0
    waiting = (
        Response.objects.filter(status=ResponseStatus.COMPLETE, tally_place=None)
        .order_by()
        .values_list("survey")
        .annotate(n=Count("pk"))
        .filter(n__gte=TOGETHER)
    )
    for survey_id, n in waiting:
        done += sum(tally_next(survey_id) for _ in range(min(n // TOGETHER, MOST - done)))
    stale = TallyBlock.objects.filter(is_fresh=False).order_by("tallied_at")
    for block in stale.values_list("pk", flat=True)[:MOST]:
        done += tally_again(block)
    return done


@transaction.atomic
def tally_next(survey_id: int, *, at_most: int = TOGETHER) -> bool:
    """Make one more block of a survey, of the oldest responses that are in none; False where
    there are none, or somebody else is making one."""
    mine = Survey.objects.select_for_update(of=["self"], no_key=True, skip_locked=True)
    if not mine.filter(pk=survey_id).exists():
        return False
    blocks = TallyBlock.objects.filter(survey=survey_id)
    last = blocks.aggregate(last=Max("number"))["last"]
    number = 0 if last is None else last + 1
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACES,
            {"survey": survey_id, "together": at_most, "first": number * TOGETHER},
        )
        if not cursor.rowcount:
            return False
    block = TallyBlock.objects.create(survey_id=survey_id, number=number)
    _write(block)
    return True


@transaction.atomic
def tally_again(block_id: int) -> bool:
    """Tally a block anew whose answers have changed; False where somebody else does."""
    found = TallyBlock.objects.select_for_update(skip_locked=True).filter(pk=block_id).first()
    if found is None:
        return False
    found.tallies.all().delete()
    _write(found)
    return True


def _write(block: TallyBlock) -> None:
    """Only with the block locked: whoever changes an answer meanwhile waits, and marks it."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLY.format(table="surveys_tally"), _which(block))
    block.is_fresh, block.tallied_at = True, timezone.now()
    block.save(update_fields=["is_fresh", "tallied_at"])


def _which(block: TallyBlock) -> dict[str, int]:
    first = block.number * TOGETHER
    return {
        "block": block.pk,
        "survey": block.survey_id,
        "first": first,
        "last": first + TOGETHER - 1,
    }


@transaction.atomic
def is_right(block_id: int) -> bool:
    """Whether a block says what the answers say; one that is stale is never wrong. The answers
    are read once more, and nothing is changed."""
    block = TallyBlock.objects.select_for_update().get(pk=block_id)
    if not block.is_fresh:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE tally_again (LIKE surveys_tally INCLUDING DEFAULTS) ON COMMIT DROP"
        )
        cursor.execute("ALTER TABLE tally_again DROP COLUMN id")
        cursor.execute(_TALLY.format(table="tally_again"), _which(block))
        cursor.execute(_DIFFERENCES, {"block": block.pk})
        (differences,) = cursor.fetchone()
        cursor.execute("DROP TABLE tally_again")
    return not differences
