from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.access import SignedInRequest
from accounts.admin.memberships import SavesMemberships
from accounts.enums import Role
from accounts.models import Membership, MembershipEvent, RoleEvent, User
from accounts.services.staff import change_staff, invite_staff, remove_staff, send_invitation
from config.kernel.admin.base import SettingAdmin
from config.kernel.admin.history import Change, changes_of_parts
from config.kernel.admin.object_actions import object_action
from config.kernel.punctuation import listed


def role_name(group: Group) -> str:
    return str(Role(group.name).label) if group.name in Role.values else group.name


class RoleChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return role_name(obj)


class StaffForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("As the browser says")), *settings.LANGUAGES],
    )
    groups = RoleChoice(
        Group.objects.order_by("name"),
        label=pgettext_lazy("of a person", "Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields = [
            "email",
            "name",
            "language",
            "groups",
            "max_open",
            "is_active",
            "is_staff",
            "is_superuser",
        ]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class TeamsOfAPerson(admin.TabularInline):
    model = Membership
    fields = ["team", "is_lead"]
    autocomplete_fields = ["team"]
    extra = 0
    verbose_name = gettext_lazy("team")
    verbose_name_plural = gettext_lazy("teams")


class RoleFilter(admin.SimpleListFilter):
    """By role, under the role's name instead of the group's."""

    title = gettext_lazy("role")
    parameter_name = "groups__name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Role.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class StaffAdmin(SavesMemberships, SettingAdmin):
    """People who work here. Nobody sees or sets another person's password: a new one gets a
    mail by which they choose it."""

    form = StaffForm
    inlines = [TeamsOfAPerson]
    list_display = ["name", "email", "roles", "team_names", "is_active", "last_login"]
    list_filter = ["is_active", RoleFilter, "memberships__team"]
    search_fields = ["name", "email"]
    ordering = ["name", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        teams = Prefetch("memberships", Membership.objects.select_related("team"))
        return super().get_queryset(request).prefetch_related("groups", teams)

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        return listed(role_name(group) for group in user.groups.all())

    @admin.display(description=gettext_lazy("teams"))
    def team_names(self, user: User) -> str:
        return listed(one.team.name for one in user.memberships.all())

    def changes_around(self, obj: User) -> list[Change]:
        teams = MembershipEvent.objects.filter(user=obj)
        roles = RoleEvent.objects.filter(user=obj)
        return [
            *changes_of_parts(teams, part="team", label=_("team")),
            *changes_of_parts(roles, part="group", label=_("role"), name=role_name),
        ]

    # Only a superuser makes superusers, or touches one.
    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if self._is_superuser(request) else ["is_superuser"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or self._is_superuser(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or self._is_superuser(request))

    @staticmethod
    def _is_superuser(request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def save_setting(self, request: SignedInRequest, obj: User, *, is_new: bool) -> None:
        if is_new:
            invite_staff(obj)
            text = _("%(email)s gets a mail with a link to choose a password.")
            self.message_user(request, text % {"email": obj.email})
        else:
            change_staff(obj, by=request.user)

    def remove_setting(self, request: SignedInRequest, obj: User) -> bool:
        return remove_staff(obj, by=request.user)

    @object_action(
        gettext_lazy("Send the invitation again"),
        available=lambda user: user.is_active and not user.has_usable_password(),
    )
    def invite_again(self, request: HttpRequest, obj: User) -> None:
        send_invitation(obj.pk)
        self.message_user(request, _("The invitation is on its way."))
