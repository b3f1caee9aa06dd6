"""What a person just did and may take back: kept for a few minutes, for them only."""

from collections.abc import Sequence
from dataclasses import asdict

from django.core.cache import cache

from accounts.models import User
from config.kernel.tokens import digest, new_secret
from feedback.errors import NothingToUndo
from feedback.services.bulk import BulkOutcome, Changed, undo_many

KEPT_SECONDS = 10 * 60


def remember_for_undo(action: str, changed: Sequence[Changed], *, by: User) -> str:
    """Keep what `action` did, as `undo_many` wants it; the key takes it back once."""
    key = new_secret(12)
    kept = {"user": by.pk, "action": action, "changed": [asdict(one) for one in changed]}
    cache.set(_name(key), kept, KEPT_SECONDS)
    return key


def undo(key: str, *, by: User) -> BulkOutcome:
    """Take back what was remembered under `key`. Raises NothingToUndo when it was taken back
    already, is too old or was done by somebody else."""
    kept = cache.get(_name(key))
    if kept is None or kept["user"] != by.pk:
        raise NothingToUndo
    cache.delete(_name(key))
    return undo_many(kept["action"], [Changed(**one) for one in kept["changed"]], by=by)


def _name(key: str) -> str:
    return f"undo:{digest(key)}"
