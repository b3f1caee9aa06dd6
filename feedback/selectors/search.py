"""Finding records and customers by words: which, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    DurationField,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from accounts.models import Customer, User
from accounts.selectors.personal_data import NOTHING_COVERED, Cover, cover_in_lists
from config.kernel.kept import settings_at, settings_stamp
from config.kernel.search.queries import SearchQuery
from config.kernel.search.snippets import LOOKED_AT, Part, holds, snippet
from config.kernel.search.tokens import month_tokens
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
# The last months are looked through first.
MONTHS_BACK = (2, 8)
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
    """`total` is None where counting would read far more than the page: it is asked for when
    the page is there (count_results), and `page` says as if there were no end."""

    page: QueuePage
    hits: Sequence[Hit]
    total: int | None


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
    page = min(state.page, CAP // PAGE_SIZE)
    ids, total = _page_of_ids(state, query, user, page)
    if not ids and page > 1:
        total = count_results(state, user)
        page = max(1, -(-min(total, CAP) // PAGE_SIZE))
        ids, _ = _page_of_ids(state, query, user, page)
    records = Feedback.objects.for_queue_page().annotate(settings_stamp=settings_stamp())
    found = records.in_bulk(ids)
    rows = [found[pk] for pk in ids if pk in found]
    first = (page - 1) * PAGE_SIZE + 1
    shown = QueuePage(rows, CAP + 1 if total is None else total, page, first)
    cover = NOTHING_COVERED
    if rows:
        with settings_at(getattr(rows[0], "settings_stamp", None)):
            cover = cover_in_lists(user)
    return Results(shown, _hits(rows, query, cover), total)


def count_results(state: QueueState, user: User) -> int:
    """Exact up to CAP; CAP + 1 means "more"."""
    return capped_count(queue_records(state, user))


def _page_of_ids(
    state: QueueState, query: SearchQuery, user: User, page: int
) -> tuple[list[int], int | None]:
    """The records of a page, and how many there are in all if that is known by the way."""
    start = (page - 1) * PAGE_SIZE
    if state.sort == "newest":
        ids = _newest(state, query, user, start, PAGE_SIZE + 1)
    elif start >= RANKED:
        first = _with_the_number(state, query, user)
        ids = _newest(state, query, user, start - len(first), PAGE_SIZE + 1, without=first)
    else:
        best = _best(state, query, user)
        return best[start : start + PAGE_SIZE], len(best) if len(best) < RANKED else None
    is_last = 0 < len(ids) <= PAGE_SIZE
    return ids[:PAGE_SIZE], start + len(ids) if is_last or not start + len(ids) else None


def _with_the_number(state: QueueState, query: SearchQuery, user: User) -> list[int]:
    """The record whose number, and nothing else, was typed: it comes first however many others
    match, and however old it is."""
    if query.number is None:
        return []
    return list(
        queue_records(state, user).filter(number=query.number).values_list("pk", flat=True)
    )


def _newest(
    state: QueueState,
    query: SearchQuery,
    user: User,
    start: int,
    number: int,
    *,
    without: Sequence[int] = (),
) -> list[int]:
    for records in _further_and_further_back(state, query, user):
        others = records.exclude(pk__in=without) if without else records
        rows = others.order_by("-received_at", "-pk")[start : start + number]
        ids = list(rows.values_list("pk", flat=True))
        if len(ids) == number:
            break
    return ids


def _best(state: QueueState, query: SearchQuery, user: User) -> list[int]:
    """The newest RANKED that match, the most worth first; before them the one with the number
    that was typed."""
    first = _with_the_number(state, query, user)
    for records in _further_and_further_back(state, query, user):
        newest = records.order_by("-received_at", "-pk").annotate(bonus=_bonus(query))
        rows = list(newest.values_list("received_at", "bonus", "pk")[:RANKED])
        if len(rows) == RANKED:
            break
    ordered = sorted(rows, key=lambda row: (row[0] + row[1], row[2]), reverse=True)
    others = [pk for _at, _bonus, pk in ordered if pk not in first]
    return (first + others)[:RANKED]


def _further_and_further_back(
    state: QueueState, query: SearchQuery, user: User
) -> Iterator[FeedbackQuerySet]:
    """What matches of the last months, of more, of all: the newest of a common word are found
    without reading all that hold it, and for a rare one each step costs next to nothing."""
    beside = queue_records(replace(state, chosen=_without_words(state)), user)
    for number in MONTHS_BACK:
        entries = SearchEntry.objects.matching(query, month_tokens(timezone.now(), number))
        yield beside.filter(pk__in=entries.values("pk"))
    yield queue_records(state, user)


def _without_words(state: QueueState) -> dict[str, Any]:
    return {name: values for name, values in state.chosen.items() if name != "q"}


def _bonus(query: SearchQuery) -> Any:
    """How much later it counts as received: the more the better the place is at which all the
    words stand."""
    entry = SearchEntry.objects.filter(pk=OuterRef("pk"))
    cases = [
        When(tokens__asks=query.tsquery_in(weights), then=Value(bonus))
        for weights, bonus in BONUS.items()
        if query.wanted
    ]
    nothing = Value(timedelta(), output_field=DurationField())
    bonus = Subquery(entry.values(bonus=Case(*cases, default=nothing))[:1])
    return Coalesce(bonus, nothing)


def _hits(rows: Sequence[Feedback], query: SearchQuery, cover: Cover) -> list[Hit]:
    said = _where_it_is_said([one.pk for one in rows], query, cover)
    return [
        Hit(
            one,
            snippet(cover(one.subject), query.wanted, width=255),
            *said.get(one.pk, ((), False)),
        )
        for one in rows
    ]


def _where_it_is_said(
    ids: Sequence[int], query: SearchQuery, cover: Cover
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
            found[pk] = (snippet(cover(text), query.wanted), direction == Direction.NOTE)
        if fits:
            settled.add(pk)
    return found
