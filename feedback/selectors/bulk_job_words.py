"""What a change to many records sets, in words."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Team, User
from config.kernel.punctuation import labelled
from feedback.enums import BulkAction, Priority
from feedback.models import BulkJob, Category, Macro, Status

_NAMED: dict[str, type[Model]] = {
    BulkAction.ASSIGN: User,
    BulkAction.TEAM: Team,
    BulkAction.STATUS: Status,
    BulkAction.CATEGORY: Category,
    BulkAction.MACRO: Macro,
}


def value_of_job(job: BulkJob) -> str:
    """“Resolved”, “leak”, “nobody”; of what takes a job back: “Add a tag: leak”. "" where what
    it names is gone."""
    if job.undo_of is not None:
        what, value = job.undo_of.get_action_display(), value_of_job(job.undo_of)
        return labelled(what, value) if value else what
    return _words(job.action, job.params.get(job.action)) if job.params else ""


def _words(action: str, value: Any) -> str:
    if value is None:
        return _("nobody") if action == BulkAction.ASSIGN else "–"
    if action == BulkAction.PRIORITY:
        return str(Priority(value).label)
    if action == BulkAction.SNOOZE:
        until = timezone.localtime(datetime.fromisoformat(value))
        return date_format(until, "DATETIME_FORMAT")
    if action in _NAMED:
        named = _NAMED[BulkAction(action)]._default_manager.filter(pk=value).first()
        return str(named) if named is not None else ""
    return str(value)
