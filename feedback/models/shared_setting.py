from __future__ import annotations

from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

M = TypeVar("M", bound=models.Model)


class SharedSettingQuerySet(models.QuerySet[M]):
    def active(self) -> Self:
        return self.filter(archived_at=None)

    def offered_to(self, user: User) -> Self:
        """Everybody's, those of the user's teams, and the user's own."""
        teams = user.memberships.values("team")
        shared = Q(team=None) | Q(team__in=teams)
        return self.filter(Q(shared, owner=None) | Q(owner=user))

    def shown_in_settings_to(self, user: User) -> Self:
        """Those offered, and for who sees every team those of all teams; never what somebody
        else keeps for themselves."""
        if user.has_perm("accounts.view_every_team"):
            return self.filter(Q(owner=None) | Q(owner=user))
        return self.offered_to(user)


class SharedSetting(models.Model):
    """Abstract: something that people choose from while they work: everybody's, a team's, or
    one person's own."""

    team: Any = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for team"),
    )
    owner: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for"),
    )
    order = models.PositiveIntegerField(_("order"), default=0, db_default=0)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_personal(self) -> bool:
        return self.owner_id is not None

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None
