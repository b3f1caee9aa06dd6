"""Changing many records by the services for one.

A service for one record asks `through(record)` and gets `Straight`: each question is a query, each
write a statement. Inside a `Batch` the same service, on one of its records, gets the batch: what
is asked for the first record is read for all of them, and what is written is collected. `write`
then needs a handful of statements, however many records there are. So a change to ten thousand
records goes by the same rules as a change to one: they are the same functions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from config.kernel.events import Event, announce_all, held_back
from config.kernel.live import tell_pages_of
from config.kernel.updating import insert_rows, update_rows
from feedback.enums import FollowReason
from feedback.models import Feedback, Follower, SLAClock, SLAEvent, Tag, TimelineEntry
from feedback.services.read_together import ReadTogether, share
from feedback.services.straight import CLOCK_FIELDS, NOTED_ONCE, Straight

# What rules look at; of customers hardly ever anything.
_RELATED = ("status", "team", "assignee", "category", "product")
_STRAIGHT = Straight()
_open: ContextVar["Batch | None"] = ContextVar("open batch", default=None)


def open_batch() -> "Batch | None":
    return _open.get()


def through(feedback: Feedback | int) -> Straight:
    """What a service reads and writes about this record (or its id) goes through."""
    pk = feedback if isinstance(feedback, int) else feedback.pk
    batch = _open.get()
    return batch if batch is not None and pk in batch.records else _STRAIGHT


@dataclass(slots=True)
class _Work:
    """What is to be written about one record."""

    fields: set[str] = field(default_factory=set)
    entries: list[TimelineEntry] = field(default_factory=list)
    clocks: list[SLAClock] = field(default_factory=list)
    events: list[SLAEvent] = field(default_factory=list)
    followers: list[Follower] = field(default_factory=list)
    tags_gone: set[int] = field(default_factory=set)
    tags_new: set[int] = field(default_factory=set)


class Batch(ReadTogether):
    """Records that are locked together. Made by `batch_of`."""

    def __init__(self, records: Sequence[Feedback], held: list[Event]) -> None:
        super().__init__(records)
        self._held = held
        self._work: dict[int, _Work] = defaultdict(_Work)

    @contextmanager
    def attempt(self, feedback: Feedback) -> Iterator[None]:
        """Should it fail, nothing of it is written; the record is not to be used any more."""
        announced = len(self._held)
        try:
            yield
        except BaseException:
            self._work.pop(feedback.pk, None)
            del self._held[announced:]
            raise

    def told_just_now(self, feedback: Feedback) -> Sequence[TimelineEntry]:
        return self._work[feedback.pk].entries

    # --- collected ---------------------------------------------------------------------------

    def save(self, feedback: Feedback, fields: Iterable[str]) -> None:
        self._work[feedback.pk].fields.update(fields)

    def tell(self, entry: TimelineEntry) -> None:
        self._work[entry.feedback_id].entries.append(entry)

    def save_clock(self, clock: SLAClock) -> None:
        mine = self._work[clock.feedback_id].clocks
        if not any(one is clock for one in mine):
            mine.append(clock)
        if clock.pk is None and not any(one is clock for one in self._clocks[clock.feedback_id]):
            self._clocks[clock.feedback_id].append(clock)

    def note(self, event: SLAEvent) -> bool:
        if event.kind in NOTED_ONCE:
            same = (event.clock_id, event.kind, event.due_at)
            if event.clock_id is not None and same in self._noted:
                return False
            self._noted.add(same)
        self._work[event.feedback_id].events.append(event)
        return True

    def follow(self, feedback_id: int, user_ids: Iterable[int], reason: FollowReason) -> None:
        self._work[feedback_id].followers += [
            Follower(feedback_id=feedback_id, user_id=pk, reason=reason) for pk in user_ids
        ]

    def set_tags(self, feedback: Feedback, tags: Sequence[Tag]) -> None:
        work = self._work[feedback.pk]
        before, after = {one.pk for one in self.tags(feedback)}, {one.pk for one in tags}
        work.tags_new = (work.tags_new | after) - before
        work.tags_gone = (work.tags_gone | before) - after
        self._tags[feedback.pk] = list(tags)

    # --- written together --------------------------------------------------------------------

    def write(self) -> None:
        """Everything that was collected, and the news of it."""
        work = self._work
        changed = [self.records[pk] for pk in work if work[pk].fields]
        update_rows(changed, sorted({name for one in work.values() for name in one.fields}))
        self._write_tags()
        _write_clocks([one for mine in work.values() for one in mine.clocks])
        for event in (one for mine in work.values() for one in mine.events):
            event.clock_id = event.clock.pk  # it may be a clock that was new
        for name in ("events", "entries"):
            insert_rows([row for mine in work.values() for row in getattr(mine, name)])
        followers = [row for mine in work.values() for row in mine.followers]
        insert_rows(followers, ignore_conflicts=True)
        announce_all(self._held)
        if changed:
            tell_pages_of("feedback", [one.pk for one in changed])
        self._work.clear()
        self._held.clear()

    def _write_tags(self) -> None:
        links: Any = Feedback.tags.through
        gone = {(pk, tag) for pk, mine in self._work.items() for tag in mine.tags_gone}
        if gone:
            rows = links.objects.filter(feedback__among={pk for pk, _tag in gone})
            found = rows.values_list("pk", "feedback_id", "tag_id")
            keys = [key for key, pk, tag in found if (pk, tag) in gone]
            links.objects.filter(pk__among=keys).delete()
        new = [(pk, tag) for pk, mine in self._work.items() for tag in mine.tags_new]
        rows = [links(feedback_id=pk, tag_id=tag) for pk, tag in new]
        insert_rows(rows, ignore_conflicts=True)


@contextmanager
def batch_of(feedback_ids: Iterable[int]) -> Iterator[Batch]:
    """The records with these ids, those that are there, locked in the order of their ids, so that
    two batches never wait for each other. Inside a transaction; what was not written with
    `write` when it ends is lost, as is what an exception leaves behind."""
    rows = Feedback.objects.filter(pk__among=feedback_ids).order_by("pk")
    records = list(rows.select_for_update())
    share(records, *_RELATED)
    with held_back() as held:
        batch = Batch(records, held)
        token = _open.set(batch)
        try:
            yield batch
        finally:
            _open.reset(token)


def _write_clocks(clocks: Sequence[SLAClock]) -> None:
    """Those that have ended first: only one clock per promise may run."""
    known = [one for one in clocks if one.pk is not None]
    update_rows([one for one in known if not one.is_live], CLOCK_FIELDS)
    update_rows([one for one in known if one.is_live], CLOCK_FIELDS)
    # Events of theirs ask for their keys.
    SLAClock.objects.bulk_create([one for one in clocks if one.pk is None])
