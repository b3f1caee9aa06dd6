"""What the search should know and does not: entries that an older worker wrote."""

from datetime import UTC, datetime

from django.db.models import Exists, OuterRef

from config.kernel.search.tokens import month_token
from feedback.enums import StaleKind
from feedback.models import Feedback, SearchEntry, StaleEntry
from feedback.selectors.search import MONTHS_BACK

AT_ONCE = 20_000  # the newest; the next time goes on


def note_entries_without_month(now: datetime) -> int:
    """Have the entries of records built anew that do not say in which month their record came
    in, or are not there; gives how many. Only of the months that the search asks for: what is
    older it finds without.

    While a new version comes into use, a worker of before may go on and writes entries as it
    always did: without what they are looked for by now. Nothing is noted while all entries are
    being built anew."""
    if StaleEntry.objects.filter(kind=StaleKind.RECORDS_BELOW).exists():
        return 0
    lacking: list[int] = []
    month = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1
    for back in range(max(MONTHS_BACK)):
        lacking += _lacking(_first_of(month - back), _first_of(month - back + 1))
    noted = lacking[:AT_ONCE]
    StaleEntry.objects.bulk_create(
        (StaleEntry(kind=StaleKind.FEEDBACK, object_id=pk) for pk in noted), batch_size=5000
    )
    return len(noted)


def _lacking(first: datetime, end: datetime) -> list[int]:
    entries = SearchEntry.objects.filter(pk=OuterRef("pk"), tokens__asks=f"'{month_token(first)}'")
    records = Feedback.objects.filter(
        ~Exists(entries), received_at__gte=first, received_at__lt=end
    )
    return list(records.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE])


def _first_of(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
