"""The steps as people here call them. The code needs one for each state behind them."""

from django.db import transaction
from django.utils.translation import gettext as _

from config.kernel.archiving import bring_back, is_referred_to, remove
from config.kernel.errors import DomainError
from config.kernel.jobs import enqueue
from feedback.models import Status


class StateIsFixed(DomainError):
    code = "state_is_fixed"

    def __init__(self) -> None:
        super().__init__(_("Records have this status, so what it means cannot be changed."))


class LastOfItsKind(DomainError):
    code = "last_of_its_kind"

    def __init__(self) -> None:
        super().__init__(_("At least one status must stand for each meaning."))


def ensure_state_may_become(status: Status, state: str) -> None:
    """Raises StateIsFixed for a status in use, LastOfItsKind when none would be left."""
    before = Status.objects.filter(pk=status.pk).first()
    if before is None or before.state == state:
        return
    if is_referred_to(before):
        raise StateIsFixed
    _ensure_another(before)


@transaction.atomic
def save_status(status: Status) -> Status:
    """Raises StateIsFixed, LastOfItsKind."""
    ensure_state_may_become(status, status.state)
    before = Status.objects.filter(pk=status.pk).values_list("pauses_clock", flat=True).first()
    status.save()
    if before is not None and before != status.pauses_clock:
        enqueue("feedback.tasks.recompute_promises")
    return status


@transaction.atomic
def remove_status(status: Status) -> bool:
    """True when deleted, False when archived. Raises LastOfItsKind."""
    _ensure_another(status)
    return remove(status)


@transaction.atomic
def bring_back_status(status: Status) -> None:
    bring_back(status)


def _ensure_another(status: Status) -> None:
    same = Status.objects.active().filter(state=status.state).exclude(pk=status.pk)
    if status.archived_at is None and not same.exists():
        raise LastOfItsKind
