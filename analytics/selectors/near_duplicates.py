"""Which earlier records say nearly the same as a text: fingerprints of the last 20,000, in the
memory of the process that reads."""

from itertools import islice

from django.db import connection

from analytics.models import TextReading
from config.kernel.text.similarity import Fingerprint, Recent, copies, unpacked
from feedback.enums import Direction, State
from feedback.models import Feedback, Message

LIMIT = 20_000
HASHES = 96  # of a text that are kept in memory: all of one of up to 48 letters
LATE = 200  # ids; so far back a record may be committed after a higher one was seen
SHORTEST = 8  # letters; "谢谢" is nobody's copy
MOST = 5
_recent: Recent | None = None


def near_texts(feedback_id: int, text: str, marks: bytes) -> list[tuple[int, float]]:
    """Ids of earlier records with how much is the same (0 to 1), at most five, the nearest
    first."""
    if len([*islice(filter(str.isalnum, text), SHORTEST)]) < SHORTEST:
        return []
    recent = _known()
    print_ = unpacked(marks)
    near = [one.key for one in recent.nearest(print_, before=feedback_id)]
    if not near:
        return []
    found = copies(text, print_, _first_texts(near))
    same = [(one.key, round(one.similarity, 4)) for one in found]
    return sorted(same, key=lambda one: -one[1])[:MOST]


def remember(feedback_id: int, marks: bytes) -> None:
    """What this process has just read need not be fetched again."""
    # Whoever has fetched nothing yet will fetch this, too.
    if _recent is not None and feedback_id > (_recent.last_key or 0) - LATE:
        _recent.add(feedback_id, unpacked(marks))


def forget() -> None:
    """Begin anew, as a process does that was started now."""
    global _recent  # noqa: PLW0603 - one per process is just what is meant
    _recent = None


def _known() -> Recent:
    global _recent  # noqa: PLW0603 - one per process is just what is meant
    if _recent is None:
        _recent = Recent(limit=LIMIT, hashes=HASHES)
    after = (_recent.last_key or 0) - LATE
    rows = TextReading.objects.filter(feedback__gt=after, message__isnull=False)
    rows = rows.exclude(marks=None).order_by("-feedback")
    if known := set(_recent.since(after)):
        # Mostly there is nothing new.
        if _how_many(after) == len(known):
            return _recent
        ids = [pk for pk in rows.values_list("feedback", flat=True)[:LIMIT] if pk not in known]
        if not ids:
            return _recent
        rows = rows.filter(feedback__in=ids)
    seen: dict[int, bytes] = {}
    for pk, marks in rows.values_list("feedback", "marks")[:LIMIT]:
        seen[pk or 0] = bytes(marks or b"")  # of several the first, which comes last here
    _recent.extend((pk, unpacked(seen[pk])) for pk in sorted(seen))
    return _recent


# Asked for every message: making these statements anew took longer than answering them.
_READ_LATELY = f"""
SELECT count(DISTINCT feedback_id) FROM {TextReading._meta.db_table}
WHERE feedback_id > %s AND message_id IS NOT NULL AND marks IS NOT NULL
"""  # noqa: S608 - names of our own tables
# What is no spam and was not merged, as `FeedbackQuerySet.real` says.
_FIRST_TEXTS = f"""
SELECT DISTINCT ON (said.feedback_id) said.feedback_id, said.text, reading.marks
FROM {Message._meta.db_table} AS said
    JOIN {Feedback._meta.db_table} AS record ON record.id = said.feedback_id
    JOIN {TextReading._meta.db_table} AS reading ON reading.message_id = said.id
WHERE said.feedback_id = ANY(%s) AND said.direction = %s AND NOT said.is_automatic
    AND record.contents_deleted_at IS NULL AND record.state <> ALL(%s)
    AND reading.marks IS NOT NULL
ORDER BY said.feedback_id, said.created_at, said.id
"""  # noqa: S608 - names of our own tables


def _how_many(after: int) -> int:
    """Records above an id of which a first text was read."""
    with connection.cursor() as cursor:
        cursor.execute(_READ_LATELY, [after])
        number: int = cursor.fetchone()[0]
    return number


def _first_texts(ids: list[int]) -> dict[int, tuple[str, Fingerprint]]:
    unreal = [State.SPAM.value, State.MERGED.value]
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_TEXTS, [ids, Direction.IN.value, unreal])
        return {pk: (text, unpacked(bytes(marks))) for pk, text, marks in cursor.fetchall()}
