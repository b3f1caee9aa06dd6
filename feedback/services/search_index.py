"""What records and customers can be found by: kept up to date, and built anew.

Triggers note in StaleEntry what changed, whoever changed it, in the same transaction; that costs
the change no statement. The worker comes every few seconds and rebuilds what was noted.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q

from accounts.enums import FieldSubject
from accounts.models import ContactPoint, Customer
from accounts.selectors.custom_fields import searched_codes
from config.kernel.search.folding import fold
from config.kernel.search.tokens import RUN, month_token, pieces, tokens
from feedback.enums import Direction, StaleKind
from feedback.models import (
    Attachment,
    CustomerEntry,
    Feedback,
    Message,
    SearchEntry,
    StaleEntry,
)
from feedback.services.quality import judge_records

BATCH = 250
BUDGET = 20.0  # seconds of work for one job
LETTERS = 100_000  # of one record; the first messages go first
ROOM = 900_000  # bytes of one record's tokens: PostgreSQL holds 1 MB of them
OF_TOKEN = 14  # bytes that each takes beside its letters
OF_CUSTOMERS = 2_000  # records that are rebuilt at once because their customer changed
_LOCK = 0x53454152  # one at a time: an older state must not be written after a newer one


@dataclass(slots=True)
class _Words:
    """The texts of one entry by their weight."""

    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    letters: int = 0
    addresses: list[str] = field(default_factory=list)
    month: str = ""

    def add(self, weight: str, *texts: str) -> None:
        for text in texts:
            if text and self.letters < LETTERS:
                folded = fold(text[: LETTERS - self.letters])
                self.texts[weight].append(folded)
                self.letters += len(folded)

    def add_address(self, value: str) -> None:
        """A way to reach somebody: found by any piece of it."""
        self.add("B", value)
        self.addresses.append(fold(value))

    @property
    def folded(self) -> str:
        return "\n".join("\n".join(self.texts[weight]) for weight in sorted(self.texts))

    @property
    def vector(self) -> str:
        """For PostgreSQL: each token once per weight, the weight's number as its place."""
        found: dict[str, str] = {self.month: "5D"} if self.month else {}
        room = ROOM
        for place, weight in enumerate("ABCD", 1):
            mark = f"{place}{weight}"
            for token in set(self._tokens(weight)):
                if token in found:
                    found[token] += f",{mark}"
                elif room > 0:
                    room -= len(token.encode()) + OF_TOKEN
                    found[token] = mark
        return " ".join(f"'{token}':{marks}" for token, marks in found.items())

    def _tokens(self, weight: str) -> Iterator[str]:
        for text in self.texts[weight]:
            yield from tokens(text)
        if weight == "B":
            for address in self.addresses:
                for word in RUN.finditer(address):
                    yield from pieces(word[0], shortest=2)


def index_what_changed(*, budget: float = BUDGET) -> int:
    """Rebuild the entries of what changed, and go on with a rebuild that was asked for; gives
    how many entries were written. Safe to run anywhere at any time: one at a time does it."""
    began, written = time.monotonic(), 0
    while time.monotonic() - began < budget:
        done = _one_batch()
        if done is None:
            break
        written += done
    return written


def ask_for_rebuild() -> None:
    """All entries, newest first. The worker does it beside its other work; what is interrupted
    goes on where it was."""
    StaleEntry.objects.filter(kind__in=_REBUILDS).delete()
    StaleEntry.objects.bulk_create(
        StaleEntry(kind=kind, object_id=(model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1)
        for kind, model in _REBUILDS.items()
    )


_REBUILDS: dict[StaleKind, type[Feedback] | type[Customer]] = {
    StaleKind.CUSTOMERS_BELOW: Customer,
    StaleKind.RECORDS_BELOW: Feedback,
}


@transaction.atomic
def _one_batch() -> int | None:
    """None when nothing is left, or another process is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
    stale = list(StaleEntry.objects.order_by("pk")[:BATCH])
    if not stale:
        return None
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in stale:
        wanted[one.kind].add(one.object_id)
    records, customers = wanted[StaleKind.FEEDBACK], wanted[StaleKind.CUSTOMER]
    records |= _records_of(customers)
    # Before anything is read: what is noted from now on may be newer than what will be read.
    for kind, ids in wanted.items():
        StaleEntry.objects.filter(kind=kind, object_id__in=ids).delete()
    for below in wanted[StaleKind.RECORDS_BELOW]:
        records |= _next_of(StaleKind.RECORDS_BELOW, below)
    for below in wanted[StaleKind.CUSTOMERS_BELOW]:
        customers |= _next_of(StaleKind.CUSTOMERS_BELOW, below)
    written = _write_customers(customers) + _write_records(records)
    judge_records(records)  # what it says decides that, too
    return written


def _records_of(customers: set[int]) -> set[int]:
    """The records of customers whose name or contacts changed; very many are noted for later."""
    if not customers:
        return set()
    found = Feedback.objects.filter(customer__in=customers).order_by()
    ids = set(found.values_list("pk", flat=True)[: OF_CUSTOMERS + 1])
    if len(ids) <= OF_CUSTOMERS:
        return ids
    StaleEntry.objects.bulk_create(
        (
            StaleEntry(kind=StaleKind.FEEDBACK, object_id=pk)
            for pk in found.values_list("pk", flat=True).iterator()
        ),
        batch_size=5000,
    )
    return set()


def _next_of(kind: StaleKind, below: int) -> set[int]:
    """A batch of a rebuild, and a note of where it goes on."""
    rows = _REBUILDS[kind].objects.filter(pk__lt=below).order_by("-pk")
    ids = list(rows.values_list("pk", flat=True)[:BATCH])
    if ids:
        StaleEntry.objects.create(kind=kind, object_id=ids[-1])
    return set(ids)


def _write_customers(ids: set[int]) -> int:
    if not ids:
        return 0
    entries: dict[int, _Words] = {}
    rows = Customer.objects.known().filter(pk__in=ids).order_by()
    searched = searched_codes(FieldSubject.CUSTOMER)
    columns = ("pk", "name", "organisation__name", "custom")
    for pk, name, organisation, custom in rows.values_list(*columns):
        entries[pk] = words = _Words()
        words.add("A", name, organisation or "", *_texts(custom, searched))
    for pk, value in _contacts(entries):
        entries[pk].add_address(value)
    CustomerEntry.objects.filter(pk__in=ids - entries.keys()).delete()
    _upsert(CustomerEntry._meta.db_table, "customer_id", entries)
    return len(entries)


def _write_records(ids: set[int]) -> int:
    if not ids:
        return 0
    entries: dict[int, _Words] = {}
    of_customer: dict[int, list[_Words]] = defaultdict(list)
    searched = searched_codes(FieldSubject.FEEDBACK)
    of_customers = searched_codes(FieldSubject.CUSTOMER)
    rows = Feedback.objects.filter(pk__in=ids).order_by().select_related("customer__organisation")
    for one in rows.only(
        "number",
        "received_at",
        "subject",
        "order_number",
        "place",
        "custom",
        "customer__name",
        "customer__custom",
        "customer__organisation__name",
    ):
        entries[one.pk] = words = _Words(month=month_token(one.received_at))
        words.add("A", str(one.number), one.subject, one.order_number, one.place)
        words.add("A", *_texts(one.custom, searched))
        organisation = one.customer.organisation
        words.add("B", one.customer.name, organisation.name if organisation else "")
        words.add("B", *_texts(one.customer.custom, of_customers))
        of_customer[one.customer_id].append(words)
    for customer, value in _contacts(of_customer):
        for words in of_customer[customer]:
            words.add_address(value)
    _add_messages(entries)
    SearchEntry.objects.filter(pk__in=ids - entries.keys()).delete()
    _upsert(SearchEntry._meta.db_table, "feedback_id", entries)
    return len(entries)


def _texts(custom: dict[str, Any], codes: list[str]) -> list[str]:
    """What stands in the custom fields that are searched."""
    return [str(custom[code]) for code in codes if code in custom]


def _contacts(customers: Iterable[int]) -> Iterator[tuple[int, str]]:
    points = ContactPoint.objects.filter(customer__in=list(customers)).order_by("pk")
    yield from points.values_list("customer_id", "value")


def _add_messages(entries: dict[int, _Words]) -> None:
    """What was said, but for what we send by ourselves: that stands in every record."""
    said = Message.objects.filter(feedback__in=list(entries)).order_by("pk")
    said = said.exclude(Q(is_automatic=True) & Q(direction=Direction.OUT))
    columns = ("feedback_id", "direction", "text", "author_address")
    for pk, direction, text, address in said.values_list(*columns).iterator(chunk_size=500):
        entries[pk].add("D" if direction == Direction.NOTE else "C", text, address)
    files = Attachment.objects.filter(message__feedback__in=list(entries)).order_by("pk")
    for pk, name in files.values_list("message__feedback_id", "name"):
        entries[pk].add("D", name)


def _upsert(table: str, key: str, entries: dict[int, _Words]) -> None:
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({key}, tokens, folded)"  # noqa: S608 - our own names
            " SELECT * FROM unnest(%s::bigint[], %s::text[]::tsvector[], %s::text[])"
            f" ON CONFLICT ({key}) DO UPDATE"
            " SET tokens = EXCLUDED.tokens, folded = EXCLUDED.folded",
            [
                list(entries),
                [words.vector for words in entries.values()],
                [words.folded for words in entries.values()],
            ],
        )
