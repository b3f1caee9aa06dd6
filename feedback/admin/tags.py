from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import SignedInRequest
from config.kernel.admin.base import ArchivingAdmin
from config.kernel.admin.object_actions import object_action
from feedback.admin.categories import uses
from feedback.models import Feedback, Tag
from feedback.services.tags import bring_back_tag, merge_tags, remove_tag, save_tag


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Tag.objects.none(), label=gettext_lazy("Merge into"))

    def __init__(self, *args: Any, source: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = Tag.objects.filter(archived_at=None).exclude(pk=source.pk)
        self.fields["into"].queryset = possible  # type: ignore[attr-defined]


@admin.register(Tag)
class TagAdmin(ArchivingAdmin):
    fields = ["name"]
    list_display = ["name", "use_count"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(use_number=uses("tags"))

    @admin.display(description=gettext_lazy("records"), ordering="use_number")
    def use_count(self, tag: Any) -> int:
        return int(tag.use_number)

    def save_setting(self, request: HttpRequest, obj: Tag, *, is_new: bool) -> None:
        save_tag(obj)

    def remove_setting(self, request: HttpRequest, obj: Tag) -> bool:
        return remove_tag(obj)

    def bring_back_setting(self, request: HttpRequest, obj: Tag) -> None:
        bring_back_tag(obj)

    @object_action(gettext_lazy("Merge into another"), is_page=True, permission="delete")
    def merge(self, request: SignedInRequest, obj: Tag) -> HttpResponse:
        form = MergeForm(request.POST or None, source=obj)
        if form.is_valid():
            moved = merge_tags(obj, into=form.cleaned_data["into"], by=request.user)
            text = ngettext("%(n)d record was changed.", "%(n)d records were changed.", moved)
            self.message_user(request, text % {"n": moved})
            return HttpResponseRedirect(reverse("admin:feedback_tag_changelist"))
        return self.object_page(
            request,
            obj,
            "admin/feedback/merge.html",
            _("Merge"),
            form=form,
            records=Feedback.objects.filter(tags=obj).count(),
        )
