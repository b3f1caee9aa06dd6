"""Who is there, and who stands in for whom."""

from datetime import datetime

from accounts.enums import Availability
from accounts.models import User

LONGEST_CHAIN = 5


def who_takes_over(user: User | None, now: datetime) -> User | None:
    """`user` when they take new work, else whoever stands in for them; the stand-in of a
    stand-in, too. None when nobody does, or when they stand in for each other."""
    seen: set[int] = set()
    while user is not None and user.pk not in seen and len(seen) < LONGEST_CHAIN:
        if user.is_active and user.is_available(now):
            return user
        seen.add(user.pk)
        is_out = user.availability == Availability.OUT or not user.is_active
        user = user.substitute if is_out else None
    return None
