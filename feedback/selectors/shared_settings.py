"""Who may change what people share: templates, macros."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Team, User
from feedback.models.shared_setting import SharedSetting


def may_keep_for_all(user: User, model: type[SharedSetting]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


def teams_kept_by(user: User, model: type[SharedSetting]) -> QuerySet[Team]:
    """For which teams the user may make and change such things: leads for the teams they lead;
    with the permission for all their teams, or all there are."""
    teams = Team.objects.active()
    if not may_keep_for_all(user, model):
        return teams.filter(memberships__user=user, memberships__is_lead=True)
    if user.has_perm("accounts.view_every_team"):
        return teams
    return teams.filter(memberships__user=user)


def may_edit(setting: SharedSetting, user: User) -> bool:
    if setting.owner_id is not None:
        return bool(setting.owner_id == user.pk)
    if setting.team_id is None:
        return may_keep_for_all(user, type(setting))
    return teams_kept_by(user, type(setting)).filter(pk=setting.team_id).exists()


def editable_among(settings: list[Any], user: User, model: type[SharedSetting]) -> set[int]:
    """The ids of those that the user may change; one query however many there are."""
    for_all = may_keep_for_all(user, model)
    teams = set(teams_kept_by(user, model).values_list("pk", flat=True))
    return {
        one.pk
        for one in settings
        if one.owner_id == user.pk
        or (one.owner_id is None and (one.team_id in teams if one.team_id else for_all))
    }
