from datetime import UTC, datetime

import pytest

from analytics.rules.alerts import mail_at


@pytest.mark.parametrize(
    ("hour", "quiet_from", "quiet_to", "leaves"),
    [
        (20, 21, 8, None),
        (21, 21, 8, (24, 8)),
        (7, 21, 8, (23, 8)),
        (8, 21, 8, None),
        (12, 11, 14, (23, 14)),
        (14, 11, 14, None),
        (9, 9, 9, None),
    ],
)
def test_a_mail_leaves_when_quiet_hours_are_over(hour, quiet_from, quiet_to, leaves):
    now = datetime(2026, 11, 23, hour, 30, tzinfo=UTC)
    expected = datetime(2026, 11, leaves[0], leaves[1], tzinfo=UTC) if leaves else None
    assert mail_at(now, quiet_from, quiet_to) == expected
