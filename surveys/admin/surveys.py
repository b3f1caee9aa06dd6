from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from config.kernel.admin.base import SettingAdmin
from config.kernel.admin.object_actions import object_action
from surveys.admin.inlines import RowsToLookAt
from surveys.admin.versions import publish_and_tell
from surveys.enums import SurveyStatus, VersionState
from surveys.errors import SurveyHasAnswers
from surveys.models import Collector, Survey, SurveyVersion
from surveys.services.archiving import (
    archive_survey,
    close_survey,
    delete_survey,
    resume_survey,
)
from surveys.services.editing import begin_draft, save_survey


class InSurveyUse(admin.SimpleListFilter):
    """Archived surveys are out of the way until somebody asks for them."""

    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((one.value, str(one.label)) for one in SurveyStatus), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("In use"),
        }
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset.exclude(status=SurveyStatus.ARCHIVED)
        return queryset if self.value() == "all" else queryset.filter(status=self.value())


class VersionsOfASurvey(RowsToLookAt):
    model = SurveyVersion
    show_change_link = True
    fields = ["number", "state", "published_at", "published_by", "note"]


class CollectorsOfASurvey(RowsToLookAt):
    model = Collector
    show_change_link = True
    fields = ["name", "channel", "is_active", "opens_at", "closes_at", "delay"]


@admin.register(Survey)
class SurveyAdmin(SettingAdmin):
    """What is asked, and whether it is asked. A survey with answers is archived, not deleted."""

    fields = ["kind", "title_zh", "title_en", "default_language", "owner", "team", "status"]
    readonly_fields = ["status"]
    inlines = [VersionsOfASurvey, CollectorsOfASurvey]
    autocomplete_fields = ["owner", "team"]
    list_display = ["name", "kind", "status", "response_count", "team", "results"]
    list_filter = [InSurveyUse, "kind"]
    list_select_related = ["team"]
    search_fields = ["title_zh", "title_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        complete = Count(
            "responses",
            filter=Q(
                responses__status="complete",
                responses__is_counted=True,
                responses__is_test=False,
            ),
        )
        return super().get_queryset(request).annotate(response_number=complete)

    @admin.display(description=gettext_lazy("title"))
    def name(self, survey: Survey) -> str:
        return survey.title

    @admin.display(description=gettext_lazy("responses"), ordering="response_number")
    def response_count(self, survey: Any) -> int:
        return int(survey.response_number)

    @admin.display(description=gettext_lazy("results"))
    def results(self, survey: Survey) -> str:
        url = reverse("surveys:survey", args=[survey.slug])
        return format_html('<a href="{}">{}</a>', url, pgettext("link", "Open"))

    def save_setting(self, request: HttpRequest, obj: Survey, *, is_new: bool) -> None:
        save_survey(obj)

    def remove_setting(self, request: HttpRequest, obj: Survey) -> bool:
        try:
            delete_survey(obj.pk)
        except SurveyHasAnswers:
            archive_survey(obj.pk)
            return False
        return True

    @object_action(gettext_lazy("Change the questions"))
    def edit_draft(self, request: HttpRequest, obj: Survey) -> HttpResponse:
        draft = begin_draft(obj.pk)
        return HttpResponseRedirect(reverse("admin:surveys_surveyversion_change", args=[draft.pk]))

    @object_action(
        gettext_lazy("Publish the draft"),
        available=lambda survey: survey.versions.filter(state=VersionState.DRAFT).exists(),
    )
    def publish(self, request: HttpRequest, obj: Survey) -> None:
        publish_and_tell(self, request, obj.versions.get(state=VersionState.DRAFT))

    @object_action(
        gettext_lazy("Close"), available=lambda survey: survey.status == SurveyStatus.RUNNING
    )
    def close(self, request: HttpRequest, obj: Survey) -> None:
        close_survey(obj.pk)
        self.message_user(request, _("It takes no more answers."))

    @object_action(
        gettext_lazy("Take answers again"),
        available=lambda survey: survey.status in {SurveyStatus.CLOSED, SurveyStatus.ARCHIVED},
    )
    def resume(self, request: HttpRequest, obj: Survey) -> None:
        resume_survey(obj.pk)
        self.message_user(request, _("It is in use again."))

    @object_action(
        gettext_lazy("Archive"), available=lambda survey: survey.status != SurveyStatus.ARCHIVED
    )
    def archive(self, request: HttpRequest, obj: Survey) -> None:
        archive_survey(obj.pk)
        self.message_user(request, _("“%(name)s” is archived.") % {"name": obj}, messages.SUCCESS)
