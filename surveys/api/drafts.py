"""The questions of a survey as they are being written, for programs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from surveys.enums import VersionState
from surveys.models import SurveyVersion
from surveys.services.publishing import faults_of

LONGEST = 1_000_000  # characters of a definition


class SurveyDraftSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text=_("Number of the version."))
    state = serializers.ChoiceField(VersionState.choices)
    revision = serializers.IntegerField(
        help_text=_("Counts the changes; send it back so that nobody else's are lost.")
    )
    definition = serializers.JSONField(help_text=_("Pages, questions and texts."))
    faults = serializers.ListField(
        child=serializers.CharField(), help_text=_("What keeps it from being published.")
    )


class SurveyDraftWantedSerializer(serializers.Serializer[Any]):
    definition = serializers.DictField(
        child=serializers.JSONField(allow_null=True), help_text=_("Pages, questions and texts.")
    )
    revision = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("The one you read: refused when somebody has changed the draft since."),
    )

    def validate_definition(self, definition: dict[str, Any]) -> dict[str, Any]:
        without_strange_characters(definition)
        return definition


def without_strange_characters(definition: dict[str, Any]) -> None:
    """Raises ValidationError for what no database can hold, or would be too much."""
    written = str(definition)
    if len(written) > LONGEST:
        raise serializers.ValidationError(_("This definition is too long."))
    if "\x00" in written or "\\x00" in written or "\\ud" in written:
        raise serializers.ValidationError(_("This definition has characters that no text has."))


def draft_shown(version: SurveyVersion) -> dict[str, Any]:
    is_draft = version.state == VersionState.DRAFT
    return {
        "version": version.number,
        "state": version.state,
        "revision": version.revision,
        "definition": version.definition,
        "faults": faults_of(version) if is_draft and version.pk else [],
    }
