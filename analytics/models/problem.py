from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import ProblemSource, ProblemStatus
from analytics.models.measure import Measure
from analytics.rules.measures import OPEN_PROBLEMS

FIVE_LEVELS = [MinValueValidator(1), MaxValueValidator(5)]


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: Any) -> ProblemQuerySet:
        """Those of one's teams and those of no team, those that one owns, and those of which one
        owns a measure; everything with the permission to see every team."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("accounts.view_every_team"):
            return self
        measured = Measure.objects.filter(problem=OuterRef("pk"), owner=user)
        mine = Q(team__in=user.memberships.values("team")) | Q(team=None) | Q(owner=user)
        return self.filter(mine | Exists(measured))

    def open(self) -> ProblemQuerySet:
        return self.filter(status__in=OPEN_PROBLEMS)


class Problem(models.Model):
    """Something that goes wrong again and again, with the records that show it. Written by
    services.problems; what happened to it stands in its history (ImprovementEntry)."""

    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ProblemStatus, default=ProblemStatus.OPEN
    )
    category = models.ForeignKey(
        "feedback.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
        help_text=_("Only its members see the problem; empty: everybody."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    source = models.CharField(
        _("first seen in"), max_length=8, choices=ProblemSource, default=ProblemSource.HAND
    )
    # The list or page that it was made from, as its address has it.
    source_query = models.CharField(_("query"), max_length=2000, blank=True)
    topic = models.ForeignKey(
        "analytics.Topic",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
    )
    # Levels of the matrix, 1..5, where a person has said them; else they come from the evidence.
    severity = models.PositiveSmallIntegerField(
        _("severity"), null=True, blank=True, validators=FIVE_LEVELS
    )
    reach = models.PositiveSmallIntegerField(
        _("reach"), null=True, blank=True, validators=FIVE_LEVELS
    )
    status_since = models.DateTimeField(_("in this status since"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("entered"), default=timezone.now)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "-id"], name="problems_by_status")]
        constraints = [
            models.CheckConstraint(
                name="levels_of_a_problem_are_1_to_5",
                condition=(Q(severity=None) | Q(severity__range=(1, 5)))
                & (Q(reach=None) | Q(reach__range=(1, 5))),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:problem", args=[self.pk])

    @property
    def reference(self) -> str:
        """What people say: P-12."""
        return f"P-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_PROBLEMS
