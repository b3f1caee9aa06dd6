from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import CauseKind, CauseMethod


class RootCauseQuerySet(models.QuerySet["RootCause"]):
    def confirmed(self) -> RootCauseQuerySet:
        return self.filter(confirmed_at__isnull=False)


class RootCause(models.Model):
    """A search for the cause of a problem, by one method; what it came to, once somebody has
    confirmed it."""

    problem = models.ForeignKey(
        "analytics.Problem", models.CASCADE, related_name="causes", verbose_name=_("problem")
    )
    method = models.CharField(_("method"), max_length=10, choices=CauseMethod)
    conclusion = models.TextField(_("root cause"), max_length=1000, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("begun by"),
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)

    objects = RootCauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("root cause")
        verbose_name_plural = _("root causes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_confirmed_cause_says_what_it_is",
                condition=Q(confirmed_at=None) | ~Q(conclusion=""),
            )
        ]

    def __str__(self) -> str:
        return self.conclusion or str(self.get_method_display())


class CauseNode(models.Model):
    """One why of a chain, or one cause on a branch of a diagram."""

    root_cause = models.ForeignKey(
        RootCause, models.CASCADE, related_name="nodes", verbose_name=_("root cause")
    )
    text = models.CharField(_("because"), max_length=300)
    # Of a diagram; a why has none.
    kind = models.CharField(_("branch"), max_length=12, choices=CauseKind, blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    evidence = models.ManyToManyField(
        "analytics.ProblemEvidence", blank=True, related_name="+", verbose_name=_("evidence")
    )

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
