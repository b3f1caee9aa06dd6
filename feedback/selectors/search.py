"""Finding records and customers by words: which, in which order, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Left

from accounts.models import Customer, User
from config.kernel.search.queries import SearchQuery
from config.kernel.search.snippets import LOOKED_AT, Part, holds, snippet
from feedback.enums import Direction
from feedback.models import CustomerEntry, Feedback, Message, SearchEntry
from feedback.models.feedback import FeedbackQuerySet
from feedback.selectors.queue import (
    CAP,
    PAGE_SIZE,
    QueuePage,
    QueueState,
    capped_count,
    queue_records,
)

# Where all the words stand counts like having come so much later.
BONUS = {"A": timedelta(days=180), "AB": timedelta(days=120), "ABC": timedelta(days=30)}
EXACT = timedelta(days=36_500)  # its number, and nothing else, was typed
RANKED = 300  # the newest that match; older ones follow by their date
CUSTOMERS_SHOWN = 5
MESSAGES_READ = 200  # of one page, to show where the words stand


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found: its subject with marks, and where the words stand."""

    feedback: Feedback
    subject: Sequence[Part]
    said: Sequence[Part]
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    page: QueuePage
    hits: Sequence[Hit]


def customers_matching(query: SearchQuery, *, at_most: int = CUSTOMERS_SHOWN) -> list[Customer]:
    """The newest customers that the words fit, with their contacts; none for a query of only
    unwanted words."""
    if not query.wanted:
        return []
    ids = CustomerEntry.objects.matching(query).order_by("-pk").values("pk")[:at_most]
    return list(Customer.objects.known().filter(pk__in=ids).for_list().order_by("-pk"))


def search_results(state: QueueState, query: SearchQuery, user: User) -> Results:
    """A page of what `user` may see of what was found. Best first, unless the state has an order
    of its own; a page past the end gives the last one."""
    records = queue_records(state, user)
    page = min(state.page, CAP // PAGE_SIZE)
    rows = _rows(records, state, query, page)
    if page == 1 and len(rows) < PAGE_SIZE:
        found = QueuePage(rows, len(rows), 1, 1)
    else:
        total = capped_count(records)
        if not rows and total:
            page = -(-min(total, CAP) // PAGE_SIZE)
            rows = _rows(records, state, query, page)
        found = QueuePage(rows, total, page, (page - 1) * PAGE_SIZE + 1)
    return Results(found, _hits(found.rows, query))


def _rows(
    records: FeedbackQuerySet, state: QueueState, query: SearchQuery, page: int
) -> Sequence[Feedback]:
    start = (page - 1) * PAGE_SIZE
    newest = records.order_by("-received_at", "-pk")
    if state.sort != "newest" and start < RANKED:
        window = Feedback.objects.filter(pk__in=newest.values("pk")[:RANKED])
        ordered = window.order_by(_worth(query).desc(), "-pk")
    else:
        ordered = newest
    ids = list(ordered.values_list("pk", flat=True)[start : start + PAGE_SIZE])
    found = Feedback.objects.for_queue_page().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _worth(query: SearchQuery) -> ExpressionWrapper[Any]:
    """When it came in, and later the better the place is at which all the words stand."""
    entry = SearchEntry.objects.filter(pk=OuterRef("pk"))
    cases = [
        When(tokens__asks=query.tsquery_in(weights), then=Value(bonus))
        for weights, bonus in BONUS.items()
        if query.wanted
    ]
    nothing = Value(timedelta(), output_field=DurationField())
    bonus: Any = Subquery(entry.values(bonus=Case(*cases, default=nothing))[:1])
    if query.number is not None:
        bonus = Case(When(number=query.number, then=Value(EXACT)), default=bonus)
    worth = F("received_at") + Coalesce(bonus, nothing)
    return ExpressionWrapper(worth, DateTimeField())


def _hits(rows: Sequence[Feedback], query: SearchQuery) -> list[Hit]:
    said = _where_it_is_said([one.pk for one in rows], query)
    return [
        Hit(one, snippet(one.subject, query.wanted, width=255), *said.get(one.pk, ((), False)))
        for one in rows
    ]


def _where_it_is_said(
    ids: Sequence[int], query: SearchQuery
) -> dict[int, tuple[Sequence[Part], bool]]:
    """Of each record the first message that holds a word, else the first; one query."""
    messages = (
        Message.objects.filter(feedback__in=ids)
        .exclude(is_automatic=True, direction=Direction.OUT)
        .annotate(beginning=Left("text", LOOKED_AT))
        .order_by("created_at", "pk")
        .values_list("feedback_id", "direction", "beginning")[:MESSAGES_READ]
    )
    found: dict[int, tuple[Sequence[Part], bool]] = {}
    settled: set[int] = set()
    for pk, direction, text in messages:
        if pk in settled:
            continue
        fits = holds(text, query.wanted)
        if fits or pk not in found:
            found[pk] = (snippet(text, query.wanted), direction == Direction.NOTE)
        if fits:
            settled.add(pk)
    return found
