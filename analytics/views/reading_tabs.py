"""The pages about how texts are read."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User

REVIEW = "analytics.review_readings"
MODELS = "analytics.view_textmodel"


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """A tab: `name` of its address, what it is called, and the permission it takes."""

    name: str
    label: Any
    permission: str = REVIEW


# Another page about reading is one more line here.
PAGES = [
    ReadingPage("analytics:review", pgettext_lazy("how texts were read", "To review")),
    ReadingPage("analytics:reading_quality", _("How right the machine is")),
    ReadingPage("analytics:learning", pgettext_lazy("of the machine", "Learning"), MODELS),
]


def reading_tabs(user: User, current: str, **counts: str) -> list[dict[str, Any]]:
    """Those that `user` may open; `counts` by the last part of the name."""
    return [
        {
            "label": page.label,
            "url": reverse(page.name),
            "current": page.name == current,
            "count": counts.get(page.name.partition(":")[2]),
        }
        for page in PAGES
        if user.has_perm(page.permission)
    ]
