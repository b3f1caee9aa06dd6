"""Buttons on the page of one object: do something with it, or look at it in another way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise

from config.kernel.errors import DomainError

Handler = Callable[[Any, Any, Any], HttpResponse | None]


@dataclass(frozen=True, slots=True)
class ObjectAction:
    name: str
    label: str | Promise
    handler: Handler
    # A page is opened by GET and may have a form of its own; anything else is a POST.
    is_page: bool
    permission: str
    available: Callable[[Any], bool]


def object_action(
    label: str | Promise,
    *,
    is_page: bool = False,
    permission: str = "change",
    available: Callable[[Any], bool] = lambda _: True,
) -> Callable[[Handler], Handler]:
    """Marks a method `(self, request, obj)` of an admin as a button; None as its result leads
    back to the object. `permission` is the admin's own: view, change, add or delete."""

    def mark(method: Handler) -> Handler:
        method.object_action = ObjectAction(  # type: ignore[attr-defined]
            method.__name__, label, method, is_page, permission, available
        )
        return method

    return mark


class ObjectActions(admin.ModelAdmin):
    change_form_template = "admin/change_form_actions.html"

    def _object_actions(self) -> list[ObjectAction]:
        found: dict[str, ObjectAction] = {}
        for cls in reversed(type(self).__mro__):
            for value in vars(cls).values():
                if (marked := getattr(value, "object_action", None)) is not None:
                    found[marked.name] = marked
        return list(found.values())

    def get_urls(self) -> list[Any]:
        ours = [
            path(
                f"<path:object_id>/{one.name.replace('_', '-')}/",
                self.admin_site.admin_view(self._run_object_action),
                {"name": one.name},
                name=self._url_name(one.name),
            )
            for one in self._object_actions()
        ]
        return ours + super().get_urls()

    def _url_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def object_action_url(self, name: str, obj: Any) -> str:
        return reverse(f"admin:{self._url_name(name)}", args=[obj.pk])

    def _run_object_action(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        action = next(one for one in self._object_actions() if one.name == name)
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self._may(request, action, obj):
            raise PermissionDenied
        back = HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
        )
        if not action.available(obj) or (request.method != "POST" and not action.is_page):
            return back
        try:
            return action.handler(self, request, obj) or back
        except DomainError as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
            return back

    def _may(self, request: HttpRequest, action: ObjectAction, obj: Any) -> bool:
        if action.permission == "add":
            return self.has_add_permission(request)
        return bool(getattr(self, f"has_{action.permission}_permission")(request, obj))

    def object_page(
        self, request: HttpRequest, obj: Any, template: str, title: str | Promise, **context: Any
    ) -> TemplateResponse:
        """A page about `obj` that looks like the rest of the admin (and, like it, is cached by
        nobody)."""
        shown = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": obj,
            **context,
        }
        return TemplateResponse(request, template, shown)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        buttons = [
            {
                "label": one.label,
                "url": self.object_action_url(one.name, obj),
                "is_page": one.is_page,
            }
            for one in self._object_actions()
            if obj is not None and one.available(obj) and self._may(request, one, obj)
        ]
        more = {**(extra_context or {}), "object_actions": buttons}
        return super().change_view(request, object_id, form_url, more)
