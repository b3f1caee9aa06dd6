from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Scope
from accounts.models import ApiToken, User
from accounts.services.api_tokens import issue_token, revoke_token
from config.kernel.admin.base import ReadOnlyAdmin
from config.kernel.admin.object_actions import object_action


class TokenForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("may"), choices=Scope, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiToken
        fields = ["user", "name", "scopes", "expires_at"]

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if not user.is_active:
            raise forms.ValidationError(gettext_lazy("This person has no access."))
        return user

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError(gettext_lazy("This moment has passed."))
        return expires_at


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Made here, shown once, revoked here; never changed."""

    fields = [
        "user", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at",
        "revoked_at",
    ]  # fmt: skip
    list_display = ["name", "prefix", "user", "scopes", "last_used_at", "expires_at", "revoked_at"]
    list_select_related = ["user"]
    list_filter = ["revoked_at"]
    search_fields = ["name", "prefix", "user__name", "user__email"]
    history_hidden = ["digest"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None else ["user", "name", "scopes", "expires_at"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any
    ) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kw)
        form: Any = super().get_form(request, obj, change, form=TokenForm, **kw)
        people = User.objects.filter(is_active=True)
        if not getattr(request.user, "is_superuser", False):
            people = people.filter(is_superuser=False)  # nobody borrows more than they may give
        form.base_fields["user"].queryset = people
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        token, secret = issue_token(**form.cleaned_data)
        obj.pk, obj.prefix, obj.digest = token.pk, token.prefix, token.digest
        request.new_secret = secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        # In the answer itself and nowhere else: a message would travel in a cookie.
        return self.object_page(
            request,
            obj,
            "admin/accounts/token_created.html",
            _("Token created"),
            secret=request.new_secret,  # type: ignore[attr-defined]
        )

    @object_action(
        gettext_lazy("Revoke"), permission="add", available=lambda token: not token.revoked_at
    )
    def revoke(self, request: HttpRequest, obj: ApiToken) -> None:
        revoke_token(obj.pk)
        self.message_user(request, _("The token no longer works."))
