"""Who belongs to which team, as the pages of teams and of people write it."""

from typing import Any

from django.http import HttpRequest

from accounts.models import Membership
from accounts.services.teams import remove_member, set_member


class SavesMemberships:
    """For an admin with memberships inline: each is written by its service."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not Membership:
            super().save_formset(request, form, formset, change)  # type: ignore[misc]
            return
        wanted = formset.save(commit=False)
        before = Membership.objects.in_bulk([row.pk for row in wanted if row.pk])
        for gone in formset.deleted_objects:
            remove_member(gone.team, gone.user_id)
        for row in wanted:
            was = before.get(row.pk)
            if was is not None and (was.team_id, was.user_id) != (row.team_id, row.user_id):
                remove_member(was.team, was.user_id)
            set_member(row.team, row.user, is_lead=row.is_lead)
