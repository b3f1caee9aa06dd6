from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.kernel.bilingual import BilingualName
from config.kernel.conditions.condition import always
from config.kernel.conditions.model_field import ConditionField
from feedback.enums import ViewScope


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def active(self) -> SavedViewQuerySet:
        return self.filter(archived_at=None)

    def visible_to(self, user: User) -> SavedViewQuerySet:
        """One's own, those of one's teams and those for everybody. Which records a view then
        shows is decided for each reader anew."""
        own = Q(scope=ViewScope.PERSONAL, owner=user)
        team = Q(scope=ViewScope.TEAM, team__in=user.memberships.values("team"))
        return self.filter(own | team | Q(scope=ViewScope.EVERYONE))

    def in_order(self) -> SavedViewQuerySet:
        return self.order_by("order", "pk")


@pghistory.track()
class SavedView(BilingualName):
    """A list of the queue that somebody kept: one of the named lists, narrowed by filters of
    its form, by a condition, or by both, with its columns and its order."""

    # One of the two names is enough; the other language then shows it too.
    name_zh = models.CharField(_("name (Chinese)"), max_length=120, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    scope = models.CharField(_("for"), max_length=8, choices=ViewScope, default=ViewScope.PERSONAL)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    # As the address of the queue has them: list, filter → texts, order, names of columns.
    view = models.CharField(_("list"), max_length=20)
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    sort = models.CharField(_("order of rows"), max_length=60, blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    condition = ConditionField(_("condition"), subject="feedback")
    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_pinned = models.BooleanField(_("in the sidebar"), default=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["order", "pk"]
        permissions = [("share_savedview", "May share views with teams and everybody")]
        indexes = [models.Index(fields=["owner"], name="saved_views_of_owner")]
        constraints = [
            models.CheckConstraint(
                name="a_view_has_a_name", condition=~Q(name_zh="") | ~Q(name_en="")
            ),
            models.CheckConstraint(
                name="only_a_view_of_a_team_has_one",
                condition=Q(scope="team", team__isnull=False) | (~Q(scope="team") & Q(team=None)),
            ),
        ]

    @property
    def fits_everything(self) -> bool:
        return bool(self.condition == always())
