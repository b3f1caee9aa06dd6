from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from surveys.models import Survey


def survey_tabs(survey: Survey, user: User, current: str) -> list[dict[str, Any]]:
    """The pages of one survey, those that `user` may open."""
    tabs = [
        ("survey", _("Results"), "surveys.view_response"),
        ("plan", pgettext("of a survey", "Plan"), ""),
        ("questions", _("Questions"), "surveys.change_survey"),
        ("collectors", pgettext("of a survey", "Ways"), "surveys.view_collector"),
        ("responses", _("Responses"), "surveys.view_response"),
        ("reward", _("Reward"), "surveys.view_reward"),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"surveys:{name}", args=[survey.slug]),
            "current": name == current,
        }
        for name, label, permission in tabs
        if not permission or user.has_perm(permission)
    ]
