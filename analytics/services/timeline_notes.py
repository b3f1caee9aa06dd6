"""What happened when, for charts: every write of it."""

from datetime import date

from django.core.validators import URLValidator
from django.db import transaction

from accounts.models import Team, User
from analytics.models import TimelineNote


@transaction.atomic
def save_note(
    *,
    by: User,
    day: date,
    kind: str,
    text: str,
    link: str = "",
    team: Team | None = None,
    note_id: int | None = None,
) -> TimelineNote:
    """A new one, or `note_id` changed. Raises ValidationError by field."""
    note = TimelineNote(made_by=by)
    if note_id is not None:
        note = TimelineNote.objects.select_for_update().get(pk=note_id)
    note.day, note.kind, note.text = day, kind, " ".join(text.split())
    note.link, note.team = link, team
    if link:  # it becomes an address on every chart
        URLValidator(schemes=["http", "https"])(link)
    note.full_clean()
    note.save()
    return note


def remove_note(note_id: int) -> None:
    """From every chart; its history stays."""
    TimelineNote.objects.filter(pk=note_id).delete()
