"""The card beside a record: as the machine read it."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from analytics.selectors.reading_card import (
    MOOD_TONES,
    further_options_of,
    mood_choices,
    options_of,
    percent,
    reason_words,
)
from analytics.views.reading_tabs import REVIEW
from config.kernel.kept import settings_at
from feedback.enums import Doubt, Mood, Urgency
from feedback.models import Feedback, NearDuplicate
from feedback.models.assessment import NOBODY
from feedback.panels import Panel

SHOWN_REASONS = 5
URGENCY_TONES = {Urgency.NONE: "gray", Urgency.SOON: "gray", Urgency.HIGH: "amber",
                 Urgency.NOW: "red"}  # fmt: skip


def reading_facts(user: Any) -> dict[str, Any]:
    """Whether something nearly the same was said before in a record that this person may see,
    read along with the record."""
    said = NearDuplicate.objects.filter(feedback=OuterRef("pk")).order_by()
    if not user.has_perm("accounts.view_every_team"):
        visible = Feedback.objects.visible_to(user).order_by().values("pk")
        said = said.filter(earlier__in=visible)
    return {"was_said_before": Exists(said)}


def reading_panel(feedback: Feedback, user: Any) -> Panel | None:
    assessment = getattr(feedback, "assessment", None)
    if assessment is None or assessment.reader == NOBODY:
        return None
    with settings_at(getattr(feedback, "settings_stamp", None)):
        options = options_of(assessment)
        further = further_options_of(assessment, feedback)
    is_open = assessment.reviewed_at is None and bool(assessment.doubt)
    if is_open and assessment.doubt == Doubt.CATEGORY and feedback.category_id is not None:
        is_open = False
    is_in_place = bool(options) and feedback.category_id == options[0].category.pk
    carried = {tag.name.casefold() for tag in feedback.tags.all()}
    reasons = reason_words(assessment)
    context = {
        "assessment": assessment,
        "number": feedback.number,
        "version": feedback.version,
        "may_review": user.has_perm(REVIEW),
        "is_open": is_open,
        "doubt": assessment.get_doubt_display() if is_open else "",
        "proposed": options[0] if options and assessment.category_id else None,
        "options": options,
        "further": further,
        "is_in_place": is_in_place,
        "offers": bool(options) and not is_in_place and (is_open or not feedback.category_id),
        "reasons": reasons.get("category", [])[:SHOWN_REASONS],
        "mood_reasons": reasons.get("sentiment", [])[:SHOWN_REASONS],
        "moods": mood_choices(assessment.mood),
        "mood": _mood(assessment.mood),
        "mood_percent": percent(assessment.sentiment_confidence),
        "urgency": _urgency(assessment.urgency),
        "tags": [name for name in assessment.tags if name.casefold() not in carried],
        "was_said_before": getattr(feedback, "was_said_before", False),
    }
    title = _("As the machine read it")
    return Panel(title, "analytics/_reading_card.html", context, "scan-text", is_first=True)


def _mood(code: str) -> dict[str, Any] | None:
    if code not in Mood.values:
        return None
    mood = Mood(code)
    return {"label": mood.label, "tone": MOOD_TONES.get(mood, "gray")}


def _urgency(level: int | None) -> dict[str, Any] | None:
    if level not in Urgency.values:
        return None
    urgency = Urgency(level)
    return {"label": urgency.label, "tone": URGENCY_TONES[urgency]}
