"""Whether somebody should be shown the way to the set-up page."""

from dataclasses import dataclass

from django.db.models import Exists

from accounts.models import Team, User
from feedback.models import Mailbox
from surveys.models import Survey


@dataclass(frozen=True, slots=True)
class SetUp:
    """`has_demo`: the demo company is there. `is_complete`: a mailbox and a team of their own,
    and a running survey exist."""

    has_demo: bool
    is_complete: bool


def set_up_state() -> SetUp:
    """In one query."""
    facts = {
        "demo": User.objects.filter(is_demo=True),
        "mailbox": Mailbox.objects.filter(is_active=True, is_demo=False),
        "team": Team.objects.active().filter(is_demo=False),
        "survey": Survey.objects.running(),
    }
    asked = {f"has_{name}": Exists(rows) for name, rows in facts.items()}
    found = User.objects.annotate(**asked).values(*asked).first() or {}
    return SetUp(
        has_demo=bool(found.get("has_demo")),
        is_complete=all(found.get(f"has_{name}") for name in ("mailbox", "team", "survey")),
    )
