"""The card beside a suggestion of staff: whose it is, and where the author is answered."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.enums import Channel
from feedback.models import Feedback, Suggestion
from feedback.panels import Panel


def suggestion_panel(feedback: Feedback, user: Any) -> Panel | None:
    if feedback.channel != Channel.STAFF:
        return None
    found = Suggestion.objects.select_related("author").filter(feedback=feedback).first()
    if found is None:
        return None
    may_answer = user.has_perm("feedback.reply_feedback") and feedback.merged_into_id is None
    context = {
        "suggestion": found,
        "number": feedback.number,
        "may_answer": may_answer and feedback.closed_at is None,
    }
    return Panel(
        _("Staff suggestion"), "feedback/suggestions/_record_panel.html", context, "lightbulb",
        is_first=True,
    )  # fmt: skip
