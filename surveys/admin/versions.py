import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ReadOnlyAdmin, SettingAdmin
from config.kernel.admin.object_actions import object_action
from surveys.admin.inlines import RowsToLookAt
from surveys.enums import VersionState
from surveys.errors import CannotPublish
from surveys.models import Choice, Question, SurveyVersion
from surveys.services.publishing import faults_of, publish_version, save_draft


def publish_and_tell(page: Any, request: HttpRequest, version: SurveyVersion) -> None:
    """Publish a draft; say either that it is done or every fault, each in a line."""
    try:
        publish_version(version.pk, by=request.user)  # type: ignore[arg-type]
    except CannotPublish as refusal:
        page.message_user(request, str(refusal.message), messages.ERROR)
        for fault in refusal.faults:
            page.message_user(request, fault, messages.ERROR)
    else:
        done = _("Version %(number)s is what is asked from now on.")
        page.message_user(request, done % {"number": version.number}, messages.SUCCESS)


class DefinitionField(forms.JSONField):
    """JSON as a person can read it."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):  # what was typed and could not be read
            return value
        return json.dumps(value, indent=2, ensure_ascii=False)


class DraftForm(forms.ModelForm):
    definition = DefinitionField(
        label=gettext_lazy("definition"),
        widget=forms.Textarea(attrs={"rows": 36, "cols": 100, "spellcheck": "false"}),
        help_text=gettext_lazy("Pages, questions and texts; docs/surveys.md describes the form."),
    )

    class Meta:
        model = SurveyVersion
        fields = ["definition", "note"]


@admin.register(SurveyVersion)
class SurveyVersionAdmin(SettingAdmin):
    """A draft is edited here; what was published is looked at. New drafts begin on the page of
    the survey."""

    form = DraftForm
    fields = ["survey", "number", "state", "faults", "definition", "note"]
    readonly_fields = ["survey", "number", "state", "faults"]
    list_display = ["__str__", "state", "published_at", "published_by", "note"]
    list_filter = ["state"]
    list_select_related = ["survey", "published_by"]
    search_fields = ["survey__title_zh", "survey__title_en", "note"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_frozen = obj is not None and obj.state != VersionState.DRAFT
        return not is_frozen and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.state == VersionState.DRAFT:
            return self.fields
        return ["survey", "number", "state", "published_at", "published_by", "note", "as_asked"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.readonly_fields, "published_at", "published_by", "as_asked"]

    @admin.display(description=gettext_lazy("to be mended"))
    def faults(self, version: SurveyVersion) -> str:
        found = faults_of(version)
        if not found:
            return _("Nothing: it can be published.")
        items = format_html_join("", "<li>{}</li>", ((fault,) for fault in found))
        return format_html("<ul>{}</ul>", items)

    @admin.display(description=gettext_lazy("definition"))
    def as_asked(self, version: SurveyVersion) -> str:
        written = json.dumps(version.definition, indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", written)

    def save_setting(self, request: HttpRequest, obj: SurveyVersion, *, is_new: bool) -> None:
        save_draft(obj.survey_id, definition=obj.definition, note=obj.note)

    @object_action(
        gettext_lazy("Publish"), available=lambda version: version.state == VersionState.DRAFT
    )
    def publish(self, request: HttpRequest, obj: SurveyVersion) -> None:
        publish_and_tell(self, request, obj)


class ChoicesOfAQuestion(RowsToLookAt):
    model = Choice
    fields = ["code", "text_zh", "text_en", "score", "retired_in"]


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    """The dictionary of codes. Publishing writes it; nobody edits it."""

    fields = [
        "survey", "code", "data_type", "role", "minimum", "maximum", "text_zh", "text_en",
        "first_version", "retired_in",
    ]  # fmt: skip
    inlines = [ChoicesOfAQuestion]
    list_display = ["code", "survey", "text_zh", "text_en", "data_type", "role", "retired_in"]
    list_filter = ["data_type", "role"]
    list_select_related = ["survey"]
    search_fields = ["code", "text_zh", "text_en"]
