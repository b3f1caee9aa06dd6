"""How every setting is edited here: written by a service, never lost when something points at
it, with its history beside it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.kernel.admin.history import Change, changes_of
from config.kernel.admin.object_actions import ObjectActions, object_action
from config.kernel.archiving import named_by
from config.kernel.errors import DomainError
from config.kernel.punctuation import labelled


class ProductAdmin(ObjectActions):
    """What all of ours share: history from the triggers, refusals as sentences."""

    object_history_template = "admin/changes.html"
    history_hidden: Sequence[str] = ()
    # The count of everything is a query over the whole table and tells nobody anything.
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the page itself offers. Django would let anybody who sees the list ask for
        any column ("password__startswith"), and read it letter by letter from the answers."""
        if not super().lookup_allowed(lookup, value, request):  # type: ignore[arg-type]
            return False
        first = lookup.partition("__")[0]
        offered = [self.date_hierarchy, *self.get_list_filter(request)]  # type: ignore[arg-type]
        return first in {_field_of(one) for one in offered}

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def changes_around(self, obj: Any) -> list[Change]:
        """What happened to rows that hang on `obj` and belong to its history."""
        return []

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        changes: list[Change] = []
        if obj is not None:
            changes = [*changes_of(obj, hidden=self.history_hidden), *self.changes_around(obj)]
            changes.sort(key=lambda change: change.at, reverse=True)
        return super().history_view(
            request, object_id, {**(extra_context or {}), "changes": changes}
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        # The form asks the same rules first; this is for what changed between the two.
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


def _field_of(filtered: Any) -> str:
    """The first step of what an entry of list_filter looks at."""
    if isinstance(filtered, list | tuple):
        filtered = filtered[0]
    return str(getattr(filtered, "parameter_name", filtered)).partition("__")[0]


class ReadOnlyAdmin(ProductAdmin):
    """To look at, never to edit."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SettingAdmin(ProductAdmin):
    """Saved by `save_setting` and removed by `remove_setting`, which call a service."""

    def save_setting(self, request: Any, obj: Any, *, is_new: bool) -> None:
        raise NotImplementedError

    def remove_setting(self, request: Any, obj: Any) -> bool:
        """True when it is gone, False when it was archived because something points at it."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.save_setting(request, obj, is_new=not change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        request.setting_removed = self.remove_setting(request, obj)  # type: ignore[attr-defined]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        archived = 0
        for obj in queryset:
            try:
                archived += not self.remove_setting(request, obj)
            except DomainError as refusal:
                self.message_user(request, labelled(obj, refusal.message), messages.ERROR)
        if archived:
            text = ngettext(
                "%(n)d was archived instead, because something refers to it.",
                "%(n)d were archived instead, because something refers to them.",
                archived,
            )
            self.message_user(request, text % {"n": archived}, messages.WARNING)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
            return self.response_post_save_change(request, None)

    # What Django would list here is never deleted: it is the reason for archiving.
    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        listed = [str(obj) for obj in objs]
        return listed, {str(self.opts.verbose_name_plural): len(listed)}, set(), []

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        if not getattr(request, "setting_removed", True):
            text = _("“%(name)s” was archived, because something refers to it.")
            self.message_user(request, text % {"name": obj_display}, messages.WARNING)
            opts = self.opts
            return HttpResponseRedirect(
                reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
            )
        return super().response_delete(request, obj_display, obj_id)


class InUse(admin.SimpleListFilter):
    """Archived things are out of the way until somebody asks for them."""

    title = gettext_lazy("use")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Archived")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("In use"),
        }
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != "yes")


class ArchivingAdmin(SettingAdmin):
    """For models with `archived_at`. Whoever deletes reads first that what is in use is archived,
    and is offered to merge where that can be done (an object action `merge`)."""

    delete_confirmation_template = "admin/archiving_delete.html"

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        more: dict[str, Any] = {"use_number": getattr(obj, "use_number", 0)}
        if obj is not None:
            more |= {"named_by": named_by(obj), "below_number": self.below_number(obj)}
        if obj is not None and hasattr(self, "merge"):
            more["merge_url"] = self.object_action_url("merge", obj)
        return super().delete_view(request, object_id, more | (extra_context or {}))

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [InUse, *super().get_list_filter(request)]

    def below_number(self, obj: Any) -> int:
        """How many others are archived with it."""
        return 0

    def bring_back_setting(self, request: Any, obj: Any) -> None:
        raise NotImplementedError

    @object_action(gettext_lazy("Use again"), available=lambda obj: obj.archived_at is not None)
    def use_again(self, request: HttpRequest, obj: Any) -> None:
        self.bring_back_setting(request, obj)
        self.message_user(request, _("“%(name)s” is in use again.") % {"name": obj})
