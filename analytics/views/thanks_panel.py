"""The card beside a record: who was thanked for it, and whether its customer thanks us."""

from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.selectors.personal_data import cover_in_lists
from analytics.models import PraiseDecision, Thanks
from feedback.models import Feedback
from feedback.panels import Panel


def thanks_facts(user: Any) -> dict[str, Any]:
    """Read along with the record."""
    said = PraiseDecision.objects.filter(feedback=OuterRef("pk"))
    return {
        "was_thanked_for": Exists(Thanks.objects.filter(feedback=OuterRef("pk"))),
        "is_praise": Subquery(said.values("is_praise")[:1]),
    }


def thanks_panel(feedback: Feedback, user: Any) -> Panel | None:
    thanks: list[tuple[Thanks, str]] = []
    if getattr(feedback, "was_thanked_for", False):
        seen = Thanks.objects.visible_to(user).filter(feedback=feedback)
        cover = cover_in_lists(user)
        thanks = [(one, cover(one.text)) for one in seen.select_related("to", "by")]
    context = {
        "thanks": thanks,
        "number": feedback.number,
        "is_praise": getattr(feedback, "is_praise", None),
        "may_say": user.has_perm("feedback.change_feedback"),
    }
    return Panel(_("Thanks"), "analytics/culture/_record_panel.html", context, "heart")
