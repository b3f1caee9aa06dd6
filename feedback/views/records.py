"""What every page about records needs: the record, if this person may see it."""

from typing import Any

from django.shortcuts import get_object_or_404

from accounts.models import User
from feedback.models import Feedback
from feedback.selectors.record import records_for_page, with_settings

READ = "feedback.view_feedback"
CHANGE = "feedback.change_feedback"
REPLY = "feedback.reply_feedback"
ADD = "feedback.add_feedback"


def visible_or_404(user: User, number: int, records: Any = None) -> Feedback:
    """The record with this number, out of `records` (a queryset of them) where that is given;
    for people who may not see it, it does not exist."""
    chosen = Feedback.objects.all() if records is None else records
    feedback: Feedback = get_object_or_404(chosen.visible_to(user), number=number)
    return feedback


def record_or_404(user: User, number: int, records: Any = None) -> Feedback:
    """The same with everything that its page shows; `records` are those of
    `records_for_page`."""
    chosen = records_for_page(user) if records is None else records
    return with_settings(visible_or_404(user, number, chosen))
