"""What every page about records needs: the record, if this person may see it."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from feedback.models import Feedback

READ = "feedback.view_feedback"
CHANGE = "feedback.change_feedback"
REPLY = "feedback.reply_feedback"
ADD = "feedback.add_feedback"


def visible_or_404(user: User, number: int, records: QuerySet[Feedback] | None = None) -> Feedback:
    """The record with this number; for people who may not see it, it does not exist."""
    visible = Feedback.objects.visible_to(user)
    chosen = visible if records is None else records.filter(pk__in=visible.values("pk"))
    return get_object_or_404(chosen, number=number)
