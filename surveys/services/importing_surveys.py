"""A survey of another program as a draft of ours."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from surveys.enums import SurveyKind
from surveys.importing.assembling import Imported
from surveys.models import Survey
from surveys.services.editing import LONGEST_TITLE
from surveys.services.publishing import save_draft


@transaction.atomic
def import_survey(
    imported: Imported, *, owner: User | None, title: str = "", note: str = ""
) -> Survey:
    """Make a draft of what was read; nobody is asked before it is published. What could not be
    taken over stands in the note of the draft. `title` is used where the file has none."""
    spoken = next((words for words in imported.title.values() if words), "") or title
    survey = Survey.objects.create(
        kind=SurveyKind.CUSTOM,
        title_zh=(imported.title.get("zh-hans") or spoken or _("Imported survey"))[:LONGEST_TITLE],
        title_en=(imported.title.get("en") or spoken or _("Imported survey"))[:LONGEST_TITLE],
        owner=owner,
    )
    save_draft(survey.pk, definition=imported.definition, note=note or note_of(imported))
    return survey


def note_of(imported: Imported) -> str:
    """What was not taken over, one thing in each line."""
    lines = [
        ": ".join(part for part in (one.place, one.reason, one.text) if part)
        for one in imported.omitted
    ]
    head = [_("Not taken over from the file:")] if lines else []
    return "\n".join([*head, *lines])[:50_000]
