"""Which earlier records say nearly the same as a text: fingerprints of the last 20,000, in the
memory of the process that reads."""

from django.db.models import Count

from analytics.models import TextReading
from config.kernel.text.similarity import DUPLICATE, Recent, similarity, unpacked
from feedback.enums import Direction
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
    if sum(letter.isalnum() for letter in text) < SHORTEST:
        return []
    recent = _known()
    near = [one.key for one in recent.nearest(unpacked(marks), before=feedback_id)]
    if not near:
        return []
    texts = _first_texts(near)
    found = [(pk, similarity(text, other)) for pk, other in texts.items()]
    same = [(pk, round(value, 4)) for pk, value in found if value >= DUPLICATE]
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
        if rows.order_by().aggregate(n=Count("feedback", distinct=True))["n"] == len(known):
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


def _first_texts(ids: list[int]) -> dict[int, str]:
    there = Feedback.objects.real().filter(pk__in=ids, contents_deleted_at=None)
    messages = (
        Message.objects.filter(feedback__in=there, direction=Direction.IN, is_automatic=False)
        .order_by("feedback", "created_at", "pk")
        .distinct("feedback")
    )
    return dict(messages.values_list("feedback", "text"))
