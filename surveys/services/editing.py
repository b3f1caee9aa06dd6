"""Surveys and their collectors as admins set them up; questions are services.publishing."""

from copy import deepcopy
from typing import Any

from django.db import transaction
from django.db.models import Case, When
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from surveys.enums import VersionState
from surveys.models import Collector, Survey, SurveyVersion
from surveys.services.publishing import save_draft

LONGEST_TITLE = 200
_NOT_SET_UP = {"token", "sending", "sending_since", "sending_by"}
EMPTY: dict[str, Any] = {"schema": 1, "languages": ["zh-hans", "en"], "texts": {}, "pages": []}


@transaction.atomic
def save_survey(survey: Survey) -> Survey:
    """Keep what it is called and whose it is. Its status is services.archiving's and
    services.publishing's to change."""
    if survey.pk is None:
        survey.save()
    else:
        survey.save(
            update_fields=["kind", "title_zh", "title_en", "default_language", "owner", "team"]
        )
    return survey


@transaction.atomic
def begin_draft(survey_id: int) -> SurveyVersion:
    """The draft of a survey, begun as a copy of what is asked now."""
    versions = SurveyVersion.objects.filter(survey=survey_id)
    draft = versions.filter(state=VersionState.DRAFT).first()
    if draft is not None:
        return draft
    published = versions.filter(state=VersionState.PUBLISHED).first()
    return save_draft(survey_id, definition=published.definition if published else EMPTY)


@transaction.atomic
def copy_survey(survey_id: int, *, owner: User) -> Survey:
    """A new survey with the questions that are asked now (or the draft, where nothing is), and
    with none of the answers, links and plans."""
    survey = Survey.objects.get(pk=survey_id)
    copied = Survey.objects.create(
        kind=survey.kind,
        title_zh=_copied_title("zh-hans", survey.title_zh),
        title_en=_copied_title("en", survey.title_en),
        default_language=survey.default_language,
        team=survey.team,
        owner=owner,
        settings=survey.settings,
    )
    save_draft(copied.pk, definition=questions_of(survey))
    return copied


def questions_of(survey: Survey) -> dict[str, Any]:
    """The definition that is asked now, or the draft where nothing is; an empty one where there
    is neither."""
    version = (
        survey.versions.exclude(state=VersionState.RETIRED)
        .order_by(Case(When(state=VersionState.PUBLISHED, then=0), default=1))
        .first()
    )
    return dict(version.definition) if version else deepcopy(EMPTY)


def _copied_title(language: str, title: str) -> str:
    with override(language):
        return (_("%(name)s (copy)") % {"name": title})[:LONGEST_TITLE]


@transaction.atomic
def save_collector(collector: Collector) -> Collector:
    """Keep how it is set up. Whether it sends is services.campaigns' to say: of a row that was
    read before somebody stopped it, nothing of that is written back; and its link stays."""
    if collector.pk is None:
        collector.save()
    else:
        fields = [one.name for one in Collector._meta.concrete_fields if not one.primary_key]
        collector.save(update_fields=[one for one in fields if one not in _NOT_SET_UP])
    return collector


@transaction.atomic
def remove_collector(collector_id: int) -> bool:
    """True when it is gone; False when it was only switched off, because people came by it."""
    collector = Collector.objects.select_for_update().get(pk=collector_id)
    if collector.responses.exists() or collector.invitations.exists():
        collector.is_active = False
        collector.save(update_fields=["is_active"])
        return False
    collector.delete()
    return True
