from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks or who acts: what "me" and "my team" mean."""

    user_id: int
    team_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a condition depends on besides the record. One context serves many conditions.

    `actor` is None when a program acts: then nobody is "me". `changes` holds what has just
    changed, by name of the field: (value before, value now), as the field's getter gives them;
    None where no event is known, and then asking for a change raises NeedsEvent. Days begin at
    midnight in `zone`, by default that of the installation.
    """

    now: datetime
    actor: Actor | None = None
    changes: Mapping[str, tuple[Any, Any]] | None = None
    zone: tzinfo = field(default_factory=timezone.get_default_timezone)
    # What was looked up for a condition once, such as all branches below a category.
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now, self.zone)
