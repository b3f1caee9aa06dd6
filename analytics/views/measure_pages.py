"""What the business case and the effect of a measure share: tabs, and who may write there."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.models import Measure
from analytics.views.improvement import WRITE


def measure_tabs(measure: Measure, current: str) -> list[dict[str, Any]]:
    labels = {
        "measure": _("Measure"),
        "measure_case": _("Business case"),
        "measure_effect": _("Effect"),
    }
    return [
        {
            "label": label,
            "url": reverse(f"analytics:{name}", args=[measure.pk]),
            "current": name == current,
        }
        for name, label in labels.items()
    ]


def may_work_on(measure: Measure, user: User) -> bool:
    """Whoever changes measures, and its owner."""
    return user.has_perm(WRITE) or measure.owner_id == user.pk
