"""The card beside a record that shows what is promised."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import Feedback
from feedback.panels import Panel
from feedback.selectors.sla_clocks import clock_lines


def clock_panel(feedback: Feedback, user: Any) -> Panel | None:
    now = timezone.now()
    lines = clock_lines(feedback, now)
    if not lines:
        return None
    context = {"lines": lines, "now": now}
    return Panel(_("Promised times"), "feedback/_clocks.html", context, icon="timer")
