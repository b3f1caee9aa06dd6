"""The pages on which the way of a record is set up, one beside the other."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User


def workflow_tabs(user: User, current: str) -> list[dict[str, Any]]:
    """For components/tabs.html: those that `user` may see."""
    pages = [
        ("statuses", _("Statuses"), "feedback.view_status"),
        ("reopening", _("Reopening and closing"), "feedback.view_reopenpolicy"),
        ("retention", _("Retention"), "feedback.view_retentionrule"),
    ]
    return [
        {"label": label, "url": reverse(f"feedback:{name}"), "current": name == current}
        for name, label, permission in pages
        if user.has_perm(permission)
    ]
