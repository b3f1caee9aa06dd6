from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import SignedInRequest
from config.kernel.admin.base import ArchivingAdmin
from config.kernel.admin.object_actions import object_action
from config.kernel.errors import DomainError
from feedback.enums import Channel
from feedback.models import Feedback, ReplyTemplate
from feedback.rules.placeholders import VARIABLES
from feedback.selectors.custom_fields import made_variables
from feedback.services.reply_templates import (
    bring_back_template,
    ensure_readable,
    previews,
    remove_template,
    save_template,
)


class TemplateForm(forms.ModelForm):
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Only on these channels"),
        help_text=gettext_lazy("None chosen: on every channel."),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ReplyTemplate
        fields = [
            "kind", "shortcut", "name_zh", "name_en", "body_zh", "body_en", "team", "owner",
            "order",
        ]  # fmt: skip

    def clean_body_zh(self) -> str:
        return self._checked("body_zh")

    def clean_body_en(self) -> str:
        return self._checked("body_en")

    def _checked(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            ensure_readable(text)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return text


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(ArchivingAdmin):
    form = TemplateForm
    autocomplete_fields = ["team", "owner"]
    readonly_fields = ["variables", "used"]
    fields = [
        "kind", "shortcut", "name_zh", "name_en", "variables", "body_zh", "body_en", "team",
        "owner", "channels", "order", "used",
    ]  # fmt: skip
    list_display = ["__str__", "kind", "shortcut", "team", "owner", "used"]
    list_filter = ["kind", "team"]
    list_select_related = ["team", "owner"]
    search_fields = ["shortcut", "name_zh", "name_en", "body_zh", "body_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReplyTemplate]:
        return ReplyTemplate.objects.with_usage().order_by("kind", "order", "name_en", "pk")

    @admin.display(description=gettext_lazy("used"), ordering="used")
    def used(self, template: Any) -> int:
        """How many messages were written from it."""
        return int(template.used or 0) if hasattr(template, "used") else 0

    @admin.display(description=gettext_lazy("variables"))
    def variables(self, template: Any) -> str:
        """What may stand in the texts, and what it becomes."""
        names: list[tuple[str, Any]] = [
            ("{{ " + name + " }}", label) for name, label in VARIABLES.items()
        ]
        names += [("{{ " + name + " }}", label) for name, label in made_variables().items()]
        names += [
            ('{{ order_number|fallback:"…" }}', _("with what to say when there is none")),
            ("[[ … ]]", _("drops out when a value in it is missing")),
        ]
        return format_html_join("\n", "<div><code>{}</code> {}</div>", names)

    def save_setting(self, request: HttpRequest, obj: ReplyTemplate, *, is_new: bool) -> None:
        save_template(obj)

    def remove_setting(self, request: HttpRequest, obj: ReplyTemplate) -> bool:
        return remove_template(obj)

    def bring_back_setting(self, request: HttpRequest, obj: ReplyTemplate) -> None:
        bring_back_template(obj)

    @object_action(gettext_lazy("Preview"), is_page=True, permission="view")
    def preview(self, request: SignedInRequest, obj: ReplyTemplate) -> HttpResponse:
        visible = Feedback.objects.visible_to(request.user).for_record_page()
        number = request.GET.get("number", "").lstrip("#")
        chosen = visible.filter(number=int(number)) if number.isdecimal() else visible
        sample = chosen.order_by("-pk").first()
        return self.object_page(
            request,
            obj,
            "admin/feedback/template_preview.html",
            _("Preview"),
            sample=sample,
            number=number,
            previews=list(previews(obj, sample, by=request.user)) if sample else [],
        )
