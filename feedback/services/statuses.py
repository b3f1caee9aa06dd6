"""The steps as people here call them. The code needs one for each state behind them."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from config.kernel.archiving import bring_back, is_referred_to, remove
from config.kernel.jobs import enqueue
from feedback.enums import OUR_TURN, State
from feedback.errors import (
    LastOfItsKind,
    NextStatusLoops,
    StateIsFixed,
    StatusNeeded,
    StatusNotUsable,
    StepNotAllowed,
)
from feedback.models import Status
from feedback.rules.workflow import can_step

# What a status that is marked so may mean.
BEGINS_WITH = OUR_TURN
REOPENS_WITH = (State.OPEN,)


def ensure_state_may_become(status: Status, state: str) -> None:
    """Raises StateIsFixed for a status in use, LastOfItsKind when none would be left."""
    before = Status.objects.filter(pk=status.pk).first()
    if before is None or before.state == state:
        return
    if is_referred_to(before):
        raise StateIsFixed
    _ensure_another(before)


def ensure_status_usable(status: Status) -> None:
    """What `save_status` asks of a status, for forms to ask first. Raises StateIsFixed,
    LastOfItsKind, StatusNotUsable, NextStatusLoops, StepNotAllowed, StatusNeeded."""
    ensure_state_may_become(status, status.state)
    _ensure_next(status)
    if status.archived_at is not None and status.is_default_create:
        raise StatusNeeded.to_begin()
    if status.archived_at is not None and status.is_default_reopen:
        raise StatusNeeded.to_reopen()
    if status.is_default_create and status.state not in BEGINS_WITH:
        raise StatusNotUsable.for_beginning()
    if status.is_default_reopen and status.state not in REOPENS_WITH:
        raise StatusNotUsable.for_reopening()
    before = Status.objects.filter(pk=status.pk).first()
    if before is None:
        return
    if before.is_default_create and not status.is_default_create:
        raise StatusNeeded.to_begin()
    if before.is_default_reopen and not status.is_default_reopen:
        raise StatusNeeded.to_reopen()


def _ensure_next(status: Status) -> None:
    following = status.next_status
    if following is None:
        return
    way = [status, *_chain(following, until=status)]
    if len(way) > 1 and way[-1].pk == status.pk:
        raise NextStatusLoops(str(one) for one in way)
    if following.archived_at is not None or following.state == State.MERGED:
        raise StatusNotUsable.afterwards()
    here, there = State(status.state), State(following.state)
    if not can_step(here, there):
        raise StepNotAllowed(str(here.label), str(there.label))


def _chain(first: Status, *, until: Status) -> Iterator[Status]:
    """`first` and what follows it, up to and with `until` or the first that came before."""
    seen: set[int] = set()
    here: Status | None = first
    while here is not None and here.pk not in seen:
        yield here
        if here.pk == until.pk:
            return
        seen.add(here.pk)
        here = here.next_status


@transaction.atomic
def save_status(status: Status) -> Status:
    """Whoever is made the default takes the place of the one before. Raises what
    `ensure_status_usable` raises."""
    # One at a time: two who each close half a circle would not see each other.
    list(Status.objects.select_for_update().order_by("pk").values_list("pk"))
    ensure_status_usable(status)
    before = Status.objects.filter(pk=status.pk).values_list("pauses_clock", flat=True).first()
    for mark in ("is_default_create", "is_default_reopen"):
        if getattr(status, mark):
            for other in Status.objects.filter(**{mark: True}).exclude(pk=status.pk):
                setattr(other, mark, False)
                other.save(update_fields=[mark])
    status.save()
    if before is not None and before != status.pauses_clock:
        enqueue("feedback.tasks.recompute_promises")
    return status


def ensure_default_statuses() -> None:
    """An installation from before there were marks gets them where it had the habit."""
    if not Status.objects.filter(is_default_create=True).exists():
        begins = Status.objects.for_new()
        begins.is_default_create = True
        begins.save(update_fields=["is_default_create"])
    if not Status.objects.filter(is_default_reopen=True).exists():
        reopens = Status.objects.for_reopened()
        reopens.is_default_reopen = True
        reopens.save(update_fields=["is_default_reopen"])


@transaction.atomic
def remove_status(status: Status) -> bool:
    """True when deleted, False when archived. Raises LastOfItsKind, and StatusNeeded for a
    default and for what follows another status."""
    _ensure_can_go(status)
    return remove(status)


@transaction.atomic
def archive_status(status: Status) -> None:
    """Out of use, even when no record ever had it. Raises as `remove_status` does."""
    _ensure_can_go(status)
    status.archived_at = status.archived_at or timezone.now()
    status.save(update_fields=["archived_at"])


def _ensure_can_go(status: Status) -> None:
    if status.is_default_create:
        raise StatusNeeded.to_begin()
    if status.is_default_reopen:
        raise StatusNeeded.to_reopen()
    before = Status.objects.active().filter(next_status=status).exclude(pk=status.pk)
    if names := [str(one) for one in before]:
        raise StatusNeeded.after(names)
    _ensure_another(status)


@transaction.atomic
def bring_back_status(status: Status) -> None:
    bring_back(status)


@transaction.atomic
def move_status(status: Status, *, earlier: bool) -> None:
    """One place up or down among those in use."""
    rows = list(Status.objects.select_for_update().active().order_by("order", "pk"))
    place = next((n for n, row in enumerate(rows) if row.pk == status.pk), None)
    if place is None:
        return
    other = place - 1 if earlier else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    _number(rows)


def _number(rows: Sequence[Status]) -> None:
    for order, row in enumerate(rows):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])


def _ensure_another(status: Status) -> None:
    same = Status.objects.active().filter(state=status.state).exclude(pk=status.pk)
    if status.archived_at is None and not same.exists():
        raise LastOfItsKind
